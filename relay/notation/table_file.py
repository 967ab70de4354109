"""The text of `tables.json`, the tables that Lark makes of the grammar.

    python -m relay.notation.table_file > relay/notation/tables.json

A test compares the committed file with the output of this module.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from lark.grammar import Rule, Terminal

from relay.notation.tables import Tables, digest, lark_of_grammar, tables_of

__all__ = ["written"]


def written(tables: Tables) -> str:
    """The text of `tables.json`, one state or rule a line."""
    parts = [
        f'"grammar": "{digest()}"',
        f'"start": {json.dumps(tables.start)}',
        f'"end": {json.dumps(tables.end)}',
        f'"ignored": {json.dumps(tables.ignored)}',
        _lines("terminals", tables.terminals),
        _lines("rules", [_plain(rule) for rule in tables.rules]),
        _lines("states", tables.states),
    ]
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _lines(name: str, items: Sequence[Any]) -> str:
    return f'"{name}": [\n' + ",\n".join(json.dumps(item) for item in items) + "\n]"


def _plain(rule: Rule) -> dict[str, Any]:
    """A rule as data. A terminal is its name and whether the tree leaves it out; another symbol is its name."""
    options = rule.options
    if options.keep_all_tokens or options.priority is not None or options.template_source is not None:
        raise ValueError(f"the rule {rule} uses a feature of Lark that is not written down")
    return {
        "origin": str(rule.origin.name),
        "expansion": [
            [each.name, each.filter_out] if isinstance(each, Terminal) else each.name for each in rule.expansion
        ],
        "order": rule.order,
        "alias": rule.alias,
        "expand": options.expand1,
        "empty": list(options.empty_indices),
    }


if __name__ == "__main__":
    print(written(tables_of(lark_of_grammar())), end="")
