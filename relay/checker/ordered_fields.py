"""The fields that claims over the reals and the complexes are tried in, where finite fields are no models.

Small integers come first, because they read well; then rationals, and numbers with a square root of 2 under both of its
signs. Numbers near those that the claim names come in between: inequalities turn there. For the complexes each of these
has an i beside it.
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
"""Square roots of numbers in a claim that are adjoined, besides that of 2."""
MOST_BITS = 64
MOST_MARKED = 6
"""Numbers of a claim that values are drawn beside, smallest and largest."""


def looked_at(over: str) -> Algebra:
    """A field of the class with small elements."""
    return Rationals() if over == "reals" else QuadraticField(Rationals(), -1, "i")


def plain_field(over: str) -> Algebra:
    """The field of the class without a square root of its own."""
    return (reals() if over == "reals" else complexes())[0]


def marked_field(over: str, marked: Sequence[tuple[int, int]]) -> Algebra:
    """The same field, its random values near the given fractions."""
    near = MarkedRationals([flint.fmpq(p, q) for p, q in marked])
    return near if over == "reals" else QuadraticField(near, -1, "i")


def rooted_fields(over: str, numbers: Collection[int]) -> tuple[Algebra, ...]:
    """The fields of a class with a square root: of 2, and of the least few numbers that occur in a claim."""
    first = (reals() if over == "reals" else complexes())[1:]
    free = sorted({_free(n) for n in numbers if 2 < n < 2**MOST_BITS} - {1, 2})[:MOST_ROOTS]
    found = [*first]
    for n in free:
        field = QuadraticField(Rationals(fractions=True), n, f"sqrt({n})", 1)
        found.append(field if over == "reals" else QuadraticField(field, -1, "i"))
    return tuple(found)


def marks(numbers: Collection[int]) -> list[tuple[int, int]]:
    """Fractions at which a comparison with one of the numbers in a claim may turn: beside the number, its reciprocal,
    half of either, and quotients of two of them; with both signs."""
    chosen = sorted(n for n in numbers if 3 < n < 2**MOST_BITS)
    chosen = [*chosen[: MOST_MARKED // 2], *chosen[MOST_MARKED // 2 :][-MOST_MARKED // 2 :]]
    found: list[tuple[int, int]] = []
    for n in chosen:
        found += [(n - 1, 1), (n, 1), (n + 1, 1), (n, 2), (1, n), (1, 2 * n), (2, n), (1, n + 1), (1, n - 1)]
        found += [(m, n) for m in sorted({m for m in numbers if 1 < m < 2**MOST_BITS and m != n})[:MOST_MARKED]]
        found += [(isqrt(n) + 1, 1), (isqrt(n), 1), (1, isqrt(n) + 1)]
    return [(sign * p, q) for p, q in found for sign in (1, -1)]


def _free(n: int) -> int:
    """The number without its square factors."""
    return prod(int(p) for p, power in flint.fmpz(n).factor() if power % 2)
