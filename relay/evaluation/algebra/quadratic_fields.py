"""Quadratic extensions of exact fields: K(r) with r * r a fixed integer, on object arrays of `Quadratic`.

Over the rationals, r * r = 2 gives a field with two orders, and r * r = -1 gives the Gaussian rationals. Over
Q(sqrt 2), r * r = -1 gives Q(sqrt 2)(i). The integer must not be a square in K.
"""

from __future__ import annotations

from typing import Any

import flint
import numpy as np
from numpy.typing import NDArray

from relay.evaluation.algebra.base import Algebra, Array, TooLarge
from relay.evaluation.algebra.rationals import MAX_BITS, Rationals

__all__ = ["Quadratic", "QuadraticField", "complexes", "reals"]


class Quadratic:
    """`x + y r`, where r * r is `square`. `x` and `y` are elements of the base field."""

    __slots__ = ("square", "x", "y")

    def __init__(self, x: Any, y: Any, square: int) -> None:
        self.x, self.y, self.square = x, y, square

    def __add__(self, other: Quadratic) -> Quadratic:
        return Quadratic(self.x + other.x, self.y + other.y, self.square)

    def __neg__(self) -> Quadratic:
        return Quadratic(-self.x, -self.y, self.square)

    def __mul__(self, other: Quadratic) -> Quadratic:
        # many factors lie in the base field: then two products suffice instead of five
        x, y, u, v = self.x, self.y, other.x, other.y
        if not v:
            return Quadratic(x * u, y * u, self.square)
        if not y:
            return Quadratic(x * u, x * v, self.square)
        return Quadratic(x * u + times(y * v, self.square), x * v + y * u, self.square)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Quadratic) and self.x == other.x and self.y == other.y

    def __hash__(self) -> int:
        return hash((self.x, self.y))

    def __bool__(self) -> bool:
        return bool(self.x) or bool(self.y)

    def conjugate(self) -> Quadratic:
        """`x - y r`."""
        return Quadratic(self.x, -self.y, self.square)

    def inverse(self) -> Quadratic:
        """The multiplicative inverse. The element must not be zero."""
        # 1 / (x + y r) = (x - y r) / (x^2 - y^2 r^2); the norm is not zero, since r^2 is no square below
        norm = inverted(self.x * self.x + times(self.y * self.y, -self.square))
        return Quadratic(self.x * norm, -(self.y * norm), self.square)


def times(element: Any, k: int) -> Any:
    """The element times the integer k."""
    if isinstance(element, Quadratic):
        return Quadratic(times(element.x, k), times(element.y, k), element.square)
    return element * k


def inverted(element: Any) -> Any:
    """The multiplicative inverse of an element that is not zero."""
    return element.inverse() if isinstance(element, Quadratic) else flint.fmpq(1) / element


def height(element: Any) -> int:
    """Bits of the largest numerator or denominator in the element."""
    if isinstance(element, Quadratic):
        return max(height(element.x), height(element.y))
    return int(element.height_bits()) if isinstance(element, flint.fmpq) else 1


def sign(element: Any, root: int) -> int:
    """The sign of an element of Q or Q(r): -1, 0 or 1. r is positive if `root` is 1, negative if it is -1."""
    if not isinstance(element, Quadratic):
        return int(element > 0) - int(element < 0)
    x, y = sign(element.x, root), sign(element.y, root) * root
    # both parts have the same sign, or one is zero
    if x * y >= 0:
        return x or y
    # x and y r have opposite signs: the one with the larger square decides
    difference = element.x * element.x - times(element.y * element.y, element.square)
    return x * sign(difference, root)


_height = np.frompyfunc(height, 1, 1)
_inverse = np.frompyfunc(inverted, 1, 1)
_conjugate = np.frompyfunc(lambda a: a.conjugate(), 1, 1)


def _held(a: Any) -> Array:
    """The numbers as an object array. Raises `TooLarge` if one of them has too many bits."""
    numbers = np.asarray(a, dtype=object)
    if numbers.size and _height(numbers).max() > MAX_BITS:
        raise TooLarge("a number has outgrown its limit")
    return numbers


