"""Finds characteristics that no constant of a claim shows: those in which polynomials that it compares with zero vanish
together.

`x ** 2 == 2` and a division by `x + 3` meet in characteristic 7 only: 7 is the resultant of both polynomials (von zur
Gathen and Gerhard, Modern Computer Algebra, section 6.3). `x ** 2 == x + 1` has a double root in characteristic 5 only:
5 is its discriminant. Unknowns are eliminated from pairs of polynomials in several rounds, so that equations in a few
unknowns lead to numbers. The result is a hint where to search. An empty result proves nothing."""

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
"""Coefficients are collected until there are so many different ones."""
MOST_POLYNOMIALS = 10
"""At most so many polynomials of one case are eliminated in pairs."""
MOST_ELIMINANTS = 30
"""A round of elimination ends after about so many resultants and discriminants."""
MOST_UNKNOWNS = 3
"""Polynomials with more unknowns are ignored."""
MOST_DEGREE = 8
"""Polynomials of a higher total degree are ignored."""
MOST_TERMS = 24
"""Polynomials with more terms are ignored."""
MOST_BEZOUT = 12
"""If two polynomials have several unknowns, their resultant is computed only if the product of their total degrees is
at most this: the resultant may have that degree."""
MOST_BITS = 64
"""Polynomials that have a coefficient with more bits are ignored. So are resultants with more bits."""
ROUNDS = 3
"""Rounds of elimination: each may eliminate one unknown."""


@dataclass(frozen=True, slots=True)
class Eliminated:
    """What follows from the polynomials that a claim compares with zero."""

    coefficients: frozenset[int]
    """Absolute values of coefficients. In a characteristic that divides one of them, a polynomial loses a term."""
    resultants: frozenset[int]
    """In a characteristic that divides one of these numbers, some of the polynomials have a common root, or one has a
    double root."""
    factors: tuple[tuple[int, ...], ...]
    """Irreducible polynomials over the integers at whose roots a comparison may change. Each is given by its
    coefficients, the constant one first."""


def eliminated(claim: Claim, cases: Sequence[Case], definitions: Mapping[str, Definition]) -> Eliminated:
    """Eliminates unknowns from the polynomials that a claim compares with zero at the given cases, and returns what
    follows. `conj` counts as the identity, as in every prime field."""
    numbers: set[int] = set()
    resultants: set[int] = set()
    turning: set[tuple[int, ...]] = set()
    for case in cases:
        seen: list[Poly] = []

        # `seen` as a default value: each case has a list of its own
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
    """Returns the roots of the given polynomials in GF(p), in increasing order. `p` is a prime below 2^31.

    A polynomial is given by its coefficients, the constant one first. A polynomial that is zero in GF(p) is skipped."""
    found: set[int] = set()
    for coefficients in polynomials:
        reduced = flint.nmod_poly([c % p for c in coefficients], p)
        if reduced.degree() > 0:
            found.update(int(-f[0]) for f, _ in reduced.factor()[1] if f.degree() == 1)
    return tuple(sorted(found))


def roots_in_square(p: int, polynomials: Sequence[Sequence[int]]) -> tuple[tuple[int, int], ...]:
    """Returns those roots of the given polynomials that lie in GF(p^2) but not in GF(p). `p` is a prime from 3 to 2^30.

    A polynomial is given as for `roots_in`. A root is a pair (x, y) for `x + y r`. Here r is a square root of the
    number `non_residue(p)`, as in `relay.evaluation.algebra.finite_fields.QuadraticExtension`."""
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
    """Returns the given polynomials and the results of eliminating unknowns from them.

    Each round eliminates one unknown: from one polynomial by its discriminant, and from two polynomials by their
    resultant. The next round uses these results too."""
    fresh = sorted(polynomials, key=_size)
    found = list(fresh)
    for _ in range(ROUNDS):
        results = [f.discriminant(place) for f in fresh for place in _unknowns(f) if _is_cheap(f, f, place, 2)]
        # pairs of old polynomials were combined in an earlier round
        old = found[: len(found) - len(fresh)]
        # small polynomials come first, because the loop may end early
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
    """Whether both polynomials have degree at least `least` in the unknown number `place`, and eliminating it costs
    little."""
    if min(f.degrees()[place], g.degrees()[place]) < least:
        return False
    together = {*_unknowns(f), *_unknowns(g)}
    # Of two polynomials in one unknown, the resultant is a number. Otherwise Bezout bounds its degree.
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
