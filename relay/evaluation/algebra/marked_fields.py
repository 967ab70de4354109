"""Fields whose random elements are mostly taken from a given list, the marks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from relay.evaluation.algebra.base import Algebra, Array
from relay.evaluation.algebra.finite_fields import PrimeField, QuadraticExtension
from relay.evaluation.algebra.quadratic_fields import Quadratic, QuadraticField
from relay.evaluation.algebra.rationals import Rationals

__all__ = ["MarkedPrimeField", "MarkedQuadraticExtension", "MarkedQuadraticField", "MarkedRationals"]

BETWEEN = 4
"""One random element in this many is drawn from the whole field, the others from the marks."""


class MarkedRationals(Rationals):
    """Q with marks."""

    def __init__(self, marks: Sequence[Any]) -> None:
        """`marks` are of type `flint.fmpq`."""
        super().__init__(fractions=True)
        self._marks = _array(marks)

    def sample(self, rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
        return _mixed(self._marks, super().sample(rng, shape), rng)


class MarkedQuadraticField(QuadraticField):
    """A quadratic extension with marks."""

    def __init__(self, marks: Sequence[Quadratic], below: Algebra, square: int, letter: str, root: int = 0) -> None:
        super().__init__(below, square, letter, root)
        self._marks = _array(marks)

    def sample(self, rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
        return _mixed(self._marks, super().sample(rng, shape), rng)


class MarkedPrimeField(PrimeField):
    """GF(p); random elements are mostly the given marks."""

    def __init__(self, marks: Sequence[int], p: int) -> None:
        super().__init__(p)
        self._marks = np.array(marks, dtype=np.int64)

    def sample(self, rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
        return _mixed(self._marks, super().sample(rng, shape), rng)


class MarkedQuadraticExtension(QuadraticExtension):
    """GF(p^2) with marks."""

    def __init__(self, marks: NDArray[np.int64], p: int) -> None:
        """`marks` are coordinates over GF(p), shape (marks, 2)."""
        super().__init__(p)
        self._marks = self.from_digits(marks)

    def sample(self, rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
        return _mixed(self._marks, super().sample(rng, shape), rng)


def _mixed(marks: Array, others: Array, rng: np.random.Generator) -> Array:
    """The random elements `others`, most of them replaced by marks."""
    if not len(marks):
        return others
    chosen = marks[rng.integers(0, len(marks), size=others.shape)]
    return np.where(rng.integers(0, BETWEEN, size=others.shape) == 0, others, chosen)


def _array(elements: Sequence[Any]) -> Array:
    # filled afterwards: NumPy could read an element as a sequence
    marks = np.empty(len(elements), dtype=object)
    marks[:] = elements
    return marks