class QuadraticField(Algebra):
    """K(r) over the model `below`, with `r * r = square`.

    If `root` is 1 or -1, the field is ordered, and `conj` is the identity; r is positive for 1, negative for -1. If
    `root` is 0, there is no order, and `conj` maps r to -r and is the identity on K.
    """

    dtype = object

    def __init__(self, below: Algebra, square: int, letter: str, root: int = 0) -> None:
        self._below, self._letter = below, letter
        self.ordered = root != 0
        sides = {1: "", -1: f", {letter} < 0", 0: ""}[root]
        self.name = f"{below.name}({letter}){sides}"
        self._pair = np.frompyfunc(lambda x, y: Quadratic(x, y, square), 2, 1)
        self._sign = np.frompyfunc(lambda a: sign(a, root), 1, 1)
        self._number = np.frompyfunc(self._counted, 1, 1)

    def pairs(self, x: Array, y: Array) -> Array:
        """`x + y r` from arrays of elements of the base field."""
        return np.asarray(self._pair(x, y), dtype=object)

    def from_int(self, k: Array) -> Array:
        whole = self._below.from_int(np.asarray(k))
        return self.pairs(whole, self._below.from_int(np.zeros(1, dtype=np.int64))[0])

    def add(self, a: Array, b: Array) -> Array:
        return _held(np.asarray(a, dtype=object) + np.asarray(b, dtype=object))

    def neg(self, a: Array) -> Array:
        return np.asarray(-np.asarray(a, dtype=object), dtype=object)

    def mul(self, a: Array, b: Array) -> Array:
        return _held(np.asarray(a, dtype=object) * np.asarray(b, dtype=object))

    def inverse(self, a: Array) -> Array:
        return np.asarray(_inverse(a), dtype=object)

    def conj(self, a: Array) -> Array:
        return a if self.ordered else np.asarray(_conjugate(a), dtype=object)

    def less(self, a: Array, b: Array) -> NDArray[np.bool_]:
        if not self.ordered:
            return super().less(a, b)
        return np.asarray(self._sign(self.sub(b, a)) > 0, dtype=bool)

    def pow(self, a: Array, exponent: NDArray[np.int64]) -> Array:
        if np.size(exponent) and int(np.max(exponent)) > MAX_BITS:
            raise TooLarge("an exponent has outgrown its limit")
        return super().pow(a, exponent)

    def from_words(self, words: NDArray[np.uint64]) -> Array:
        other = self._below.from_words(words >> np.uint64(16))
        return self.pairs(self._below.from_words(words), other)

    def numbers(self, a: Array) -> NDArray[np.int64]:
        return np.asarray(self._number(a), dtype=np.int64)

    def _counted(self, element: Quadratic) -> int:
        parts = [int(self._below.numbers(np.array([part], dtype=object))[0]) for part in (element.x, element.y)]
        return (parts[0] * 1_000_003 + parts[1]) & ((1 << 62) - 1)

    def sample(self, rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
        """Random elements. In half of the lanes (first axis) all parts are 0, 1, -1 or 2, so that values often
        coincide or cancel."""
        x, y = self._below.sample(rng, shape), self._below.sample(rng, shape)
        # 0 is the most frequent, then 1 and -1
        few = np.array([0, 0, 0, 1, 1, -1, -1, 2])
        small = rng.integers(0, 2, size=(shape[0], *(1 for _ in shape[1:]))) == 0 if shape else np.array(True)
        x, y = (
            np.where(small, self._below.from_int(rng.choice(few, size=shape)), part)
            for part in (x, np.where(rng.integers(0, 3, size=shape) == 0, self._below.from_int(np.zeros(shape)), y))
        )
        return self.pairs(x, y)

    def show(self, code: Any) -> str:
        x, y = self._below.show(code.x), self._below.show(code.y)
        if not code.y:
            return x
        part = self._letter if y == "1" else f"-{self._letter}" if y == "-1" else f"{_bracketed(y)}*{self._letter}"
        if not code.x:
            return part
        return f"{x} - {part[1:]}" if part.startswith("-") else f"{x} + {part}"


def _bracketed(text: str) -> str:
    return f"({text})" if " " in text else text


def reals(spread: int = 3) -> tuple[Algebra, ...]:
    """Q, and Q(sqrt 2) with each of its two orders."""
    below = Rationals(spread, fractions=True)
    return below, QuadraticField(below, 2, "sqrt(2)", 1), QuadraticField(below, 2, "sqrt(2)", -1)


def complexes(spread: int = 3) -> tuple[Algebra, ...]:
    """Q(i) and Q(sqrt 2)(i); `conj` maps i to -i."""
    below = Rationals(spread, fractions=True)
    return QuadraticField(below, -1, "i"), QuadraticField(QuadraticField(below, 2, "sqrt(2)", 1), -1, "i")
