"""Errors of one symbol: a statement in which one name, numeral or sign of the body is another one."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from relay.notation.scope import RESERVED

__all__ = ["one_symbol_errors"]

_TOKEN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[0-9]+|\*\*|//|==|!=|<=|>=|[-+*/%<>]|[^\s]|#[^\n]*")
SIGNS = {
    "+": "-", "-": "+", "*": "+", "/": "*", "//": "%", "%": "//", "==": "!=", "!=": "==",
    "<": "<=", "<=": "<", ">": ">=", ">=": ">", "and": "or", "or": "and", "any": "all", "all": "any",
    "sum": "prod", "prod": "sum", "max": "min", "min": "max", "True": "False", "False": "True",
}  # fmt: skip
"""Symbol -> the one that is taken for it."""


def one_symbol_errors(source: str, callable_names: Collection[str]) -> Iterator[str]:
    """Yield every text that differs from a statement in one symbol of its body, in order; most of them read. A name
    that `callable_names` has is replaced by another one of them, any other name by another name of the body."""
    start = _body(source)
    found = [match for match in _TOKEN.finditer(source, start) if not match[0].startswith("#")]
    variables = sorted({
        each[0] for each in found if each[0].isidentifier() and each[0] not in {*RESERVED, *callable_names}
    })  # fmt: skip
    for match in found:
        for other in _others(match[0], variables, sorted(callable_names)):
            yield source[: match.start()] + other + source[match.end() :]


def _others(symbol: str, variables: Collection[str], callable_names: Collection[str]) -> Iterator[str]:
    if symbol in SIGNS:
        yield SIGNS[symbol]
    elif symbol.isdigit():
        yield str(int(symbol) + 1)
        if int(symbol):
            yield str(int(symbol) - 1)
    elif symbol in callable_names:
        yield from (name for name in callable_names if name != symbol)
    elif symbol in variables:
        yield from (name for name in variables if name != symbol)


def _body(source: str) -> int:
    """Where the body of a statement begins: after the first `=` or `:` that is in no bracket."""
    depth = 0
    for match in _TOKEN.finditer(source):
        depth += (match[0] in "([") - (match[0] in ")]")
        if depth == 0 and match[0] in ("=", ":"):
            return match.end()
    return len(source)
