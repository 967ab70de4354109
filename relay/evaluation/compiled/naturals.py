"""Closures for arithmetic and order of natural numbers: `TooLarge` above 2^53, `Undefined` below zero."""

from __future__ import annotations

from relay.evaluation.algebra.base import TooLarge
from relay.evaluation.algebra.scalars import Undefined
from relay.evaluation.compiled.codes import OVERSPENT, Code, Computation, Names
from relay.evaluation.naturals import NAT_LIMIT


def _sum(a: Code, b: Code) -> Code:
    def value(names: Names, run: Computation) -> int:
        result: int = a(names, run) + b(names, run)
        if result > NAT_LIMIT:
            raise TooLarge("a natural number has outgrown its limit")
        return result

    return value


def natural(op: str, a: Code, b: Code) -> Code:
    """Return the closure of `add sub mul floordiv mod pow monus lt le gt ge` on natural numbers."""
    if op == "add":
        return _sum(a, b)
    # The four orders are written out: to call a function of `COMPARISONS` would be a step more for every value.
    if op == "lt":
        return lambda names, run: a(names, run) < b(names, run)
    if op == "le":
        return lambda names, run: a(names, run) <= b(names, run)
    if op == "gt":
        return lambda names, run: a(names, run) > b(names, run)
    if op == "ge":
        return lambda names, run: a(names, run) >= b(names, run)

    def value(names: Names, run: Computation) -> int:
        x, y = a(names, run), b(names, run)
        if op == "sub":
            result = x - y
            if result < 0:
                raise Undefined
        elif op == "mul":
            result = x * y
        elif op == "monus":
            result = max(x - y, 0)
        elif op == "pow":
            # 2^54 exceeds the limit: larger powers are not computed.
            if x > 1 and y > 53:
                raise TooLarge(OVERSPENT)
            result = x**y
        else:
            if y == 0:
                raise Undefined
            result = x // y if op == "floordiv" else x % y
        if result > NAT_LIMIT:
            raise TooLarge(OVERSPENT)
        return int(result)

    return value
