"""Finite fields of any size, on object arrays of `flint.fq_default`.

They are slower than the fields in `finite_fields`. They are used for primes beyond 2^31 and for large extensions of
small fields, which `finite_fields` does not have.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import flint
import numpy as np
from numpy.typing import NDArray

from relay.evaluation.algebra.base import Algebra, Array

SMALL_BASE = 7
"""Moduli whose coefficients are all below this number are tried first."""


class LargeField(Algebra):
    """GF(p^k) for any prime p. `conj` is Frobenius to the power k/2 if k is even, the identity otherwise."""

    dtype = object

    def __init__(self, p: int, k: int = 1) -> None:
        self.name = f"GF({p}^{k})" if k > 1 else f"GF({p})"
        self.characteristic, self.elements = p, p**k
        self._p, self._k = p, k
        context = _context(p, k)
        self._element = np.frompyfunc(lambda n: context(int(n)), 1, 1)
        self._from_digits = np.frompyfunc(lambda digits: context([int(d) for d in digits]), 1, 1)
        # object arrays may be padded with a plain 0, which has none of flint's methods
        self._inverse = np.frompyfunc(_inverse_of, 1, 1)
        self._conj = np.frompyfunc(lambda x: x.frobenius(k // 2) if isinstance(x, flint.fq_default) else x, 1, 1)

    def from_int(self, k: Array) -> Array:
        return np.asarray(self._element(np.asarray(k)), dtype=object)

    def add(self, a: Array, b: Array) -> Array:
        return np.asarray(a + b, dtype=object)

    def sub(self, a: Array, b: Array) -> Array:
        return np.asarray(a - b, dtype=object)

    def neg(self, a: Array) -> Array:
        return np.asarray(-a, dtype=object)

    def mul(self, a: Array, b: Array) -> Array:
        return np.asarray(a * b, dtype=object)

    def inverse(self, a: Array) -> Array:
        return np.asarray(self._inverse(a), dtype=object)

    def conj(self, a: Array) -> Array:
        return a if self._k % 2 else np.asarray(self._conj(a), dtype=object)

    def equal(self, a: Array, b: Array) -> NDArray[np.bool_]:
        return np.asarray(a == b, dtype=bool)

    def sample(self, rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
        cells = int(np.prod(shape, dtype=np.int64))
        # one block of 24 bits more than p has: the remainder modulo p is then nearly uniform
        blocks = -(-self._p.bit_length() // 24)
        parts = rng.integers(0, 2**24, size=(cells, self._k, blocks + 1)).tolist()
        values = np.empty(cells, dtype=object)
        values[:] = [tuple(_joined(digit) % self._p for digit in digits) for digits in parts]
        return np.asarray(self._from_digits(values), dtype=object).reshape(shape)

    def from_words(self, words: NDArray[np.uint64]) -> Array:
        return self.from_int(words)

    def numbers(self, a: Array) -> NDArray[np.int64]:
        return np.asarray(np.frompyfunc(_number_of, 1, 1)(a), dtype=np.int64)

    def show(self, code: Any) -> str:
        return str(code)


def _inverse_of(x: Any) -> Any:
    """The inverse; zero stays zero, since inverting it makes flint end the process."""
    return x.inverse() if isinstance(x, flint.fq_default) and not x.is_zero() else x


def _number_of(x: Any) -> int:
    """An integer that differs for different elements, up to rare collisions."""
    mixed = 0
    for part in x.to_list() if isinstance(x, flint.fq_default) else (x,):
        mixed = (mixed * 1_000_003 + int(part)) % (2**61 - 1)
    return mixed


def _joined(blocks: list[int]) -> int:
    number = 0
    for block in blocks:
        number = number << 24 | block
    return number


@cache
def _context(p: int, k: int) -> Any:
    """The field GF(p^k), modulo an irreducible monic polynomial of degree k.

    The coefficients below degree k are read as a number in a small base, and polynomials are tried in the order of
    these numbers. In base p the search could be long, since the first p polynomials differ in the constant only: if 3
    does not divide p - 1, every polynomial `x^3 + c` has a root.
    """
    ring = flint.fmpz_mod_poly_ctx(flint.fmpz_mod_ctx(p))
    for base in (min(p, SMALL_BASE), p):
        for low in range(base**k):
            modulus = ring([*(low // base**i % base for i in range(k)), 1])
            _, factors = modulus.factor()
            if len(factors) == 1 and factors[0][1] == 1:
                return flint.fq_default_ctx(modulus=modulus)
    raise AssertionError("there is an irreducible polynomial of every degree")
