"""Polynomial rings over the integers, on object arrays of `flint.fmpz_mpoly`.

An identity in such a ring holds in every field under every assignment. Every indeterminate `x` has a partner `x'` that
stands for its conjugate, and `conj` swaps the two, so the identity also holds under every involution. The ring answers
only if the answer is the same everywhere: `equal` is true for equal polynomials, false if they differ by 1 or -1, and
raises `Undecidable` otherwise. Division is possible by 1 and -1 only.
"""

from __future__ import annotations

from typing import Any

import flint
import numpy as np
from numpy.typing import NDArray

from relay.evaluation.algebra.base import Algebra, Array, TooLarge, Undecidable

MAX_TERMS = 20_000
"""A product of more pairs of terms, or a sum of more terms, ends the computation."""
MAX_BITS = 4096
"""Products with a coefficient of more bits end the computation."""
MAX_DEGREE = 10_000
"""Products of a higher degree end the computation."""


class Polynomials(Algebra):
    """Z[x0, x0', x1, x1', ...] with `count` indeterminates and their partners. If `involution` is False, `conj` is the
    identity."""

    name = "Z[x]"
    dtype = object

    def __init__(self, count: int, involution: bool = True) -> None:
        self._involution = involution
        names = [f"{letter}{i}" for i in range(count) for letter in ("x", "y")]
        self._context = flint.fmpz_mpoly_ctx.get(names or ["x0"], "lex")
        self._variables = list(self._context.gens())
        swapped = [
            self._variables[i + 1 if i % 2 == 0 else i - 1] if names else self._variables[i]
            for i in range(len(self._variables))
        ]
        constant = np.frompyfunc(lambda k: self._context.constant(int(k)), 1, 1)
        self._constant = constant
        self._swap = np.frompyfunc(lambda f: f.compose(*swapped) if not f.is_constant() else f, 1, 1)
        self._length = np.frompyfunc(len, 1, 1)
        self._product = np.frompyfunc(_product, 2, 1)

    def variables(self, start: int, count: int) -> Array:
        """Indeterminates `start` to `start + count - 1`, shape (count,)."""
        block = np.empty(count, dtype=object)  # filled one by one: NumPy would treat a polynomial as a sequence
        for i in range(count):
            block[i] = self._variables[2 * (start + i)]
        return block

    def from_int(self, k: Array) -> Array:
        return np.asarray(self._constant(np.asarray(k)), dtype=object)

    def add(self, a: Array, b: Array) -> Array:
        total = np.asarray(a + b, dtype=object)
        if total.size and self._length(total).max() > MAX_TERMS:
            raise TooLarge("a polynomial has outgrown its limit")
        return total

    def neg(self, a: Array) -> Array:
        return np.asarray(-a, dtype=object)

    def mul(self, a: Array, b: Array) -> Array:
        return np.asarray(self._product(a, b), dtype=object)

    def conj(self, a: Array) -> Array:
        return np.asarray(self._swap(a), dtype=object) if self._involution else a

    def inverse(self, a: Array) -> Array:
        if all(map(_is_unit, a.flat)):  # 1 and -1 are their own inverses
            return a
        raise Undecidable("division by a polynomial")

    def equal(self, a: Array, b: Array) -> NDArray[np.bool_]:
        same = np.asarray(a == b, dtype=bool)
        if not same.all() and not all(map(_is_unit, np.asarray(a - b, dtype=object)[~same].flat)):
            raise Undecidable("two polynomials differ; where they agree depends on the values")
        return same

    def is_zero(self, a: Array) -> NDArray[np.bool_]:
        if not all(map(_is_unit, a.flat)):
            raise Undecidable("whether a polynomial is zero depends on the values")
        return np.zeros(a.shape, dtype=bool)

    def pow(self, a: Array, exponent: NDArray[np.int64]) -> Array:
        if np.size(exponent) and int(np.max(exponent)) > 64:  # as `MAX_EXPONENT` in `polynomial_facts`
            raise TooLarge("an exponent has outgrown its limit")
        return super().pow(a, exponent)

    def sample(self, rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
        raise Undecidable("indeterminates are not drawn")


def _is_unit(f: Any) -> bool:
    """Whether a polynomial is 1 or -1. Only these differ from zero in every field, under every assignment."""
    return f != 0 and f.is_constant() and int(f.coeffs()[0]) in (1, -1)


def _product(a: Any, b: Any) -> Any:
    if len(a) * len(b) > MAX_TERMS:
        raise TooLarge("a polynomial has outgrown its limit")
    product = a * b
    if product != 0 and (
        max(coefficient.height_bits() for coefficient in product.coeffs()) > MAX_BITS
        or product.total_degree() > MAX_DEGREE
    ):
        raise TooLarge("a polynomial has outgrown its limit")
    return product
