"""The rationals, exact, on object arrays of `flint.fmpq`."""

from __future__ import annotations

from typing import Any

import flint
import numpy as np
from numpy.typing import NDArray

from relay.evaluation.algebra.base import Algebra, Array, TooLarge

MAX_BITS = 4096
"""Numbers whose numerator or denominator has more bits than this end the computation."""


def _exact(k: Any) -> Any:
    return flint.fmpq(int(k))


_from_int = np.frompyfunc(_exact, 1, 1)


# object arrays may be padded with a plain 0, which has no height
_bits = np.frompyfunc(lambda x: x.height_bits() if isinstance(x, flint.fmpq) else 1, 1, 1)


_number = np.frompyfunc(lambda x: (int(x.p) * 1_000_003 + int(x.q)) & ((1 << 62) - 1), 1, 1)


def _held(a: Any) -> Array:
    """The numbers as an object array. Raises `TooLarge` if one of them has too many bits."""
    numbers = np.asarray(a, dtype=object)
    if numbers.size and _bits(numbers).max() > MAX_BITS:
        raise TooLarge("a rational number has outgrown its limit")
    return numbers


class Rationals(Algebra):
    """Q with its order. `conj` is the identity.

    Random values are small integers from -spread to spread, which read well in a counterexample. With `fractions`, half
    of them are divided by 1, 2, 3 or 4.
    """

    name = "Q"
    ordered = True
    dtype = object

    def __init__(self, spread: int = 3, fractions: bool = False) -> None:
        self.spread = spread
        self._fractions = fractions

    def from_int(self, k: Array) -> Array:
        return np.asarray(_from_int(np.asarray(k)), dtype=object)

    def add(self, a: Array, b: Array) -> Array:
        return _held(a + b)

    def neg(self, a: Array) -> Array:
        return np.asarray(-a, dtype=object)

    def mul(self, a: Array, b: Array) -> Array:
        return _held(a * b)

    def inverse(self, a: Array) -> Array:
        return np.asarray(self.from_int(np.ones(1, dtype=np.int64)) / a, dtype=object)

    def less(self, a: Array, b: Array) -> NDArray[np.bool_]:
        return np.asarray(a < b, dtype=bool)

    def pow(self, a: Array, exponent: NDArray[np.int64]) -> Array:
        # a larger power of anything but 0, 1 and -1 would exceed the bound anyway
        if np.size(exponent) and int(np.max(exponent)) > MAX_BITS:
            raise TooLarge("an exponent has outgrown its limit")
        return super().pow(a, exponent)

    def from_words(self, words: NDArray[np.uint64]) -> Array:
        return self.from_int((words % np.uint64(2 * self.spread + 1)).astype(np.int64) - self.spread)

    def numbers(self, a: Array) -> NDArray[np.int64]:
        return np.asarray(_number(a), dtype=np.int64)

    def sample(self, rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
        whole = self.from_int(rng.integers(-self.spread, self.spread + 1, size=shape))
        if not self._fractions:
            return whole
        # half of the divisors are 1, and so are a quarter of the others
        below = np.where(rng.integers(0, 2, size=shape) == 0, 1, rng.integers(1, 5, size=shape))
        return np.asarray(whole / self.from_int(below), dtype=object)
