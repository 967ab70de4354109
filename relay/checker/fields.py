"""The finite fields in which a statement over `fields` is tried."""

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
"""Constants with fewer bits are always factored; `MOST_HARD` does not count them."""
TRIAL_BITS = 20
"""From constants with `EASY_BITS` bits or more, prime factors of up to so many bits are split off first."""
MOST_BITS = 128
"""A composite factor that remains after that is not factored if it has more bits than this."""
MOST_HARD = 4
"""For one statement, at most so many of these remaining factors are factored, because each may take long."""
MOST_EXPONENT = 10_000
"""For a larger exponent e, no field with all e-th roots of unity is tried."""
MOST_EXPONENTS = 4
"""Such fields are tried for at most so many exponents: the largest ones."""
MOST_ENUMERATED = 4096
"""Prime fields with fewer elements have an `order`, so that they can be exhausted."""
LARGE = 2**24
"""If a characteristic is small, one of its extension fields has more elements than this (see `extensions`)."""
ROOTED = (73, 97, 193, 241)
"""Primes that are 1 modulo 24. Such fields have square roots of -1, 2 and 3, and all cube roots of 1."""
LARGEST_TABLE = 13
"""The largest prime whose field uses tables for its arithmetic."""
TOLD = 13
"""The characteristic of the largest prime field that messages name. Larger fields may be random ones, and researchers
are not shown which fields were drawn."""
HARMLESS_DEGREE = 4
"""A claim that ranges over a type needs no larger fields if its degree is at most this: GF(5), in which it is tried,
has more elements than its degree."""
ALWAYS_TRIED = 5
"""Of the fields of up to `TOLD` elements, those above GF(5) may be drawn too. A list of all that were tried names none
of them."""
_FIELD = re.compile(r"GF\((\d+)(\^\d+)?\)")


def untold(text: str, most: int = TOLD) -> str:
    """Returns `text` with each name of an extension field, or of a field of more than `most` elements, replaced by `a
    larger finite field`."""
    return _FIELD.sub(lambda m: m[0] if not m[2] and int(m[1]) <= most else "a larger finite field", text)


def is_named(model: Algebra) -> bool:
    """Whether messages name the field. Of any other, nothing that was computed in it may be told."""
    return untold(model.name) == model.name


@cache
def small(p: int, k: int = 1) -> Algebra:
    """Returns GF(p^k). Equal arguments return the same object, because its tables take time to build."""
    return GaloisField(p, k)


def exhausted_fields() -> tuple[Algebra, ...]:
    """Returns three fields: GF(2), GF(3), and GF(4) whose `conj` is Frobenius. In these, every value is tried unless
    there are too many."""
    return small(2), small(3), small(2, 2)


def further_fields(rng: np.random.Generator) -> tuple[Algebra, ...]:
    """Returns three more small fields: GF(5), GF(9) whose `conj` is Frobenius, and at random one of GF(7), GF(8),
    GF(11) and GF(13)."""
    drawn = ((7, 1), (2, 3), (11, 1), (13, 1))[int(rng.integers(0, 4))]
    return small(5), small(3, 2), small(*drawn)


def large_fields(rng: np.random.Generator) -> tuple[Algebra, ...]:
    """Returns three fields for random primes p between 2^28 and 2^29: GF(p) for two of these primes, and GF(p^2) for
    the third."""
    return PrimeField(random_prime(rng)), PrimeField(random_prime(rng)), QuadraticExtension(random_prime(rng))


def random_prime(rng: np.random.Generator) -> int:
    """Returns a random prime between 2^28 and 2^29."""
    # below 2^30, so that the prime also suits `QuadraticExtension`
    while True:
        candidate = int(rng.integers(2**28, 2**29)) | 1
        if flint.fmpz(candidate).is_prime():
            return candidate


def middle_fields(rng: np.random.Generator) -> tuple[Algebra, ...]:
    """Returns four random fields in which random values satisfy one equation often enough.

    Three are prime fields: one with p below 64, one with p between 101 and 257, and one with square roots of -1, 2 and
    3 and cube roots of 1. The fourth is a quadratic extension, which has values that conjugation negates."""
    first, second = PrimeField(_drawn_prime(rng, 23, 64)), PrimeField(_drawn_prime(rng, 101, 257))
    rooted = PrimeField(ROOTED[int(rng.integers(0, len(ROOTED)))])
    return first, second, rooted, QuadraticExtension(_drawn_prime(rng, 29, 48))


