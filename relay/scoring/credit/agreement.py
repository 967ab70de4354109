"""Whether a definition agrees with a reference form, on the form's domain.

The comparison does not trust the definition. It covers every base size, and each size that a constant of either side
points to. If a case has few values in a field, all of them are compared. Otherwise values are drawn: about a third of
them make the form true, and about a third just miss that (see `sampling`). The hash of the definition decides which
large fields and values are drawn. One difference is enough to deny agreement; so is a definition that runs out of fuel.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import isinf

import numpy as np
from numpy.typing import NDArray

from relay.checker.cases import LARGEST, Dimension, dimensions, plan
from relay.checker.costs import Costs
from relay.checker.cutoffs.compared_constants import Meetings, meetings
from relay.checker.cutoffs.observed_constants import traced
from relay.checker.fields import small
from relay.checker.sampling.parameter_values import Shape, all_values, count_all, shape
from relay.evaluation.algebra.base import TooLarge, Undecidable
from relay.evaluation.algebra.structure import Structure
from relay.evaluation.evaluate import call
from relay.evaluation.lanes import EXHAUSTED, OK
from relay.evaluation.values import Value, as_array, take
from relay.notation.dependencies import ranges_over_fields
from relay.notation.rewriting import with_keys
from relay.notation.syntax import BoolType, Definition, Term
from relay.scoring.credit.comparison_points import Place, owed, ranging_places, wide_places, within
from relay.scoring.credit.sampling import batch
from relay.scoring.credit.symmetry import agree
from relay.scoring.theory import CheckedForm
from relay.seeds import content_generator

FUEL = 1_000_000
"""Fuel for one call of a definition, form or domain on one batch of values."""
EXHAUST = 4_096
"""If a case has at most this many values in a model, and the costs allow it, all of them are compared."""
LEAST_LANES = 24
"""Number of values in the first sample at a place, which is compared before the costs there are known."""
SAMPLE_WORK = 300_000
"""Upper bound on nodes times values of the second sample at a place, if the costs there can be forecast."""
ENOUGH = 20
"""Number of values that must have been compared before a definition over fields can earn credit."""


_Drawn = tuple[Mapping[str, Value], int]
"""Parameter -> its values in all lanes; and the number of lanes."""


@dataclass(slots=True)
class _Tally:
    """What the comparison has seen so far, over all places."""

    compared: int = 0
    true: int = 0
    false: int = 0
    costs: Costs = field(default_factory=Costs)
    """Costs of evaluating definition and form together."""
    factors: dict[str, int] = field(default_factory=dict)
    """Name of a field -> the scalar factor by which the values of definition and form differ in that field."""


@dataclass(frozen=True, slots=True)
class _Pair:
    """The two sides of a comparison: a definition and a form.

    `order` gives for each parameter of the form the position of the definition's parameter.
    """

    definition: Definition
    order: Sequence[int]
    form: CheckedForm
    definitions: Mapping[str, Definition]


def agrees(
    definition: Definition,
    order: Sequence[int],
    form: CheckedForm,
    definitions: Mapping[str, Definition],
    structure: Structure | None,
) -> bool:
    """Whether `definition`, with its parameters taken in `order`, agrees with `form` on all values that are compared.

    Without `structure`, the comparison is over fields.
    """
    reference = form.definition
    if definition.key == reference.key and list(order) == sorted(order):
        return True
    pair = _Pair(definition, order, form, definitions)
    terms: list[Term] = [definition.body, reference.body] + ([form.domain.body] if form.domain is not None else [])
    rng = content_generator(definition.key, reference.key, "credit")
    # `plan` combines sizes by these numbers if there are too many combinations to try all
    picks = [int(n) for n in rng.integers(0, 2**31, size=997)]
    dims = dimensions(reference.parameters, reference.sizes)
    tally = _Tally()
    read = _read(definition, definitions)
    cases = within(plan(dims, read.constants | _read(reference, definitions).constants, LARGEST, picks).cases, dims)
    # A constant that can't be computed, or a size too large to try, could hide a difference.
    if not read.followed or plan(dims, read.constants, LARGEST, picks).out_of_reach:
        return False
    if structure is not None:
        places: Iterable[Place] = (Place(case, structure, EXHAUST) for case in cases)
    elif ranges_over_fields(terms, definitions):
        places = ranging_places(cases, read, tally.costs, rng)
    else:
        places = wide_places(cases, dims, read, rng)
    left = owed(read) if structure is None and ranges_over_fields(terms, definitions) else set()
    for place in places:
        if not _agree_here(pair, place, tally):
            return False
        # a case with a 0 (an empty list, say) settles nothing: both sides may be equal there for want of values
        if min(place.case.values(), default=1) > 0:
            left.discard(place.settles)
    # a predicate that was only seen true, or only false, is not distinguished from a constant
    if left or (isinstance(reference.result, BoolType) and not (tally.true and tally.false)):
        return False
    if dims and structure is None and _hidden(pair, dims, picks, rng):
        return False
    return tally.compared >= (ENOUGH if structure is None else 1)  # a structure is compared in full


def _read(definition: Definition, definitions: Mapping[str, Definition]) -> Meetings:
    """Constants with which the definition's variables may be compared, as far as its text shows them."""
    headers = [*(p.type for p in definition.parameters), definition.result]
    return meetings([definition.body], headers, definitions, definition.key)


