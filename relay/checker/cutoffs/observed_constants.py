"""Numbers that a statement's variables are seen to meet while it is valued.

A constant can hide from `relay.checker.cutoffs.compared_constants`, which reads the text: in the length of a list of
variables, behind a sum that always has the same value. But where all sizes are 1, a natural number that is large can
only have come from a constant, whichever way it was computed. So the statement is valued with all sizes 1 and with all
sizes 2, and what its comparisons, subtractions, quotients and remainders are given is written down, for those that are
not given the same both times.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from relay.checker.cases import Dimension
from relay.checker.cutoffs.compared_constants import MEETING
from relay.checker.sampling.parameter_values import random_values, shape
from relay.evaluation.algebra.base import Algebra, TooLarge, Undecidable
from relay.evaluation.evaluate import evaluate
from relay.evaluation.lanes import Lanes
from relay.evaluation.values import Value, as_array
from relay.notation.dependencies import terms_within
from relay.notation.syntax import Apply, Definition, NatType, Parameter, Term
from relay.notation.traversal import has_functions

FUEL = 3_000
LANES = 8
ROUNDS = 12
"""Draws of one value each where functions are drawn, which have numbers of their own: a constant is met by all."""
MOST_NUMBERS = 100_000
"""Numbers that are written down for one operand; one that is given more counts as given others each time."""
AT_TWO = 64
"""At sizes of 2 numbers up to this one may have been computed from the sizes."""

Seen = dict[int, set[int]]
"""Place (by identity) -> numbers that it was given."""


def traced(
    terms: Sequence[Term],
    parameters: Sequence[Parameter],
    dims: Sequence[Dimension],
    models: Sequence[Algebra],
    definitions: Mapping[str, Definition],
    rng: np.random.Generator,
) -> frozenset[int]:
    """Numbers that variables meet, as far as they show at the smallest sizes."""
    if not dims:
        return frozenset()
    places: dict[int, int] = {}
    """Operand -> the operation that it is given to."""
    for term in terms_within(terms, definitions):
        if isinstance(term, Apply) and term.op in MEETING and isinstance(term.args[0].type, NatType):
            places.update((id(arg), id(term)) for arg in term.args)
    rounds = ROUNDS if any(has_functions(p.type) for p in parameters) else 1
    lanes = 1 if rounds > 1 else LANES
    met = [_met(terms, parameters, dims, models, definitions, rng, places, lanes) for _ in range(rounds)]
    return frozenset(set.intersection(*met))


def _met(
    terms: Sequence[Term],
    parameters: Sequence[Parameter],
    dims: Sequence[Dimension],
    models: Sequence[Algebra],
    definitions: Mapping[str, Definition],
    rng: np.random.Generator,
    places: Mapping[int, int],
    lanes: int,
) -> set[int]:
    """The numbers that are met at one draw."""
    one, two = (
        _seen(terms, parameters, dict.fromkeys(dims, size), models, definitions, rng, places, lanes) for size in (1, 2)
    )
    found: set[int] = set()
    for place in set(one) | set(two):
        if one.get(place) != two.get(place) or len(one.get(place, ())) >= MOST_NUMBERS:
            found |= one.get(place, set()) | {n for n in two.get(place, ()) if n > AT_TWO}
    return found


def _seen(
    terms: Iterable[Term],
    parameters: Sequence[Parameter],
    case: Mapping[Dimension, int],
    models: Iterable[Algebra],
    definitions: Mapping[str, Definition],
    rng: np.random.Generator,
    places: Mapping[int, int],
    lanes: int,
) -> Seen:
    seen: Seen = {}
    noted = _NumbersMet(places, seen)
    for model in models:
        drawn = None
        with suppress(TooLarge):
            drawn = shape(parameters, case, model)
        if drawn is None:
            continue
        values = random_values(drawn, model, lanes, rng, case)
        for term in terms:
            try:
                evaluate(term, values, lanes, model, definitions, FUEL, observer=noted)
            except (Undecidable, TooLarge):
                continue
    return seen


@dataclass(frozen=True, slots=True)
class _NumbersMet:
    """Writes down what natural numbers meet."""

    places: Mapping[int, int]
    seen: Seen

    def valued(self, term: Term, value: Value, lanes: Lanes) -> None:
        place = self.places.get(id(term))
        if place is None:
            return
        seen = self.seen.setdefault(place, set())
        if len(seen) < MOST_NUMBERS:
            numbers = as_array(value, lanes.count)[lanes.alive()]
            seen.update(np.unique(numbers)[:MOST_NUMBERS].tolist())
