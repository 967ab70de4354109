"""Arithmetic on natural numbers."""

from __future__ import annotations

from relay.checker.referee.arithmetic import Inexpressible, NoValue

LARGEST_NUMBER = 2**53
"""Larger naturals end the evaluation, as in the checker, so that the two never disagree about them."""


def held(number: int) -> int:
    """Return `number`. Raises `Inexpressible` if it is above `LARGEST_NUMBER`."""
    if number > LARGEST_NUMBER:
        raise Inexpressible("a number is too large")
    return number


def natural(op: str, a: int, b: int) -> int:
    """Return the value of an operation on two naturals. Raises `NoValue` and `Inexpressible`."""
    if op == "sub":
        if b > a:
            raise NoValue
        return a - b
    if op == "monus":
        return max(a - b, 0)
    if op in ("floordiv", "mod"):
        if b == 0:
            raise NoValue
        return a // b if op == "floordiv" else a % b
    if op == "pow":
        if a > 1 and b > 53:  # the result is above `LARGEST_NUMBER`; don't compute it
            raise Inexpressible("a number is too large")
        return held(a**b)
    return held(a + b if op == "add" else a * b)
