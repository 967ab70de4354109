"""Finite fields: prime fields on residues, small extensions on tables, and fields GF(p^2) on packed pairs."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from relay.evaluation.algebra.base import Algebra, Array

SMALL = 64
"""Largest number of elements of a field that may be enumerated."""


class FiniteField(Algebra):
    """GF(p^k) with methods for the coordinates of an element, which is a vector over GF(p)."""

    p: int
    degree: int = 1

    def digits(self, a: Array) -> NDArray[np.int64]:
        """Coordinates over GF(p), shape (..., k)."""
        return np.asarray(a, dtype=np.int64)[..., None]

    def from_digits(self, digits: NDArray[np.int64]) -> Array:
        """The codes of the elements with the coordinates `digits`, shape (..., k)."""
        return digits[..., 0]


class PrimeField(FiniteField):
    """GF(p) for a prime p below 2^31, so that products fit into 64 bits. `conj` is the identity."""

    def __init__(self, p: int) -> None:
        self.p = p
        self.name = f"GF({p})"
        self.characteristic = p
        self.elements = p
        self.order = p if p <= SMALL else None

    def from_int(self, k: Array) -> Array:
        return np.asarray(k, dtype=np.int64) % self.p

    def add(self, a: Array, b: Array) -> Array:
        return (a + b) % self.p

    def sub(self, a: Array, b: Array) -> Array:
        return (a - b) % self.p

    def neg(self, a: Array) -> Array:
        return -a % self.p

    def mul(self, a: Array, b: Array) -> Array:
        return (a * b) % self.p

    def inverse(self, a: Array) -> Array:
        return self.pow(a, np.full(1, self.p - 2, dtype=np.int64))  # Fermat: a^(p-1) = 1

    def sum(self, a: Array) -> Array:
        # no overflow: an axis has far fewer than 2^32 entries below 2^31
        return np.asarray(a.sum(axis=-1, dtype=np.int64) % self.p)

    def sample(self, rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
        return rng.integers(0, self.p, size=shape, dtype=np.int64)


class GaloisField(FiniteField):
    """A small GF(p^k), on tables. The polynomial with the coefficients digit_i has the code sum of digit_i * p^i.

    If k is even and `involution` is True, `conj` is Frobenius to the power k/2; otherwise it is the identity.
    """

    def __init__(self, p: int, k: int, involution: bool = True) -> None:
        q = p**k
        self.name = f"GF({q})" if involution or k % 2 else f"GF({q}) with the identity as conj"
        self.characteristic = p
        self.order = self.elements = q
        self.p, self.degree = p, k
        self._add, self._mul = _tables(p, k)
        self._neg = np.array([int(np.flatnonzero(self._add[a] == 0)[0]) for a in range(q)])
        self._inverse = np.array([0, *(int(np.flatnonzero(self._mul[a] == 1)[0]) for a in range(1, q))])
        frobenius = np.arange(q)
        if k % 2 == 0 and involution:
            frobenius = self.pow(frobenius, np.full(1, p ** (k // 2), dtype=np.int64))
        self._conj: Array = frobenius

    def from_int(self, k: Array) -> Array:
        return np.asarray(k, dtype=np.int64) % self.p

    def add(self, a: Array, b: Array) -> Array:
        return self._add[a, b]

    def neg(self, a: Array) -> Array:
        return np.asarray(self._neg[a])

    def mul(self, a: Array, b: Array) -> Array:
        return self._mul[a, b]

    def inverse(self, a: Array) -> Array:
        return np.asarray(self._inverse[a])

    def conj(self, a: Array) -> Array:
        return np.asarray(self._conj[a])

    def digits(self, a: Array) -> NDArray[np.int64]:
        return np.stack([a // self.p**i % self.p for i in range(self.degree)], axis=-1)

    def from_digits(self, digits: NDArray[np.int64]) -> Array:
        return np.asarray(sum(digits[..., i] * self.p**i for i in range(self.degree)), dtype=np.int64)

    def sample(self, rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
        return rng.integers(0, self.order or 0, size=shape, dtype=np.int64)

    def from_words(self, words: NDArray[np.uint64]) -> Array:
        return (words % np.uint64(self.order or 1)).astype(np.int64)

    def show(self, code: Any) -> str:
        digits = []
        left = int(code)
        for power in range(self.degree):
            digit, left = left % self.p, left // self.p
            unit = {0: "", 1: "t"}.get(power, f"t^{power}")
            if digit:
                digits.append(unit if digit == 1 and unit else f"{digit}{'*' if unit else ''}{unit}")
        return " + ".join(digits) or "0"


@cache
def _tables(p: int, k: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Tables of addition and multiplication of GF(p^k), modulo the first irreducible monic polynomial in code order."""
    q = p**k

    def digits(code: int, count: int) -> list[int]:
        return [(code // p**i) % p for i in range(count)]

    def remainder(product: list[int], modulus: list[int]) -> list[int]:
        left = list(product)
        for top in range(len(left) - 1, k - 1, -1):
            factor = left[top]
            if factor:
                for i in range(k + 1):
                    left[top - k + i] = (left[top - k + i] - factor * modulus[i]) % p
        return left[:k]

    def times(a: int, b: int, modulus: list[int]) -> int:
        product = [0] * (2 * k - 1)
        for i, x in enumerate(digits(a, k)):
            for j, y in enumerate(digits(b, k)):
                product[i + j] = (product[i + j] + x * y) % p
        return sum(d * p**i for i, d in enumerate(remainder(product, modulus)))

    for low in range(q):
        modulus = [*digits(low, k), 1]
        # a polynomial with a root is reducible: this skips most tables
        if k > 1 and any(sum(c * x**i for i, c in enumerate(modulus)) % p == 0 for x in range(p)):
            continue
        table = np.array([[times(a, b, modulus) for b in range(q)] for a in range(q)], dtype=np.int64)
        if all((table[a, 1:] != 0).all() for a in range(1, q)):  # no zero divisors: the quotient is a field
            break
    total = np.array(
        [[sum(((x + y) % p) * p**i for i, (x, y) in enumerate(zip(digits(a, k), digits(b, k), strict=True)))
          for b in range(q)] for a in range(q)],
        dtype=np.int64,
    )  # fmt: skip
    return total, table


def non_residue(p: int) -> int:
    """The smallest number, from 2 on, that is no square modulo the odd prime p. It is r^2 in `QuadraticExtension`."""
    return next(d for d in range(2, p) if pow(d, (p - 1) // 2, p) == p - 1)


class QuadraticExtension(FiniteField):
    """GF(p^2) for an odd prime p below 2^30. The element x + y*r has the code x + y * 2^31.

    r^2 is `non_residue(p)`. `conj` is Frobenius, which maps y to -y.
    """

    _SHIFT = 31
    degree = 2

    def __init__(self, p: int) -> None:
        self.p = p
        self.name = f"GF({p}^2)"
        self.elements = p * p
        self.characteristic = p
        self._residue = non_residue(p)

    def _unpack(self, a: Array) -> tuple[Array, Array]:
        return a & ((1 << self._SHIFT) - 1), a >> self._SHIFT

    def _pack(self, x: Array, y: Array) -> Array:
        return np.asarray((x % self.p) | ((y % self.p) << self._SHIFT))

    def digits(self, a: Array) -> NDArray[np.int64]:
        return np.stack(self._unpack(np.asarray(a)), axis=-1)

    def from_digits(self, digits: NDArray[np.int64]) -> Array:
        return self._pack(digits[..., 0], digits[..., 1])

    def from_int(self, k: Array) -> Array:
        return np.asarray(k, dtype=np.int64) % self.p

    def add(self, a: Array, b: Array) -> Array:
        (x, y), (u, v) = self._unpack(a), self._unpack(b)
        return self._pack(x + u, y + v)

    def neg(self, a: Array) -> Array:
        x, y = self._unpack(a)
        return self._pack(-x, -y)

    def mul(self, a: Array, b: Array) -> Array:
        (x, y), (u, v) = self._unpack(a), self._unpack(b)
        # y * v is reduced first, so that each product stays below 2^60 and the sum of two fits into 64 bits
        return self._pack(x * u + (y * v % self.p) * self._residue, x * v + y * u)

    def conj(self, a: Array) -> Array:
        x, y = self._unpack(a)
        return self._pack(x, -y)

    def inverse(self, a: Array) -> Array:
        norm = self.mul(a, self.conj(a))  # in GF(p), so its code is a residue
        base = PrimeField(self.p)
        return self.mul(self.conj(a), base.inverse(norm))

    def sum(self, a: Array) -> Array:
        x, y = self._unpack(a)
        return self._pack(x.sum(axis=-1, dtype=np.int64), y.sum(axis=-1, dtype=np.int64))

    def sample(self, rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
        x = rng.integers(0, self.p, size=shape, dtype=np.int64)
        return self._pack(x, rng.integers(0, self.p, size=shape, dtype=np.int64))

    def from_words(self, words: NDArray[np.uint64]) -> Array:
        p = np.uint64(self.p)
        return ((words % p) | (((words >> np.uint64(32)) % p) << np.uint64(self._SHIFT))).astype(np.int64)

    def show(self, code: Any) -> str:
        x, y = (int(part) for part in self._unpack(np.array(code, dtype=np.int64)))
        return f"{x} + {y}*r" if y else str(x)
