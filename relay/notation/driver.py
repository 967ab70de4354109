"""The loop that reads a text with the tables that Lark makes of the grammar.

It does what Lark's own loop does, and is faster because it leaves out everything that only wrong texts need. Positions
are computed when they are requested, and a reduction that changes nothing (`?sum: product`) only changes the state. It
returns trees for texts of the language only. If a text is wrong, Lark's loop reads it again and finds the error
(`relay.notation.parse`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, cast

from lark import Token
from lark.grammar import Rule
from lark.parse_tree_builder import ParseTreeBuilder

from relay.notation.limits import position
from relay.notation.raw import Raw, build
from relay.notation.tables import Tables

__all__ = ["Driver"]

Action = tuple[int, int, str, Callable[[list[Any]], Any] | None]
"""The state to shift to, or -1 for a reduction. For a reduction, the other values are the length, the result symbol and
the callback of its rule; the callback is None if the rule makes no node."""
END = "$END"


class Placed(Token):
    """A token that keeps its source, so that line and column are computed only when they are requested."""

    __slots__ = ("source",)
    source: str

    @property
    def value(self) -> str:
        """The text of the token."""
        return str(self)

    @property
    def line(self) -> int:  # type: ignore[override]
        """The line on which the token begins, from 1."""
        return position(self.source, cast(int, self.start_pos))[0]

    @property
    def column(self) -> int:  # type: ignore[override]
        """The column in which the token begins, from 1."""
        return position(self.source, cast(int, self.start_pos))[1]


class Driver:
    """Reads texts with the tables of an LALR parser."""

    def __init__(self, tables: Tables) -> None:
        builder: Any = ParseTreeBuilder  # Lark has no types here
        # with the options of `lark_of_grammar`
        makers = builder(tables.rules, build, False, False, True).create_callback()
        reductions = [_reduction(rule, makers[rule]) for rule in tables.rules]
        self._start, self._end = tables.start, tables.end
        self._states: list[dict[str, Action]] = [
            {name: (step, 0, "", None) if step >= 0 else reductions[-1 - step] for name, step in row.items()}
            for row in tables.states
        ]
        patterns = dict(tables.terminals)
        between = "|".join(patterns.pop(name) for name in tables.ignored)
        # The order of the terminals is that in which Lark's lexer tries them; the first match wins here too.
        tokens = "|".join(f"(?P<{name}>{pattern})" for name, pattern in patterns.items())
        # `*+` never backtracks. With `*`, a failed match would look for tokens inside a comment.
        self._match = re.compile(f"(?:{between})*+(?:{tokens})").match
        self._between = re.compile(f"(?:{between})*+").fullmatch
        self._skips: dict[tuple[int, int, str], int] = {}
        """Results of `_skipped`."""
        kept = {part.name for rule in tables.rules for part in rule.expansion if not getattr(part, "filter_out", False)}
        self._silent = frozenset(patterns.keys() - kept)
        """Terminals that no rule keeps in the tree."""

    def parse(self, source: str, start: str) -> Raw | None:
        """The tree of a text, or None if the text is not in the language. Raises the errors that building the tree
        raises, such as nesting that is too deep."""
        states: list[int] = [self._start[start]]
        values: list[Any] = []
        place = 0
        table, skips, silent, read, new = self._states, self._skips, self._silent, self._match, str.__new__
        while True:
            match = read(source, place)
            kind = END if match is None else cast(str, match.lastgroup)
            while True:  # the reductions that this token triggers
                state = states[-1]
                action = table[state].get(kind)
                if action is None:
                    # END also stands for a character that begins no token, so the rest must be blank.
                    whole = kind == END and state == self._end[start] and self._between(source, place) is not None
                    return cast(Raw, values[-1]) if whole else None
                shift, size, made, make = action
                if shift >= 0:
                    break
                if make is None:
                    below = states[-2]
                    known = skips.get((below, state, kind))
                    if known is None:
                        known = skips[below, state, kind] = self._skipped(below, state, kind)
                    states[-1] = known
                    continue
                taken: list[Any] = values[len(values) - size :]
                del states[len(states) - size :], values[len(values) - size :]
                values.append(make(taken))
                states.append(table[states[-1]][made][0])
            if match is None:
                return None
            place = match.end()
            states.append(shift)
            if kind in silent:
                # No rule keeps the token, but the lengths of the rules count its place on the stack.
                values.append(None)
                continue
            token = new(Placed, match.group(kind))
            token.type, token.start_pos, token.source = kind, match.start(kind), source
            values.append(token)

    def _skipped(self, below: int, state: int, kind: str) -> int:
        """The state that stands on `below` in place of `state`, after all reductions that change nothing. `kind` is the
        next token."""
        while True:
            action = self._states[state].get(kind)
            if action is None or action[0] >= 0 or action[3] is not None:
                return state
            state = self._states[below][action[2]][0]


def _reduction(rule: Rule, make: Callable[[Sequence[Any]], Any]) -> Action:
    return -1, len(rule.expansion), str(rule.origin.name), None if _is_idle(rule, make) else make


def _is_idle(rule: Rule, make: Callable[[Sequence[Any]], Any]) -> bool:
    """Whether a rule returns the one node that it is made of, unchanged."""
    if len(rule.expansion) != 1 or rule.expansion[0].is_term:
        return False
    # Lark does not say what its callback does, so the callback is tried on a node.
    node = Raw("", ())
    return make([node]) is node
