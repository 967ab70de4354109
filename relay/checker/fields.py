"""Which models a statement over `fields` is tried in."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import count

import flint
import numpy as np

from relay.evaluation.algebra.base import Algebra
from relay.evaluation.algebra.extension_fields import LargeField
from relay.evaluation.algebra.finite_fields import GaloisField, PrimeField, QuadraticExtension

EASY_BITS = 64
"""Constants of fewer bits are factored however many there are."""
TRIAL_BITS = 20
"""Of larger ones primes of up to so many bits are looked for first."""
MOST_BITS = 128
"""What is left of them is not factored if it has more bits."""
MOST_HARD = 4
"""So many of those are factored."""
MOST_EXPONENT = 10_000
MOST_EXPONENTS = 4
MOST_ENUMERATED = 4096
LARGE = 2**24
ROOTED = (73, 97, 193, 241)
"""Primes that are 1 modulo 24."""
LARGEST_TABLE = 13
"""The largest prime field with tables."""
TOLD = 13
"""Fields with more elements may be drawn: nobody is told which they were."""
HARMLESS_DEGREE = 4
"""Degrees below the number of elements of the fields that every statement which ranges over a type is tried in."""
_FIELD = re.compile(r"GF\((\d+)(\^\d+)?\)")


def untold(text: str) -> str:
    """A text without the names of fields that may have been drawn."""
    return _FIELD.sub(lambda m: m[0] if not m[2] and int(m[1]) <= TOLD else "a larger finite field", text)


@cache
def small(p: int, k: int = 1) -> Algebra:
    """A small field, made once."""
    return GaloisField(p, k)


def exhausted_fields() -> tuple[Algebra, ...]:
    """GF(2), GF(3) and GF(4) with Frobenius: every value, where there are not too many."""
    return small(2), small(3), small(2, 2)


def further_fields(rng: np.random.Generator) -> tuple[Algebra, ...]:
    """Small fields for statements that range over a type: GF(5), GF(9) with Frobenius, and one drawn."""
    drawn = ((7, 1), (2, 3), (11, 1), (13, 1))[int(rng.integers(0, 4))]
    return small(5), small(3, 2), small(*drawn)


def large_fields(rng: np.random.Generator) -> tuple[Algebra, ...]:
    """Two large prime fields and the square of one, drawn."""
    return PrimeField(random_prime(rng)), PrimeField(random_prime(rng)), QuadraticExtension(random_prime(rng))


def random_prime(rng: np.random.Generator) -> int:
    """A prime between 2^28 and 2^29."""
    while True:
        candidate = int(rng.integers(2**28, 2**29)) | 1
        if flint.fmpz(candidate).is_prime():
            return candidate


def middle_fields(rng: np.random.Generator) -> tuple[Algebra, ...]:
    """Drawn fields in which a random value meets one equation often enough: two prime fields, one that has square roots
    of -1, 2 and 3 and cube roots of 1, and the square of one, which has values that conjugation negates."""
    first, second = PrimeField(_drawn_prime(rng, 23, 64)), PrimeField(_drawn_prime(rng, 101, 257))
    rooted = PrimeField(ROOTED[int(rng.integers(0, len(ROOTED)))])
    return first, second, rooted, QuadraticExtension(_drawn_prime(rng, 29, 48))


def ranging_fields(rng: np.random.Generator, degree: int) -> tuple[Algebra, ...]:
    """Two drawn prime fields for statements that range over a type, with more elements than `degree`: there is a prime
    between n and 2n, and between 2n and 3n."""
    low = max(17, degree + 1)
    return enumerated(_drawn_prime(rng, low, 2 * low)), enumerated(_drawn_prime(rng, 2 * low, 3 * low))


def enumerated(p: int) -> Algebra:
    """GF(p), ready to be ranged over."""
    field = PrimeField(p)
    field.order = p
    return field


def _drawn_prime(rng: np.random.Generator, low: int, high: int) -> int:
    while True:
        candidate = int(rng.integers(low, high))
        if flint.fmpz(candidate).is_prime():
            return candidate


@dataclass(frozen=True, slots=True)
class Divisors:
    """The primes that divide some constants."""

    primes: tuple[int, ...]
    """Increasing."""
    missing: bool
    """Whether there are more: a constant could not be factored."""


def divisors(constants: Collection[int]) -> Divisors:
    """The primes that divide one of the constants."""
    primes: set[int] = set()
    hard = 0
    missing = False
    for value in sorted(constants):
        number = flint.fmpz(value)
        for p in sorted(primes):
            while number > 1 and number % p == 0:
                number //= p
        if number <= 1:
            continue
        if value < 2**EASY_BITS:
            primes.update(int(p) for p, _ in number.factor())
            continue
        for factor, _ in number.factor_smooth(TRIAL_BITS):
            if factor.is_prime():
                primes.add(int(factor))
            elif factor.bit_length() <= MOST_BITS and hard < MOST_HARD:
                hard += 1
                primes.update(int(p) for p, _ in factor.factor())
            else:
                missing = True
    return Divisors(tuple(sorted(primes)), missing)


def prime_field(p: int) -> Algebra:
    """GF(p), by the arithmetic that is fastest for it; ready to be exhausted where it is not too large."""
    if p <= LARGEST_TABLE:
        return small(p)
    return enumerated(p) if p < MOST_ENUMERATED else PrimeField(p) if p < 2**31 else LargeField(p)


def small_primes(low: int, high: int) -> tuple[int, ...]:
    """The primes from `low` up to `high`."""
    return tuple(p for p in range(low, high + 1) if flint.fmpz(p).is_prime())


def prime_fields(primes: Sequence[int]) -> tuple[Algebra, ...]:
    """The prime fields of the given characteristics, but for those that every statement is tried in."""
    return tuple(prime_field(p) for p in primes if p > 3)


def divisor_fields(constants: Collection[int], limit: int = 8) -> tuple[Algebra, ...]:
    """Prime fields whose characteristic divides one of the constants: those of the smallest and the largest few."""
    chosen = [p for p in divisors(constants).primes if 3 < p < 2**31]
    if len(chosen) > limit:
        chosen = chosen[: limit // 2] + chosen[-limit // 2 :]
    return prime_fields(chosen)


def extensions(p: int) -> tuple[Algebra, ...]:
    """Further fields of characteristic p, with and without an involution: in a prime field more is true. One of them is
    so large that no exponent makes up for it."""
    if p >= 2**30:
        return LargeField(p, 2), LargeField(p, 3)
    if p > LARGEST_TABLE:
        return QuadraticExtension(p), LargeField(p, 3)
    degree = next(k for k in count(3, 2) if p**k > LARGE)
    tables = {2: (3, 4), 3: (3,), 5: (2,), 7: (2,)}.get(p, ())
    squares = () if tables else (QuadraticExtension(p),)
    large = (LargeField(p, degree), LargeField(p, degree - 1)) if p < 5 else (LargeField(p, degree),)
    return *(small(p, k) for k in tables), *squares, *large


def plain_fields() -> tuple[Algebra, ...]:
    """GF(4), GF(9) and GF(25) with the identity as involution."""
    return tuple(_plain(p) for p in (2, 3, 5))


@cache
def _plain(p: int) -> Algebra:
    return GaloisField(p, 2, involution=False)


def exponent_fields(exponents: Collection[int]) -> tuple[int, ...]:
    """Characteristics in whose prime fields some of the given powers are far from onto: those with all roots of unity,
    for the largest exponents."""
    chosen = sorted((e for e in exponents if 2 < e <= MOST_EXPONENT), reverse=True)[:MOST_EXPONENTS]
    return tuple(sorted({_with_roots(e) for e in chosen}))


@cache
def _with_roots(exponent: int) -> int:
    return next(p for p in count(exponent + 1, exponent) if flint.fmpz(p).is_prime())
