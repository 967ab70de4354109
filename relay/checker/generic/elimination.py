"""Characteristics that nothing in a claim names: those in which what it compares with zero vanishes together.

`x ** 2 == 2` and a division by `x + 3` meet in characteristic 7 only, which is the resultant of both polynomials (see
von zur Gathen and Gerhard, Modern Computer Algebra, section 6.3); `x ** 2 == x + 1` has a double root in
characteristic 5 only, its discriminant. The polynomials are eliminated in pairs, over and over, so that equations in a
few unknowns are followed to numbers. What is found is a hint where to look; that nothing is found says nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations, product

import flint

from relay.checker.cases import Case
from relay.checker.generic.zero_tests import factors, watch
from relay.evaluation.algebra.finite_fields import non_residue
from relay.evaluation.algebra.polynomial_facts import Poly
from relay.notation.syntax import Claim, Definition

__all__ = ["Eliminated", "eliminated", "roots_in", "roots_in_square"]

MOST_SEEN = 24
"""Different numbers in compared polynomials that are looked at."""
MOST_POLYNOMIALS = 10
"""Of one case, that are eliminated in pairs."""
MOST_ELIMINANTS = 30
MOST_UNKNOWNS = 3
"""In one of them."""
MOST_DEGREE = 8
MOST_TERMS = 24
MOST_BEZOUT = 12
"""Degrees of two polynomials multiplied, where what follows is not a number: it may have that degree."""
MOST_BITS = 64
"""Of a coefficient, and of a resultant whose prime divisors are characteristics to try."""
ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Eliminated:
    """What the polynomials that a claim compares with zero say of characteristics, and of values."""

    coefficients: frozenset[int]
    """Their coefficients: in fields of these characteristics the claim may say something else."""
    resultants: frozenset[int]
    """In fields of these characteristics some of them vanish together, and in others they do not."""
    factors: tuple[tuple[int, ...], ...]
    """Irreducible polynomials over the integers, as coefficients, the constant one first, whose roots are values at
    which something turns."""


def eliminated(claim: Claim, cases: Sequence[Case], definitions: Mapping[str, Definition]) -> Eliminated:
    """What is found in some cases. Conjugation is taken to be the identity, as it is in every prime field."""
    numbers: set[int] = set()
    resultants: set[int] = set()
    turning: set[tuple[int, ...]] = set()
    for case in cases:
        seen: list[Poly] = []

        def note(polynomial: Poly, seen: list[Poly] = seen) -> None:
            if len(numbers) < MOST_SEEN:
                numbers.update(abs(int(c)) for c in polynomial.coeffs()[:MOST_SEEN])
            if len(seen) < MOST_POLYNOMIALS and _is_small(polynomial) and polynomial not in seen:
                seen.append(polynomial)

        watch(claim, [case], definitions, note, involution=False)
        eliminants = _eliminants(seen)
        resultants.update(abs(int(f.coeffs()[0])) for f in eliminants if f != 0 and f.is_constant())
        turning.update(factor for f in eliminants for factor in factors(f))
    few = frozenset(n for n in resultants if n > 1 and n.bit_length() <= MOST_BITS)
    return Eliminated(frozenset(numbers), few, tuple(sorted(turning, key=lambda f: (len(f), f))))


def roots_in(p: int, polynomials: Sequence[Sequence[int]]) -> tuple[int, ...]:
    """The roots of some polynomials in GF(p), for a prime p below 2^31; those that are zero there have none."""
    found: set[int] = set()
    for coefficients in polynomials:
        reduced = flint.nmod_poly([c % p for c in coefficients], p)
        if reduced.degree() > 0:
            found.update(int(-f[0]) for f, _ in reduced.factor()[1] if f.degree() == 1)
    return tuple(sorted(found))


def roots_in_square(p: int, polynomials: Sequence[Sequence[int]]) -> tuple[tuple[int, int], ...]:
    """Their roots in GF(p^2) that are not in GF(p), for a prime p from 3 to 2^30: pairs x, y for `x + y r` with r as in
    `relay.evaluation.algebra.finite_fields.QuadraticExtension`."""
    found: set[tuple[int, int]] = set()
    half, square = pow(2, -1, p), non_residue(p)
    for coefficients in polynomials:
        reduced = flint.nmod_poly([c % p for c in coefficients], p)
        for factor, _ in reduced.factor()[1] if reduced.degree() > 1 else ():
            if factor.degree() == 2:  # monic: x^2 + b x + c, and its discriminant is no square
                b, c = int(factor[1]), int(factor[0])
                ratio = (b * b - 4 * c) * pow(square, -1, p) % p
                found.update((-b * half % p, s * half % p) for s in roots_in(p, [(-ratio, 0, 1)]))
    return tuple(sorted(found))


def _eliminants(polynomials: list[Poly]) -> list[Poly]:
    """The given polynomials, and what follows from two of them, or from one with a double root, without an unknown."""
    fresh = sorted(polynomials, key=_size)
    found = list(fresh)
    for _ in range(ROUNDS):
        results = [f.discriminant(place) for f in fresh for place in _unknowns(f) if _is_cheap(f, f, place, 2)]
        old = found[: len(found) - len(fresh)]
        for f, g in chain(combinations(fresh, 2), product(old, fresh)):
            if len(results) > MOST_ELIMINANTS:
                break
            results += [f.resultant(g, place) for place in _unknowns(f) if _is_cheap(f, g, place, 1)]
        fresh = []
        for result in sorted(results, key=_size):
            if (result.is_constant() or _is_small(result)) and result not in found:
                found.append(result)
                fresh.append(result)
    return found


def _unknowns(polynomial: Poly) -> list[int]:
    return [place for place, degree in enumerate(polynomial.degrees()) if degree]


def _is_cheap(f: Poly, g: Poly, place: int, least: int) -> bool:
    """Whether an unknown, in which both have at least some degree, is soon eliminated."""
    if min(f.degrees()[place], g.degrees()[place]) < least:
        return False
    together = {*_unknowns(f), *_unknowns(g)}
    return len(together) == 1 or int(f.total_degree()) * int(g.total_degree()) <= MOST_BEZOUT


def _size(polynomial: Poly) -> tuple[int, int, int]:
    return len(_unknowns(polynomial)), int(polynomial.total_degree()), len(polynomial)


def _is_small(polynomial: Poly) -> bool:
    return (
        polynomial != 0
        and not polynomial.is_constant()
        and len(polynomial) <= MOST_TERMS
        and polynomial.total_degree() <= MOST_DEGREE
        and len(_unknowns(polynomial)) <= MOST_UNKNOWNS
        and max(c.height_bits() for c in polynomial.coeffs()) <= MOST_BITS
    )
