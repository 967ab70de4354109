"""Arithmetic on natural numbers."""

from __future__ import annotations

from relay.checker.referee.arithmetic import Inexpressible, NoValue

LARGEST_NUMBER = 2**53
"""Naturals beyond this run out, as the checker's do; no claim is made about what lies behind."""


def held(number: int) -> int:
    """The number. Raises `Inexpressible` where it is too large."""
    if number > LARGEST_NUMBER:
        raise Inexpressible("a number is too large")
    return number


def natural(op: str, a: int, b: int) -> int:
    """The value of an operation on two naturals. Raises `NoValue`, `Inexpressible`."""
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
        if a > 1 and b > 53:
            raise Inexpressible("a number is too large")
        return held(a**b)
    return held(a + b if op == "add" else a * b)
