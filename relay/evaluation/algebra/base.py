"""A model: where the terms of the notation have values. Arithmetic on NumPy arrays of scalar codes.

A scalar is a *code*: an element of an integer array (finite models) or of an object array (infinite ones). Every method
works elementwise on arrays of one shape, or of shapes that broadcast. Nothing here knows terms or fuel.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


class TooLarge(Exception):  # it is not an error of anybody's, only the end of a computation
    """A number would outgrow what the model is willing to hold; the computation is abandoned."""


class Undecidable(Exception):  # as above
    """The model can't answer: equality of polynomials as a condition, division by one, and the like."""


class Algebra(ABC):
    """A field with an involution, or a finite structure with named carriers."""

    name: str
    characteristic: int = 0
    order: int | None = None
    """The number of scalars, where they can be enumerated; codes are then 0..order-1."""
    elements: int = 0
    """The number of scalars of a finite model, whether they are enumerated or not; 0 for others."""
    ordered: bool = False
    dtype: Any = np.int64
    carriers: Mapping[str, int] = {}
    """Sizes of the sorts of a structure."""
    operations: Mapping[str, Array] = {}
    """Tables of the given operations of a structure, one axis a parameter."""

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
        """Inverses; the caller has replaced zeros."""

    def sub(self, a: Array, b: Array) -> Array:
        return self.add(a, self.neg(b))

    def conj(self, a: Array) -> Array:
        """The involution; the identity unless a model has a better one."""
        return a

    def equal(self, a: Array, b: Array) -> NDArray[np.bool_]:
        return np.asarray(a == b, dtype=bool)

    def less(self, a: Array, b: Array) -> NDArray[np.bool_]:
        """The order, in ordered models."""
        raise Undecidable(f"{self.name} has no order")

    def is_zero(self, a: Array) -> NDArray[np.bool_]:
        return self.equal(a, self.from_int(np.zeros(1, dtype=np.int64)))

    def pow(self, a: Array, exponent: NDArray[np.int64]) -> Array:
        """`a ** exponent` by repeated squaring; exponents are natural numbers; `0 ** 0` is 1."""
        shape = np.broadcast_shapes(np.shape(a), np.shape(exponent))
        result = np.broadcast_to(self.from_int(np.ones(1, dtype=np.int64)), shape).copy()
        base = np.broadcast_to(a, shape)
        left = np.broadcast_to(exponent, shape)
        while True:
            odd = (left & 1).astype(bool)
            if odd.any():
                result = np.where(odd, self.mul(result, base), result)
            left = left >> 1
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
        while width > 1:  # halves onto each other: few large operations instead of many small ones
            half = width // 2
            folded = op(a[..., :half], a[..., half : 2 * half])
            a = folded if width % 2 == 0 else np.concatenate([folded, a[..., -1:]], axis=-1)
            width = a.shape[-1]
        return a[..., 0]

    @abstractmethod
    def sample(self, rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
        """Random scalars, uniform where that has a meaning."""

    def from_words(self, words: NDArray[np.uint64]) -> Array:
        """Scalars that depend on 64-bit words, and look random if these do."""
        return self.from_int((words % np.uint64(self.order or self.characteristic)).astype(np.int64))

    def numbers(self, a: Array) -> NDArray[np.int64]:
        """A number for each scalar; different ones for different scalars as a rule."""
        return np.asarray(a, dtype=np.int64)

    def show(self, code: Any) -> str:
        """One scalar, for a reader."""
        return str(code)
