"""The fields that a statement's own constants and exponents ask for.

What is said of one characteristic is tried in its prime field and in extensions with and without an involution; what
is raised to a power, in a field in which that power is far from onto.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from relay.checker.cases import Case
from relay.checker.cutoffs.compared_constants import Meetings
from relay.checker.fields import (
    divisors,
    enumerated,
    exponent_fields,
    extensions,
    plain_fields,
    prime_fields,
    small_primes,
)
from relay.checker.generic.elimination import Eliminated, roots_in, roots_in_square
from relay.checker.search import CounterexampleSearch
from relay.evaluation.algebra.base import Algebra
from relay.evaluation.algebra.finite_fields import SMALL
from relay.evaluation.algebra.marked_fields import MarkedPrimeField, MarkedQuadraticExtension
from relay.notation.dependencies import terms_within
from relay.notation.syntax import Apply, Claim, Definition

MOST_PRIMES = 24
"""Characteristics that one statement is tried in because it asks for them."""
MOST_MET = 8
"""Further ones that it is tried in because polynomials that it compares meet there."""
MOST_EXTENDED = 4
"""Those of them, smallest and largest first, that extensions are tried of."""
FIRST = 17
LANES = 128
OBJECT_LANES = 32
MARKED_LANES = 512
EXHAUST = 4096
MANY_LANES = 256
CHEAP_FUEL = 4_000
"""Nodes that a value may cost in each of many prime fields."""
ALWAYS_EXTENDED = (2, 3)
LARGEST = 127
"""The largest characteristic that is tried without being asked for."""
RANGING_FUEL = 60_000
"""Nodes that a value in a field that is ranged over may cost."""


def search_characteristics(
    survey: CounterexampleSearch, cases: Sequence[Case], read: Meetings, solved: Eliminated
) -> str:
    """Try what the constants ask for, and the polynomials that it compares; what could not be tried, in words, or
    nothing."""
    found, named = divisors(read.numbers | solved.coefficients), divisors(read.scalars)
    few = spread(cases)
    primes = _ends(found.primes, MOST_PRIMES)
    survey.search("divisors", prime_fields(primes), cases, LANES, EXHAUST)
    met = _ends([p for p in divisors(solved.resultants).primes if p not in primes], MOST_MET)
    survey.search("resultants", prime_fields(met), cases, LANES, EXHAUST)
    # a random value in a larger one of these fields, or of their squares, is hardly ever where anything turns
    rooted = [(p, roots_in(p, solved.factors)) for p in sorted({*primes, *met}) if 3 < p < 2**31]
    survey.search("roots", [MarkedPrimeField(marks, p) for p, marks in rooted if marks], few, MARKED_LANES, EXHAUST)
    squared = [(p, roots_in_square(p, solved.factors)) for p, _ in rooted if p < 2**30]
    squares = [MarkedQuadraticExtension(np.array(marks), p) for p, marks in squared if marks]
    survey.search("roots", squares, few, LANES, EXHAUST)
    survey.search("exponents", prime_fields(exponent_fields(read.exponents)), few, LANES, EXHAUST)
    return _untried(found.missing, len(found.primes), len(named.primes))


def search_extensions(survey: CounterexampleSearch, cases: Sequence[Case], read: Meetings) -> None:
    """Try extensions: of the characteristics that are named; of those in which a hypothesis was met, where it was met
    in no large one, for it may force one without naming it, as `x != 0 and x == -x` does; and of 2 and 3, which
    conditions inside of a claim force without naming them most often."""
    few = spread(cases)
    met = sorted(survey.characteristics)
    forced = met[:MOST_EXTENDED] if met and met[0] > 0 and met[-1] <= LARGEST else []
    for p in sorted({*ALWAYS_EXTENDED, *forced, *_ends(divisors(read.scalars).primes, MOST_EXTENDED)}):
        for field in extensions(p):
            lanes = OBJECT_LANES if field.dtype is object else LANES
            survey.search("extensions", (field,), few, lanes, EXHAUST, build=True)
    if conjugates(survey.claim, survey.definitions):
        survey.search("extensions", plain_fields(), few, LANES, EXHAUST)


def range_characteristics(survey: CounterexampleSearch, cases: Sequence[Case], read: Meetings) -> str:
    """The same for a statement that ranges over a type."""
    found, named = divisors(read.numbers), divisors(read.scalars)
    primes = [p for p in _ends(found.primes, MOST_PRIMES) if p > 3]
    models: list[Algebra] = [field for p in primes if p <= SMALL for field in prime_fields([p])]
    survey.search("divisors", models, cases, LANES // 2, exhaust=0)
    wanted = [
        *(m for p in _ends(named.primes, MOST_EXTENDED) for m in extensions(p) if (m.order or SMALL + 1) <= SMALL),
        *(enumerated(p) for p in exponent_fields(read.exponents)),
        *(enumerated(p) for p in named.primes if SMALL < p < 2**31),
    ]
    untried = _untried(found.missing, len(found.primes), len(named.primes))
    if max(read.scalars, default=0) > 1 and survey.refutation is None and not survey.ran_out:
        # which constants are squares, cubes, ... differs from one prime to the next
        for field in map(enumerated, small_primes(FIRST, LARGEST)):
            if not survey.explore("many fields", (field,), [cases[:2]], LANES // 16, CHEAP_FUEL):
                break
    for model in wanted:
        if survey.refutation is not None or survey.ran_out:
            break
        affordable = [case for case in cases if survey.costs.forecast(model, case) <= RANGING_FUEL]
        passed = survey.explore("extensions", (model,), [affordable], LANES // 8, RANGING_FUEL)
        if not any(min(case.values(), default=1) > 0 for case in passed) and survey.refutation is None:
            untried = untried or "a power or a constant in it asks for a field that is too large to range over"
    return untried


def search_unsatisfied(survey: CounterexampleSearch, cases: Sequence[Case]) -> None:
    """Look for values that satisfy a hypothesis that nothing has satisfied: it may speak of one characteristic without
    naming it."""
    for p in small_primes(5, LARGEST):
        if survey.satisfied or survey.ran_out:
            return
        survey.search("many fields", prime_fields([p]), spread(cases), MANY_LANES, EXHAUST)


def conjugates(claim: Claim, definitions: Mapping[str, Definition]) -> bool:
    """Whether the involution occurs in what is said."""
    terms = [claim.body] if claim.hypothesis is None else [claim.hypothesis, claim.body]
    return any(isinstance(term, Apply) and term.op == "conj" for term in terms_within(terms, definitions))


def spread(cases: Sequence[Case]) -> tuple[Case, ...]:
    """A few cases: the first, and the first ones at which everything is at least 2, and some number at least 3."""
    chosen = [*cases[:1], *(c for c in cases if min(c.values(), default=0) >= 2)][:2]
    chosen += [
        c for c in cases if max(c.values(), default=0) >= 3 and min(c.values(), default=0) >= 2 and c not in chosen
    ][:1]
    return tuple(chosen)


def _ends(primes: Sequence[int], most: int) -> tuple[int, ...]:
    return tuple(primes) if len(primes) <= most else (*primes[: most // 2], *primes[-(most // 2) :])


def _untried(missing: bool, found: int, named: int) -> str:
    if missing:
        return "a constant in it could not be factored"
    if found > MOST_PRIMES or named > MOST_EXTENDED * 3:
        return "more characteristics divide its constants than are tried"
    return ""