def ranging_fields(rng: np.random.Generator, degree: int) -> tuple[Algebra, ...]:
    """Returns two random prime fields with more elements than `degree`, for statements that range over a type.

    Both exist: there is a prime between n and 2n (Chebyshev, 1852) and one between 2n and 3n (El Bachraoui, 2006)."""
    low = max(17, degree + 1)
    return enumerated(_drawn_prime(rng, low, 2 * low)), enumerated(_drawn_prime(rng, 2 * low, 3 * low))


def enumerated(p: int) -> Algebra:
    """Returns GF(p) with its `order` set, so that statements can range over it whatever its size."""
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
    """In increasing order."""
    missing: bool
    """Whether there are further primes, because a constant could not be factored."""


def divisors(constants: Collection[int]) -> Divisors:
    """Returns the primes that divide at least one of the `constants`, as far as these can be factored within the
    limits."""
    primes: set[int] = set()
    hard = 0
    missing = False
    for value in sorted(constants):
        number = flint.fmpz(value)  # the loop below removes prime factors from it
        for p in sorted(primes):  # divide by known primes first: what remains is often easy
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
    """Returns GF(p) with the arithmetic that is fastest for it. If p is below `MOST_ENUMERATED`, it can be
    exhausted."""
    if p <= LARGEST_TABLE:
        return small(p)
    return enumerated(p) if p < MOST_ENUMERATED else PrimeField(p) if p < 2**31 else LargeField(p)


def small_primes(low: int, high: int) -> tuple[int, ...]:
    """Returns the primes from `low` to `high`, both included."""
    return tuple(p for p in range(low, high + 1) if flint.fmpz(p).is_prime())


def prime_fields(primes: Sequence[int]) -> tuple[Algebra, ...]:
    """Returns the prime fields of the given characteristics. GF(2) and GF(3) are left out: every statement is tried
    there."""
    return tuple(prime_field(p) for p in primes if p > 3)


def divisor_fields(constants: Collection[int], limit: int = 8) -> tuple[Algebra, ...]:
    """Returns prime fields whose characteristic divides one of the constants: at most `limit` of them, half with the
    smallest and half with the largest characteristics."""
    chosen = [p for p in divisors(constants).primes if 3 < p < 2**31]
    if len(chosen) > limit:
        chosen = chosen[: limit // 2] + chosen[-limit // 2 :]
    return prime_fields(chosen)


def extensions(p: int) -> tuple[Algebra, ...]:
    """Returns extension fields of characteristic p, some with an involution and some without.

    A claim may hold in the prime field and fail in an extension. If p is small, one field has more than `LARGE`
    elements, so that a law such as `x ** 4 == x`, which holds in a small field, fails there."""
    if p >= 2**30:
        return LargeField(p, 2), LargeField(p, 3)
    if p > LARGEST_TABLE:
        return QuadraticExtension(p), LargeField(p, 3)
    degree = next(k for k in count(3, 2) if p**k > LARGE)  # odd: then `conj` is the identity
    # degrees of small extensions with tables, besides GF(4) and GF(9), in which every open claim is tried anyway
    tables = {2: (3, 4), 3: (3,), 5: (2,), 7: (2,)}.get(p, ())
    squares = () if tables else (QuadraticExtension(p),)
    large = (LargeField(p, degree), LargeField(p, degree - 1)) if p < 5 else (LargeField(p, degree),)
    return *(small(p, k) for k in tables), *squares, *large


def plain_fields() -> tuple[Algebra, ...]:
    """Returns GF(4), GF(9) and GF(25) with the identity as `conj`."""
    return tuple(_plain(p) for p in (2, 3, 5))


@cache
def _plain(p: int) -> Algebra:
    return GaloisField(p, 2, involution=False)


def exponent_fields(exponents: Collection[int]) -> tuple[int, ...]:
    """Returns characteristics p such that few elements of GF(p) are e-th powers, where e is one of the `exponents`.

    For each e, this is the smallest prime p such that GF(p) contains all e-th roots of unity. Only the largest
    `MOST_EXPONENTS` exponents up to `MOST_EXPONENT` are used."""
    chosen = sorted((e for e in exponents if 2 < e <= MOST_EXPONENT), reverse=True)[:MOST_EXPONENTS]
    return tuple(sorted({_with_roots(e) for e in chosen}))


@cache
def _with_roots(exponent: int) -> int:
    # p = 1 modulo the exponent; such a prime exists (Dirichlet)
    return next(p for p in count(exponent + 1, exponent) if flint.fmpz(p).is_prime())
