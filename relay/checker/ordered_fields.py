"""The fields in which claims over the reals and the complexes are tried. Finite fields are no models of these classes.

Small integers come first, because they make readable counterexamples. Then come rationals, numbers near those that the
claim names, since inequalities change there, and numbers with a square root of 2 under both of its signs. For the
complexes, i is adjoined to each of these fields.
"""

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
    """Returns the field of the class whose random elements are small integers."""
    return Rationals() if over == "reals" else QuadraticField(Rationals(), -1, "i")


def plain_field(over: str) -> Algebra:
    """Returns the field of the class to which no square root but i is adjoined."""
    return (reals() if over == "reals" else complexes())[0]


def marked_field(over: str, marked: Sequence[tuple[int, int]]) -> Algebra:
    """Returns the field of the class whose random values are near the given fractions, pairs (numerator,
    denominator)."""
    near = MarkedRationals([flint.fmpq(p, q) for p, q in marked])
    return near if over == "reals" else QuadraticField(near, -1, "i")


def rooted_fields(over: str, numbers: Collection[int]) -> tuple[Algebra, ...]:
    """Returns the fields of a class with a square root of 2, and fields with a square root of one of `numbers`: those
    with the smallest square-free parts."""
    first = (reals() if over == "reals" else complexes())[1:]
    free = sorted({_free(n) for n in numbers if 2 < n < 2**MOST_BITS} - {1, 2})[:MOST_ROOTS]
    found = [*first]
    for n in free:
        field = QuadraticField(Rationals(fractions=True), n, f"sqrt({n})", 1)
        found.append(field if over == "reals" else QuadraticField(field, -1, "i"))
    return tuple(found)


def marks(numbers: Collection[int]) -> list[tuple[int, int]]:
    """Returns fractions, as (numerator, denominator), at which a comparison with a number of the claim may change.

    These are the number, its neighbours, its half, its square root rounded down and up, the reciprocals of these, and
    quotients of two numbers; each with both signs."""
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
