"""Bounds the probability that random values missed a difference between the two sides of a claim.

Let both sides be polynomials, or fractions of polynomials, of degree at most d in a uniform value, over a field of q
elements. If they are not the same fraction, a value makes them equal with probability at most d / q (DeMillo and
Lipton, 1978; Zippel, 1979; Schwartz, 1980). Let the hypothesis have the form `t != 0`, and let h be the degree of the
product of all terms that must not be zero. Then a uniform value among those that satisfy the hypothesis and make the
claim defined makes the two sides equal with probability at most d / (q - h).

Degrees are formal: they are computed along with the term, and no polynomial is multiplied out. There is no bound for
claims with other hypotheses, with conjugates (whose degree is that of Frobenius), with conditions on scalars, or with
ranges over a type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, log10
from typing import Any

from relay.checker.cases import Case
from relay.checker.generic.values import GenericValues
from relay.evaluation.algebra.base import TooLarge, Undecidable
from relay.evaluation.algebra.scalars import Scalars, Undefined
from relay.evaluation.compiled.codes import Names
from relay.evaluation.compiled.run import Run
from relay.evaluation.compiled.terms import code
from relay.evaluation.plain_values import Mat
from relay.evaluation.recursion_limit import deep
from relay.notation.syntax import Apply, Choice, Claim, Definition, MatrixType, ScalarType, Term, VectorType

ITEMS = 20_000
MOST_DEGREE = 10**9
MOST_INDETERMINATES = 1_024

Degree = tuple[int, int]
"""Bounds for the degrees of the numerator and the denominator of a scalar."""


@dataclass(frozen=True, slots=True)
class Draws:
    """The number of uniform values that were tried in one field at one case and satisfied the hypothesis."""

    case: Case
    elements: int
    """Elements of the field."""
    count: int


class _Degrees(Scalars):
    """Arithmetic on degrees instead of scalars: each operation returns bounds for the degrees of its result."""

    def __init__(self) -> None:
        self.divisors = 0
        """Sum of the degrees of all divisors."""

    def indeterminates(self, start: int, count: int) -> list[Degree]:
        """Returns the degrees of `count` indeterminates."""
        return [(1, 0)] * count

    def number(self, k: int) -> Degree:
        return (0, 0)

    def add(self, a: Degree, b: Degree) -> Degree:
        # a/b + c/d = (a d + c b) / (b d)
        return _held((max(a[0] + b[1], b[0] + a[1]), a[1] + b[1]))

    def sub(self, a: Degree, b: Degree) -> Degree:
        return self.add(a, b)

    def mul(self, a: Degree, b: Degree) -> Degree:
        return _held((a[0] + b[0], a[1] + b[1]))

    def neg(self, a: Degree) -> Degree:
        return a

    def div(self, a: Degree, b: Degree) -> Degree:
        self.divisors += b[0]  # the numerator of the divisor must not be zero
        return _held((a[0] + b[1], a[1] + b[0]))

    def conj(self, a: Degree) -> Degree:
        raise Undecidable("a conjugate has no degree of its own")

    def power(self, a: Degree, exponent: int) -> Degree:
        return _held((a[0] * exponent, a[1] * exponent))

    def same(self, a: Degree, b: Degree) -> bool | None:
        raise Undecidable("a condition on scalars makes no polynomial")


def _held(degree: Degree) -> Degree:
    if max(degree) > MOST_DEGREE:
        raise TooLarge("a degree has outgrown its limit")
    return degree


def degrees(claim: Claim, case: Case, definitions: Mapping[str, Definition]) -> Degree | None:
    """Returns two degrees at a case: that of the difference of the two sides, and that of the product of all terms that
    must not be zero.

    Returns None if the claim or its hypothesis has a form for which there is no bound."""
    try:
        scalars = _Degrees()
        names = GenericValues(claim.parameters, case, definitions, MOST_INDETERMINATES).values(scalars)
        run = Run(scalars, definitions, ITEMS)
        with deep():
            hypothesis = 0 if claim.hypothesis is None else _compared(claim.hypothesis, "ne", sum, names, run)
            difference = _compared(claim.body, "eq", max, names, run)
    except (Undefined, Undecidable, TooLarge):
        return None
    return difference, hypothesis + scalars.divisors


def _compared(term: Term, op: str, joined: Any, names: Names, run: Run) -> int:
    """Returns the degrees of the differences in `term`, a conjunction of comparisons by `op`, combined by `joined`.

    A claim that is false has a false part, so its bound is the maximum (`max`). The hypothesis excludes the zeros of
    all its parts, so their degrees are added (`sum`). Raises `Undecidable` if `term` has another form."""
    if isinstance(term, Choice) and term.kind == "and":
        return int(joined([_compared(part, op, joined, names, run) for part in term.args]))
    if not isinstance(term, Apply) or term.op != op:
        raise Undecidable("this is no comparison of polynomials")
    kind = term.args[0].type
    if not isinstance(kind, ScalarType) and (op == "ne" or not isinstance(kind, VectorType | MatrixType)):
        raise Undecidable("this is no comparison of polynomials")
    sides = [_entries(code(side)(names, run)) for side in term.args]
    # equal fractions: the degree of the difference after multiplying by both denominators
    return max((max(a[0] + b[1], b[0] + a[1]) for a, b in zip(*sides, strict=False)), default=0)


def _entries(value: Any) -> list[Degree]:
    if isinstance(value, Mat):
        return list(value.entries)
    return [value] if value and isinstance(value[0], int) else list(value)


def bound(claim: Claim, draws: list[Draws], definitions: Mapping[str, Definition]) -> dict[str, Any] | None:
    """Returns a record for the evidence, or None if no case has a bound.

    The bound of a case is for the probability that all draws at this case missed a difference. The record holds the
    largest one. Draws are independent, so their bounds are multiplied; the logarithms (base 10) are added."""
    worst, highest, cases = -1e9, 0, set()
    for key in sorted({tuple(one.case.values()) for one in draws}):
        here = [one for one in draws if tuple(one.case.values()) == key]
        found = degrees(claim, here[0].case, definitions)
        if found is None or found[0] == 0:  # a difference of degree 0 is a constant: any draw decides
            continue
        difference, excluded = found
        exponent = sum(
            one.count * log10(difference / (one.elements - excluded))
            for one in here
            if difference + excluded < one.elements  # in smaller fields the bound says nothing
        )
        if exponent < 0:
            cases.add(key)
            worst, highest = max(worst, exponent), max(highest, difference)
    if not cases:
        return None
    return {"stage": "Schwartz-Zippel", "cases": len(cases), "degree": highest, "error": f"1e{ceil(worst)}"}
