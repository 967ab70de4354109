"""Rational numbers and residues, one scalar at a time."""

from __future__ import annotations

from typing import Any

import flint

from relay.evaluation.algebra.base import TooLarge
from relay.evaluation.algebra.rationals import MAX_BITS
from relay.evaluation.algebra.scalars import Scalars, Undefined

MAX_EXPONENT = 4096
"""Largest exponent of a rational number."""


class Fractions(Scalars):
    """The rationals, exact, as `flint.fmpq`. `conj` is the identity."""

    def number(self, k: int) -> Any:
        return flint.fmpq(k)

    def add(self, a: Any, b: Any) -> Any:
        return a + b

    def sub(self, a: Any, b: Any) -> Any:
        return a - b

    def mul(self, a: Any, b: Any) -> Any:
        product = a * b
        if product.height_bits() > MAX_BITS:
            raise TooLarge("a rational number has outgrown its limit")
        return product

    def neg(self, a: Any) -> Any:
        return -a

    def div(self, a: Any, b: Any) -> Any:
        if b == 0:
            raise Undefined
        return self.mul(a, 1 / b)

    def conj(self, a: Any) -> Any:
        return a

    def power(self, a: Any, exponent: int) -> Any:
        # bounded before computing: `a**exponent` has about exponent times as many bits
        if exponent > MAX_EXPONENT or (exponent > 1 and a.height_bits() * exponent > 2 * MAX_BITS):
            raise TooLarge("a rational number has outgrown its limit")
        return a**exponent

    def same(self, a: Any, b: Any) -> bool:
        return bool(a == b)

    def less(self, a: Any, b: Any) -> bool:
        return bool(a < b)


class Residues(Scalars):
    """GF(p) for a prime p, as integers from 0 to p - 1. `conj` is the identity."""

    def __init__(self, p: int) -> None:
        self.p = p

    def number(self, k: int) -> int:
        return k % self.p

    def add(self, a: int, b: int) -> int:
        return (a + b) % self.p

    def sub(self, a: int, b: int) -> int:
        return (a - b) % self.p

    def mul(self, a: int, b: int) -> int:
        return a * b % self.p

    def neg(self, a: int) -> int:
        return -a % self.p

    def div(self, a: int, b: int) -> int:
        if b == 0:
            raise Undefined
        return a * pow(b, -1, self.p) % self.p

    def conj(self, a: int) -> int:
        return a

    def power(self, a: int, exponent: int) -> int:
        return pow(a, exponent, self.p)

    def same(self, a: int, b: int) -> bool:
        return a == b
