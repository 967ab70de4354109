"""The grammar that an answer is decoded with: JSON as relay reads it, whose statements always parse.

The grammar contains the definitions that the researcher may call at this moment, so it is made anew for each turn. For
actions other than `state`, `evaluate` and `match` it follows the schema of answers, field by field.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from relay.notation.decoding.callees import Callee, without_sizes
from relay.notation.decoding.rules import Grammar, Reference
from relay.notation.decoding.statements import add_statements
from relay.records.task import Given
from relay.researcher.disguise import PLAIN, Disguise
from relay.researcher.identity_cache import IdentityCache
from relay.researcher.observation import Observation

__all__ = ["answer_grammar"]

FIELDS = {("state", "source"): "statement", ("evaluate", "term"): "term", ("match", "term"): "match"}
"""(Action, field) -> rule for the field's value. Statements contain no character that JSON would escape."""


def answer_grammar(observation: Observation, callees: Sequence[Callee], disguise: Disguise = PLAIN) -> str:
    """The grammar of an answer, in llguidance's dialect of Lark and in the disguise's words."""
    schema = _SCHEMAS.of(observation, lambda: json.dumps(observation.answers, sort_keys=True))
    return _grammar(schema, observation.given, tuple(callees), _seen(observation), observation.statement_size, disguise)


def _seen(observation: Observation) -> tuple[Callee, ...]:
    """The phenomena that terms can look up, each with its number as its name."""
    return tuple(
        Callee(str(one.number), tuple(without_sizes(type) for type in one.parameters), without_sizes(one.result))
        for one in observation.phenomena
    )


_SCHEMAS: IdentityCache[str] = IdentityCache()
"""The schema of answers as text, which can be hashed for the cache of grammars."""


@lru_cache(maxsize=64)
def _grammar(
    schema: str, given: Given, callees: tuple[Callee, ...], seen: tuple[Callee, ...], most: int, disguise: Disguise
) -> str:
    grammar = Grammar()
    add_statements(grammar, given, callees, most, seen)
    actions = json.loads(schema)["properties"]["actions"]
    for number, action in enumerate(actions["items"]["anyOf"]):
        _add_action(grammar, number, action["properties"])
    # one rule per number of actions left, since the dialect's rules can't count
    for left in range(1, actions["maxItems"] + 1):
        grammar.add(f"actions{left}", Reference("action"))
        if left > 1:
            grammar.add(f"actions{left}", Reference("action"), ", ", Reference(f"actions{left - 1}"))
    grammar.add("answer", '{"actions": [', Reference(f"actions{actions['maxItems']}"), "]}")
    # the grammar is text, so its keywords and names are put in disguise like any other text
    return disguise.swap(grammar.text("answer"))


def _add_action(grammar: Grammar, number: int, fields: dict[str, Any]) -> None:
    name = fields["action"]["const"]
    symbols: list[str | Reference] = [f'{{"action": {json.dumps(name)}']
    # the statement or term first: a remark on it can be written only after it
    order = sorted((field for field in fields if field != "action"), key=lambda field: (name, field) not in FIELDS)
    for place, (field, schema) in enumerate((field, fields[field]) for field in order):
        symbols.append(f", {json.dumps(field)}: ")
        if (name, field) in FIELDS:
            symbols += ['"', Reference(FIELDS[name, field]), '"']
        else:
            rule = f"field{number}_{place}"
            grammar.terminals[rule] = f"%json {json.dumps(schema)}"
            symbols.append(Reference(rule))
    grammar.add("action", *symbols, "}")
