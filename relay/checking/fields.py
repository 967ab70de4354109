"""Which models a statement over `fields` is tried in."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache

import flint
import numpy as np

from relay.models.base import Model
from relay.models.finite import GaloisField, PrimeField, QuadraticExtension

MOST_BITS = 96
"""Constants of more bits are not factored."""
TOLD = 13
"""Fields with more elements may be drawn: nobody is told which they were."""
_FIELD = re.compile(r"GF\((\d+)(\^\d+)?\)")


def untold(text: str) -> str:
    """A text without the names of fields that may have been drawn."""
    return _FIELD.sub(lambda m: m[0] if not m[2] and int(m[1]) <= TOLD else "a larger finite field", text)


@cache
def small(p: int, k: int = 1) -> Model:
    """A small field, made once."""
    return GaloisField(p, k)


def exhausted_fields() -> tuple[Model, ...]:
    """GF(2), GF(3) and GF(4) with Frobenius: every value, where there are not too many."""
    return small(2), small(3), small(2, 2)


def further_fields(rng: np.random.Generator) -> tuple[Model, ...]:
    """Small fields for statements that range over a type: GF(5), GF(9) with Frobenius, and one drawn."""
    drawn = ((7, 1), (2, 3), (11, 1), (13, 1))[int(rng.integers(0, 4))]
    return small(5), small(3, 2), small(*drawn)


def large_fields(rng: np.random.Generator) -> tuple[Model, ...]:
    """Two large prime fields and the square of one, drawn."""
    return PrimeField(random_prime(rng)), PrimeField(random_prime(rng)), QuadraticExtension(random_prime(rng))


def random_prime(rng: np.random.Generator) -> int:
    """A prime between 2^28 and 2^29."""
    while True:
        candidate = int(rng.integers(2**28, 2**29)) | 1
        if flint.fmpz(candidate).is_prime():
            return candidate


def middle_fields(rng: np.random.Generator) -> tuple[Model, ...]:
    """Two drawn prime fields in which a random value meets one equation often enough."""
    return PrimeField(_drawn_prime(rng, 23, 64)), PrimeField(_drawn_prime(rng, 101, 257))


def ranging_fields(rng: np.random.Generator, degree: int) -> tuple[Model, ...]:
    """Two drawn prime fields for statements that range over a type, with more elements than `degree`."""
    low = max(17, degree + 1)
    return enumerated(_drawn_prime(rng, low, 3 * low)), enumerated(_drawn_prime(rng, low, 3 * low))


def enumerated(p: int) -> Model:
    """GF(p), ready to be ranged over."""
    field = PrimeField(p)
    field.order = p
    return field


def _drawn_prime(rng: np.random.Generator, low: int, high: int) -> int:
    while True:
        candidate = int(rng.integers(low, high))
        if flint.fmpz(candidate).is_prime():
            return candidate


def divisor_fields(constants: Collection[int], limit: int = 8) -> tuple[Model, ...]:
    """Fields whose characteristic divides one of the constants: those of the smallest and the largest few primes."""
    primes: set[int] = set()
    for value in sorted(constants):
        if 1 < value < 2**MOST_BITS:
            primes.update(int(p) for p, _ in flint.fmpz(value).factor())
    chosen = sorted(p for p in primes if 3 < p < 2**31)
    if len(chosen) > limit:
        chosen = chosen[: limit // 2] + chosen[-limit // 2 :]
    return tuple(small(p) if p <= 13 else PrimeField(p) for p in chosen)
