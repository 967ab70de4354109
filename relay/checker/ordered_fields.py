"""The search for counterexamples over the reals and the complexes, where finite fields are no models.

Small integers come first, because they read well; then rationals, and numbers with a square root of 2 under both of its
signs. Numbers near those that the claim names come in between: inequalities turn there. For the complexes each of these
has an i beside it. What is an identity of polynomials is tried no further.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from math import isqrt, prod

import flint

from relay.checker.cases import Case, Dimension
from relay.checker.generic.identities import Identities, identities
from relay.checker.generic.roots import roots
from relay.checker.search import CounterexampleSearch
from relay.checker.symbolic import prove
from relay.evaluation.algebra.base import Algebra
from relay.evaluation.algebra.marked_fields import MarkedRationals
from relay.evaluation.algebra.quadratic_fields import QuadraticField, complexes, reals
from relay.evaluation.algebra.rationals import Rationals

LARGEST = 3
"""Cases that a verdict speaks of go up to this size."""
FEW = 8
MOST_ROOTS = 3
"""Square roots of numbers in a claim that are adjoined, besides that of 2."""
MOST_BITS = 64
MOST_ROOTED = 3
"""Cases in which it is looked at what is compared with zero."""
MOST_MARKED = 6
"""Numbers of a claim that values are drawn beside, smallest and largest."""
EXPLORE_FUEL = 4_000
"""Nodes that a value of larger sizes may cost."""


def looked_at(over: str) -> Algebra:
    """A field of the class with small elements."""
    return Rationals() if over == "reals" else QuadraticField(Rationals(), -1, "i")


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


def search_ordered(
    survey: CounterexampleSearch,
    cases: Sequence[Case],
    dims: Sequence[Dimension],
    numbers: Collection[int],
    ladders: Sequence[Sequence[Case]],
) -> Identities:
    """Search the fields of the claim's class; where the claim is an identity of polynomials."""
    claim = survey.claim
    survey.steady = survey.sampled = True
    base = tuple(c for c in cases if max(c.values(), default=0) <= LARGEST)
    lanes = (192 if len(dims) == 0 else 24) * (3 if claim.hypothesis is not None else 1)
    survey.search("small integers", (looked_at(claim.over),), base[:FEW], lanes, exhaust=0)
    if survey.refutation is not None:
        return Identities()
    plain = (reals() if claim.over == "reals" else complexes())[0]
    certificate = None if survey.ran_out else prove(claim, survey.definitions)
    if certificate is not None:  # what was proved is valued all the same
        survey.search("audit", (plain,), base[:FEW], lanes // 2, exhaust=0)
        if survey.refutation is None and survey.satisfied:
            survey.stages.append({"stage": "all sizes", **certificate.record()})
            survey.everywhere = True
            return Identities()
    proved = Identities() if survey.ran_out else identities(claim, dims, base, survey.definitions)
    if proved.shown:
        survey.stages.append(proved.record())
    left = tuple(c for c in cases if tuple(c.values()) not in proved.shown)
    survey.search("rationals", (plain,), left, lanes, exhaust=0)
    marked = marks(numbers)
    if marked:
        near = MarkedRationals([flint.fmpq(p, q) for p, q in marked])
        model = near if claim.over == "reals" else QuadraticField(near, -1, "i")
        survey.search("marks", (model,), left[:FEW], lanes if dims else max(lanes, 2 * len(marked)), exhaust=0)
    turning = roots(claim, left[:MOST_ROOTED], survey.definitions)
    survey.search("roots", turning.models, left[:FEW], lanes // 2, exhaust=0)
    survey.untried = "" if proved.reached else turning.untried
    survey.search("square roots", rooted_fields(claim.over, numbers), left, lanes, exhaust=0)
    survey.explore("larger sizes", (plain,), ladders, 4, EXPLORE_FUEL)
    return proved
