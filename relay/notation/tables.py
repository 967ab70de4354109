"""The tables that texts are read with: what Lark makes of the grammar, kept in `tables.json`.

Making them takes longer than a short trial needs for all of its statements, so it is done once, by
`relay.notation.table_file`. If the file belongs to another grammar, the tables are made when they are needed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from typing import Any

from lark import Lark
from lark.grammar import NonTerminal, Rule, RuleOptions, Symbol, Terminal
from lark.parsers.lalr_analysis import Shift

from relay.notation.raw import build

__all__ = ["STARTS", "Tables", "digest", "grammar", "kept_tables", "lark_of_grammar", "tables_of"]

STARTS = ("statement", "term", "type", "parameters", "match")
"""What a text may be read as."""


@dataclass(frozen=True)
class Tables:
    """The tables of an LALR(1) parser with a basic lexer."""

    start: Mapping[str, int]
    """What a text is read as -> the state in which reading begins."""
    end: Mapping[str, int]
    """What a text is read as -> the state in which the whole of it has been read."""
    states: Sequence[Mapping[str, int]]
    """For each state: name of the next token, or of a symbol that was made -> what follows. That is the state to shift
    to or, below 0, a reduction: -1 for the first rule, -2 for the second, and so on."""
    rules: Sequence[Rule]
    terminals: Sequence[tuple[str, str]]
    """The name and the regular expression of each terminal, in the order in which they are tried."""
    ignored: Sequence[str]
    """The names of the terminals that stand between tokens."""


def grammar() -> str:
    """The text of the grammar."""
    return files("relay.notation").joinpath("grammar.lark").read_text(encoding="ascii")


def lark_of_grammar() -> Lark:
    """Lark's parser of the grammar."""
    # The grammar itself excludes the words of the notation from NAME, so no token depends on the state of the parser.
    # The basic lexer then reads the same language as the contextual one, and is faster to build.
    options: dict[str, Any] = {"tree_class": build}
    return Lark(
        grammar(),
        start=list(STARTS),
        parser="lalr",
        lexer="basic",
        propagate_positions=False,
        maybe_placeholders=True,
        **options,
    )


def tables_of(lark: Lark) -> Tables:
    """The tables of Lark's parser. Its states have other numbers in every process, so they are numbered again."""
    frontend: Any = lark.parser
    table = frontend.parser.parser.parse_table
    numbers = _numbered(table)
    places = {rule: place for place, rule in enumerate(lark.rules)}

    def step(kind: Any, arg: Any) -> int:
        return numbers[arg] if kind is Shift else -1 - places[arg]

    return Tables(
        start={name: numbers[table.start_states[name]] for name in STARTS},
        end={name: numbers[table.end_states[name]] for name in STARTS},
        states=[{name: step(*table.states[state][name]) for name in sorted(table.states[state])} for state in numbers],
        rules=list(lark.rules),
        terminals=[(terminal.name, terminal.pattern.to_regexp()) for terminal in frontend.lexer.terminals],
        ignored=sorted(lark.ignore_tokens),
    )


def _numbered(table: Any) -> dict[int, int]:
    """State of Lark's table -> its number: that of the first way from the starts that reaches it, the shortest first,
    and of equals the first in alphabetic order."""
    order = [table.start_states[name] for name in STARTS]
    met = set(order)
    for state in order:  # grows meanwhile
        for _, (kind, arg) in sorted(table.states[state].items()):
            if kind is Shift and arg not in met:
                met.add(arg)
                order.append(arg)
    return {state: number for number, state in enumerate(order)}


def kept_tables() -> Tables | None:
    """The tables in `tables.json`; None if they belong to another grammar."""
    kept = json.loads(files("relay.notation").joinpath("tables.json").read_text(encoding="ascii"))
    if kept["grammar"] != digest():
        return None
    return Tables(
        start=kept["start"],
        end=kept["end"],
        states=kept["states"],
        rules=[_rule(**rule) for rule in kept["rules"]],
        terminals=[(name, expression) for name, expression in kept["terminals"]],
        ignored=kept["ignored"],
    )


def _rule(
    origin: str, expansion: Sequence[Any], order: int, alias: str | None, expand: bool, empty: Sequence[bool]
) -> Rule:
    terminal: Any = Terminal  # Lark has no types here
    symbols: list[Symbol] = [NonTerminal(each) if isinstance(each, str) else terminal(*each) for each in expansion]
    return Rule(NonTerminal(origin), symbols, order, alias, RuleOptions(expand1=expand, empty_indices=tuple(empty)))


def digest() -> str:
    """The hash of the grammar, which says what `tables.json` belongs to."""
    return sha256(grammar().encode()).hexdigest()