def _hidden(pair: _Pair, dims: Sequence[Dimension], picks: Sequence[int], rng: np.random.Generator) -> bool:
    """Whether evaluating the definition compares a number with a constant that is too large to be tried as a size."""
    body = with_keys(pair.definition.body, {"self": pair.definition.key})
    own = dimensions(pair.definition.parameters, pair.definition.sizes)
    known = {**pair.definitions, pair.definition.key: pair.definition}
    met = traced([body], pair.definition.parameters, own, (small(3), small(5)), known, rng)
    return bool(plan(dims, met, LARGEST, picks).out_of_reach)


def _agree_here(pair: _Pair, place: Place, tally: _Tally) -> bool:
    """Whether both sides agree at `place`. A small sample comes first; its costs limit how many values follow."""
    form, model = pair.form, place.model
    try:
        drawn = shape(form.definition.parameters, place.case, model)
    except TooLarge:
        return False  # values that can't be made can't be compared: agreement is not shown
    if drawn is None:
        return True  # the case has no values: a size would be negative or undefined
    rng = content_generator(
        pair.definition.key,
        form.definition.key,
        model.name,
        *(f"{d.kind}{d.name}{d.level}={v}" for d, v in place.case.items()),
    )
    everything = count_all(drawn, model)
    try:
        if everything is not None and everything <= max(LEAST_LANES, place.lanes):
            return _same(pair, all_values(drawn, model, 0, everything), everything, place, tally)
        pilot = min(LEAST_LANES, place.lanes)
        if not _same(pair, *_drawn(pair, drawn, place, pilot, rng), place, tally):
            return False
        # infinite in fields too large to count, and if the domain left no value to evaluate
        cost = tally.costs.forecast(model, place.case)
        affordable = place.lanes if isinf(cost) else int(SAMPLE_WORK / max(cost, 1))
        if everything is not None and everything <= min(EXHAUST, affordable):
            return _same(pair, all_values(drawn, model, 0, everything), everything, place, tally)
        more = min(place.lanes, affordable) - pilot
        return more <= 0 or _same(pair, *_drawn(pair, drawn, place, more, rng), place, tally)
    except (Undecidable, TooLarge):
        return False


def _drawn(pair: _Pair, drawn: Shape, place: Place, lanes: int, rng: np.random.Generator) -> _Drawn:
    made = batch(pair.form, drawn, place.model, place.case, lanes, rng, pair.definitions)
    return made.values, made.lanes


def _same(pair: _Pair, values: Mapping[str, Value], lanes: int, place: Place, tally: _Tally) -> bool:
    """Whether both sides agree on `values`, which contain the form's parameters in so many `lanes`.

    Lanes outside the form's domain, and lanes where the form is undefined, are skipped.
    """
    form, model = pair.form, place.model
    reference = form.definition
    chosen = {p.name: values[p.name] for p in reference.parameters}
    if form.domain is not None:
        inside = call(form.domain, list(chosen.values()), lanes, model, pair.definitions, FUEL)
        if place.asked and (inside.status == EXHAUSTED).any():
            return False
        if inside.value is None:
            return True
        index = np.flatnonzero(as_array(inside.value, lanes, np.bool_).astype(np.bool_) & (inside.status == OK))
        if not len(index):
            return True
        chosen, lanes = {name: take(value, index) for name, value in chosen.items()}, len(index)
    args = [chosen[p.name] for p in reference.parameters]
    expected = call(reference, args, lanes, model, pair.definitions, FUEL)
    if place.asked and (expected.status == EXHAUSTED).any():
        return False
    if expected.value is None:
        return True
    placed: list[Value] = [0] * len(args)
    for position, parameter in enumerate(pair.order):
        placed[parameter] = args[position]
    found = call(pair.definition, placed, lanes, model, pair.definitions, FUEL)
    tally.costs.note(model, place.case, int(expected.fuel.max(initial=0)) + int(found.fuel.max(initial=0)))
    counted = expected.status == OK
    if found.value is None or (found.status[counted] != OK).any():
        return False
    tally.compared += int(counted.sum())
    if isinstance(reference.result, BoolType):
        truth: NDArray[np.bool_] = as_array(expected.value, lanes, np.bool_).astype(np.bool_)
        tally.true += int((truth & counted).sum())
        tally.false += int((~truth & counted).sum())
    return agree(found.value, expected.value, counted, lanes, reference.result, model, form.symmetry, tally.factors)
