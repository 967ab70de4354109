"""Observes which numbers a statement's variables meet while it is evaluated.

`relay.checker.cutoffs.compared_constants` reads the text, and there a constant can hide: in the length of a list of
variables, or behind a sum that always has the same value. But if all sizes are 1, a large natural number can only come
from a constant, however it was computed. So the statement is evaluated with all sizes 1 and with all sizes 2, and the
operands of its comparisons, subtractions, quotients and remainders are recorded. Operands that are the same both times
are ignored: no variable meets a constant there.
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
"""Nodes that one value of a term may cost here."""
LANES = 8
ROUNDS = 12
"""If the claim has functions as parameters, so many values are drawn in separate rounds. A random function has random
numbers of its own, so only numbers that are met in all rounds come from a constant."""
MOST_NUMBERS = 100_000
"""At most so many numbers are recorded for one operation. The operands of an operation with more count as different at
both sizes."""
AT_TWO = 64
"""If all sizes are 2, numbers up to this one may have been computed from the sizes, and are ignored."""

Seen = dict[int, set[int]]
"""Operation (`id` of the term) -> the numbers that its operands had."""


def traced(
    terms: Sequence[Term],
    parameters: Sequence[Parameter],
    dims: Sequence[Dimension],
    models: Sequence[Algebra],
    definitions: Mapping[str, Definition],
    rng: np.random.Generator,
) -> frozenset[int]:
    """Returns the numbers that variables are observed to meet at the smallest sizes."""
    if not dims:
        return frozenset()
    places: dict[int, int] = {}
    """`id` of an operand -> `id` of its operation."""
    for term in terms_within(terms, definitions):
        if isinstance(term, Apply) and term.op in MEETING and isinstance(term.args[0].type, NatType):
            places.update((id(arg), id(term)) for arg in term.args)
    rounds = ROUNDS if any(has_functions(p.type) for p in parameters) else 1
    lanes = 1 if rounds > 1 else LANES
    met = [_met(terms, parameters, dims, models, definitions, rng, places, lanes) for _ in range(rounds)]
    # random numbers of one draw do not occur in all of them
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
    """Returns the numbers that are met in one round."""
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
            # what was observed before an exception counts
            try:
                evaluate(term, values, lanes, model, definitions, FUEL, observer=noted)
            except (Undecidable, TooLarge):
                continue
    return seen


@dataclass(frozen=True, slots=True)
class _NumbersMet:
    """An observer of the evaluator that records the operands of operations on natural numbers."""

    places: Mapping[int, int]
    seen: Seen

    def valued(self, term: Term, value: Value, lanes: Lanes) -> None:
        place = self.places.get(id(term))
        if place is None:
            return
        seen = self.seen.setdefault(place, set())
        if len(seen) < MOST_NUMBERS:
            # lanes that are undefined or ran out hold arbitrary numbers
            numbers = as_array(value, lanes.count)[lanes.alive()]
            seen.update(np.unique(numbers)[:MOST_NUMBERS].tolist())
