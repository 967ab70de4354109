"""Arithmetic at a point: rational numbers, or Gaussian ones with their conjugation, as SymPy has them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sympy import QQ, QQ_I

from relay.checker.referee.arithmetic import Arithmetic, Inexpressible
from relay.checker.referee.values import Scalar, Value

MOST_DIGITS = 4_000
"""Numbers of more bits than this are not calculated with."""


class Points(Arithmetic):
    """The rationals; with `gaussian` the field Q(i), where `conj` is complex conjugation."""

    def __init__(self, gaussian: bool = False) -> None:
        self.gaussian = gaussian
        self.domain: Any = QQ_I if gaussian else QQ
        self.name = "Q(i)" if gaussian else "Q"

    def number(self, k: int) -> Scalar:
        return self.domain(k)

    def add(self, a: Scalar, b: Scalar) -> Scalar:
        return a + b

    def negative(self, a: Scalar) -> Scalar:
        return -a

    def multiply(self, a: Scalar, b: Scalar) -> Scalar:
        product = a * b
        for part in (product.x, product.y) if self.gaussian else (product,):
            if int(part.numerator).bit_length() + int(part.denominator).bit_length() > MOST_DIGITS:
                raise Inexpressible("a number is too large")
        return product

    def divide(self, a: Scalar, b: Scalar) -> Scalar:
        return a / b

    def conjugate(self, a: Scalar) -> Scalar:
        return self.domain(a.x, -a.y) if self.gaussian else a

    def vanish(self, scalars: Sequence[Scalar]) -> bool:
        return not any(scalars)

    def truth(self, value: Value) -> bool:
        return bool(value)
