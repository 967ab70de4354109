"""The interface of a model: arithmetic on NumPy arrays of scalar codes.

A scalar is a *code*: an element of an integer array (finite models) or of an object array (infinite ones). Every method
works elementwise on arrays of one shape, or of shapes that broadcast. Models know neither terms nor fuel.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, MutableMapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


class TooLarge(Exception):  # not an error: it only ends a computation
    """A number would exceed the limits of the model. The computation is abandoned."""


class Undecidable(Exception):  # not an error either
    """The model can't answer, for example whether two polynomials are equal, or what their quotient is."""


class Algebra(ABC):
    """A field with an involution, or a finite structure with sorts."""

    name: str
    """Shown to users. It also tells models apart, for example in the seeds of draws."""
    characteristic: int = 0
    order: int | None = None
    """Number of scalars if they can be enumerated (codes are then 0..order-1); None otherwise."""
    elements: int = 0
    """Number of scalars of a finite model, enumerable or not; 0 for others."""
    ordered: bool = False
    dtype: Any = np.int64
    carriers: Mapping[str, int] = {}
    """In a structure: sort -> number of its values. Empty in fields."""
    operations: Mapping[str, Array] = {}
    """In a structure: given operation -> its table, with one axis per parameter. Empty in fields."""

    tables: MutableMapping[str, object] | None = None
    """In a structure: what the evaluator keeps of definitions, by key. None in fields."""

    @abstractmethod
    def from_int(self, k: Array) -> Array:
        """The images of the integers `k`."""

    @abstractmethod
    def add(self, a: Array, b: Array) -> Array: ...

    @abstractmethod
    def neg(self, a: Array) -> Array: ...

    @abstractmethod
    def mul(self, a: Array, b: Array) -> Array: ...

    @abstractmethod
    def inverse(self, a: Array) -> Array:
        """Multiplicative inverses. Precondition: the caller has replaced zeros by other scalars."""

    def sub(self, a: Array, b: Array) -> Array:
        return self.add(a, self.neg(b))

    def conj(self, a: Array) -> Array:
        """The involution; the identity unless a model overrides it."""
        return a

    def equal(self, a: Array, b: Array) -> NDArray[np.bool_]:
        return np.asarray(a == b, dtype=bool)

    def less(self, a: Array, b: Array) -> NDArray[np.bool_]:
        """Whether a < b, in ordered models. Raises `Undecidable` in others."""
        raise Undecidable(f"{self.name} has no order")

    def is_zero(self, a: Array) -> NDArray[np.bool_]:
        return self.equal(a, self.from_int(np.zeros(1, dtype=np.int64)))

    def pow(self, a: Array, exponent: NDArray[np.int64]) -> Array:
        """`a ** exponent` by repeated squaring. Exponents are natural numbers; `0 ** 0` is 1."""
        shape = np.broadcast_shapes(np.shape(a), np.shape(exponent))
        result = np.broadcast_to(self.from_int(np.ones(1, dtype=np.int64)), shape).copy()
        base = np.broadcast_to(a, shape)
        left = np.broadcast_to(exponent, shape)
        while True:
            odd = (left & 1).astype(bool)
            if odd.any():
                result = np.where(odd, self.mul(result, base), result)
            left = left >> 1
            # tested before squaring: the last square would not be used, and could be too large
            if not left.any():
                return result
            base = self.mul(base, base)

    def sum(self, a: Array) -> Array:
        """Sums over the last axis; an empty axis gives zeros."""
        return self._fold(a, self.add, 0)

    def prod(self, a: Array) -> Array:
        """Products over the last axis; an empty axis gives ones."""
        return self._fold(a, self.mul, 1)

    def _fold(self, a: Array, op: Any, empty: int) -> Array:
        width = a.shape[-1]
        if width == 0:
            unit = self.from_int(np.full(1, empty, dtype=np.int64))
            return np.broadcast_to(unit, a.shape[:-1]).copy()
        while width > 1:  # halves are folded onto each other: few large operations instead of many small ones
            half = width // 2
            folded = op(a[..., :half], a[..., half : 2 * half])
            a = folded if width % 2 == 0 else np.concatenate([folded, a[..., -1:]], axis=-1)
            width = a.shape[-1]
        return a[..., 0]

    @abstractmethod
    def sample(self, rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
        """Random scalars. They are uniformly distributed in finite fields, unless a class documents otherwise."""

    def from_words(self, words: NDArray[np.uint64]) -> Array:
        """Scalars computed from 64-bit words. If the words look random, so do the scalars."""
        return self.from_int((words % np.uint64(self.order or self.characteristic)).astype(np.int64))

    def numbers(self, a: Array) -> NDArray[np.int64]:
        """One integer per scalar. Different scalars usually have different integers."""
        return np.asarray(a, dtype=np.int64)

    def show(self, code: Any) -> str:
        """One scalar as text."""
        return str(code)
