"""The fields in which claims over the reals and the complexes are tried. Finite fields are no models of these classes.

Small integers come first, because they make readable counterexamples. Then come rationals, and numbers near those that
the claim names, since inequalities change there. Then come fields with a square root of 2: one where it is positive,
one where it is negative. For the complexes, i is adjoined to these fields."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from math import isqrt, prod

import flint

from relay.evaluation.algebra.base import Algebra
from relay.evaluation.algebra.marked_fields import MarkedRationals
from relay.evaluation.algebra.quadratic_fields import QuadraticField, complexes, reals
from relay.evaluation.algebra.rationals import Rationals

MOST_ROOTS = 3
"""Besides the square root of 2, the square roots of at most so many numbers in a claim are adjoined."""
MOST_BITS = 64
"""Numbers with more bits are skipped: factoring them may take long."""
MOST_MARKED = 6
"""Values are drawn near at most so many numbers of a claim: the smallest and the largest ones."""


def looked_at(over: str) -> Algebra:
    """Returns the field of the class `over` whose random elements are small integers: Q for the reals, Q(i) for the
    complexes."""
    return Rationals() if over == "reals" else QuadraticField(Rationals(), -1, "i")


def plain_field(over: str) -> Algebra:
    """Returns the field of the class `over` without further square roots: Q for the reals, Q(i) for the complexes."""
    return (reals() if over == "reals" else complexes())[0]


def marked_field(over: str, marked: Sequence[tuple[int, int]]) -> Algebra:
    """Returns a field of the class `over` whose random values are near the fractions `marked`. These are given as pairs
    (numerator, denominator)."""
    near = MarkedRationals([flint.fmpq(p, q) for p, q in marked])
    return near if over == "reals" else QuadraticField(near, -1, "i")


def rooted_fields(over: str, numbers: Collection[int]) -> tuple[Algebra, ...]:
    """Returns the fields of the class `over` to which a square root is adjoined: a root of 2, or a root of one of the
    `numbers`. Of these, at most `MOST_ROOTS` are used: those with the smallest square-free parts."""
    first = (reals() if over == "reals" else complexes())[1:]
    free = sorted({_free(n) for n in numbers if 2 < n < 2**MOST_BITS} - {1, 2})[:MOST_ROOTS]
    found = [*first]
    for n in free:
        field = QuadraticField(Rationals(fractions=True), n, f"sqrt({n})", 1)
        found.append(field if over == "reals" else QuadraticField(field, -1, "i"))
    return tuple(found)


def marks(numbers: Collection[int]) -> list[tuple[int, int]]:
    """Returns fractions, as pairs (numerator, denominator), at which a comparison with a number of the claim may
    change.

    For each number, these are the number, its neighbours, its half, its square root rounded down and up, the
    reciprocals of these, and quotients of it and another number. Each comes with both signs."""
    chosen = sorted(n for n in numbers if 3 < n < 2**MOST_BITS)
    chosen = [*chosen[: MOST_MARKED // 2], *chosen[MOST_MARKED // 2 :][-MOST_MARKED // 2 :]]
    found: list[tuple[int, int]] = []
    for n in chosen:
        found += [(n - 1, 1), (n, 1), (n + 1, 1), (n, 2), (1, n), (1, 2 * n), (2, n), (1, n + 1), (1, n - 1)]
        found += [(m, n) for m in sorted({m for m in numbers if 1 < m < 2**MOST_BITS and m != n})[:MOST_MARKED]]
        found += [(isqrt(n) + 1, 1), (isqrt(n), 1), (1, isqrt(n) + 1)]
    return [(sign * p, q) for p, q in found for sign in (1, -1)]


def _free(n: int) -> int:
    """Returns the square-free part of a number."""
    return prod(int(p) for p, power in flint.fmpz(n).factor() if power % 2)
