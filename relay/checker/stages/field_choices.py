"""The fields that a stage tries. docs/checker.md prints the docstrings of these functions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from relay.checker.characteristics import LARGEST_UNASKED, extended_characteristics
from relay.checker.fields import (
    enumerated,
    exhausted_fields,
    exponent_fields,
    extensions,
    further_fields,
    middle_fields,
    plain_fields,
    prime_field,
    prime_fields,
    random_prime,
    ranging_fields,
    small,
    small_primes,
)
from relay.checker.ordered_fields import looked_at, marked_field, plain_field, rooted_fields
from relay.checker.stages.inquiry import Inquiry
from relay.evaluation.algebra.base import Algebra
from relay.evaluation.algebra.finite_fields import SMALL, PrimeField
from relay.evaluation.algebra.marked_fields import MarkedPrimeField, MarkedQuadraticExtension
from relay.evaluation.algebra.rationals import Rationals

FIRST_RANGED = 17
"""A claim that ranges over a type is tried in many prime fields; this is the smallest. Smaller ones have stages of
their own."""


def the_structure(inquiry: Inquiry) -> Sequence[Algebra]:
    """the structure"""
    return [inquiry.structure] if inquiry.structure is not None else []


# --- fields of every kind --------------------------------------------------------------------------------------------


def rationals(inquiry: Inquiry) -> Sequence[Algebra]:
    """Q; the values are small integers"""
    return [Rationals()]


def audit_fields(inquiry: Inquiry) -> Sequence[Algebra]:
    """two fields: a random prime field with p between 2^28 and 2^29, and GF(4)"""
    return [PrimeField(random_prime(inquiry.rng)), small(2, 2)]


def smallest(inquiry: Inquiry) -> Sequence[Algebra]:
    """GF(2), GF(3), GF(4)"""
    return exhausted_fields()


def large_and_square(inquiry: Inquiry) -> Sequence[Algebra]:
    """two fields: a random prime field with p between 2^28 and 2^29, and the quadratic extension of another one"""
    first, _, square = inquiry.large
    return [first, square]


def large_alone(inquiry: Inquiry) -> Sequence[Algebra]:
    """another random prime field with p between 2^28 and 2^29"""
    return [inquiry.large[1]]


def large_and_two(inquiry: Inquiry) -> Sequence[Algebra]:
    """two fields: the first prime field of the stage `large fields`, and GF(2)"""
    return [inquiry.large[0], small(2)]


def further(inquiry: Inquiry) -> Sequence[Algebra]:
    """GF(5), GF(9), and at random one of GF(7), GF(8), GF(11) and GF(13)"""
    return further_fields(inquiry.rng)


def middle(inquiry: Inquiry) -> Sequence[Algebra]:
    """random fields: GF(p) with p below 64, p below 257, or square roots of -1, 2 and 3; a quadratic extension"""
    return middle_fields(inquiry.rng)


def dividing(inquiry: Inquiry) -> Sequence[Algebra]:
    """prime fields whose characteristic divides a constant, or a coefficient of a polynomial compared with zero"""
    return prime_fields(inquiry.characteristics.dividing)


def meeting(inquiry: Inquiry) -> Sequence[Algebra]:
    """prime fields in which polynomials that are compared with zero vanish together"""
    return prime_fields(inquiry.characteristics.meeting)


def at_roots(inquiry: Inquiry) -> Sequence[Algebra]:
    """fields of `divisors` and `resultants` with a root of a polynomial compared with zero; most values are roots"""
    return [MarkedPrimeField(marks, p) for p, marks in inquiry.characteristics.roots() if marks]


def at_roots_in_squares(inquiry: Inquiry) -> Sequence[Algebra]:
    """quadratic extensions of these fields that contain further roots of such polynomials; most values are roots"""
    found = inquiry.characteristics.roots_in_squares()
    return [MarkedQuadraticExtension(np.array(marks), p) for p, marks in found if marks]


def with_roots_of_unity(inquiry: Inquiry) -> Sequence[Algebra]:
    """prime fields with all e-th roots of unity, for exponents e in the claim"""
    return prime_fields(exponent_fields(inquiry.reading.meetings.exponents))


def extended(inquiry: Inquiry) -> Iterator[Algebra]:
    """extensions of GF(2), of GF(3), and of GF(p) for each p that divides a scalar or that the hypothesis forces"""
    met = inquiry.tally.satisfying.characteristics
    for p in extended_characteristics(inquiry.characteristics, met):
        yield from extensions(p)


def without_involution(inquiry: Inquiry) -> Sequence[Algebra]:
    """GF(4), GF(9) and GF(25), in which `conj` is the identity"""
    return plain_fields()


def many_primes(inquiry: Inquiry) -> Iterator[Algebra]:
    """the prime fields from GF(5) to GF(127)"""
    return map(prime_field, small_primes(5, LARGEST_UNASKED))


# --- for claims that range over a type -------------------------------------------------------------------------------


def two_and_three(inquiry: Inquiry) -> Sequence[Algebra]:
    """GF(2), GF(3)"""
    return exhausted_fields()[:2]


def four(inquiry: Inquiry) -> Sequence[Algebra]:
    """GF(4)"""
    return exhausted_fields()[2:]


def small_dividing(inquiry: Inquiry) -> Sequence[Algebra]:
    """small prime fields whose characteristic divides a constant"""
    return prime_fields([p for p in inquiry.characteristics.dividing if p <= SMALL])


def many_ranged(inquiry: Inquiry) -> Iterator[Algebra]:
    """the prime fields from GF(17) to GF(127)"""
    return map(enumerated, small_primes(FIRST_RANGED, LARGEST_UNASKED))


def asked_ranged(inquiry: Inquiry) -> Iterator[Algebra]:
    """for primes p that divide a scalar, extensions of GF(p), and GF(p) if p is large; prime fields for exponents"""
    asked = inquiry.characteristics
    for p in asked.extended:
        yield from (field for field in extensions(p) if (field.order or SMALL + 1) <= SMALL)
    yield from map(enumerated, exponent_fields(inquiry.reading.meetings.exponents))
    yield from (enumerated(p) for p in asked.named if SMALL < p < 2**31)


def large_ranged(inquiry: Inquiry) -> Sequence[Algebra]:
    """two random prime fields with more than 16 elements and more elements than the degree of the claim"""
    return ranging_fields(inquiry.rng, inquiry.reading.meetings.degree)


# --- over the reals and the complexes --------------------------------------------------------------------------------


def with_small_elements(inquiry: Inquiry) -> Sequence[Algebra]:
    """Q or Q(i); the values are small integers"""
    return [looked_at(inquiry.reading.claim.over)]


def without_root(inquiry: Inquiry) -> Sequence[Algebra]:
    """Q or Q(i)"""
    return [plain_field(inquiry.reading.claim.over)]


def near_marks(inquiry: Inquiry) -> Sequence[Algebra]:
    """Q or Q(i); values near the numbers in the claim, near their quotients and near their square roots"""
    return [marked_field(inquiry.reading.claim.over, inquiry.marks)] if inquiry.marks else []


def at_turning_points(inquiry: Inquiry) -> Sequence[Algebra]:
    """Q or Q(i) with square roots; most values are roots of polynomials in one unknown compared with zero"""
    return inquiry.roots.models


def with_square_roots(inquiry: Inquiry) -> Sequence[Algebra]:
    """Q or Q(i) with a square root: of 2 with either sign, or of one of three numbers in the claim"""
    return rooted_fields(inquiry.reading.claim.over, inquiry.reading.meetings.numbers)
