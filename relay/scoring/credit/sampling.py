"""Random values for comparing a definition with a form.

If the form has a sampler, a quarter of the values are drawn freely and three eighths come from the sampler. The
remaining three eighths are the sampler's values again, with one change in each.

If the form is a predicate, a change is preferred that makes it false where it was true, or true where it was false. So
about a third of the values make the form true, and about a third just miss that. This also works if the sampler makes
the form false, as it should for a predicate that is almost always true. If the form is no predicate, a change is
preferred that leaves the value in the form's domain.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from relay.checker.cases import Case
from relay.checker.sampling.parameter_values import Shape, random_values
from relay.checker.sampling.structured_values import bend
from relay.evaluation.algebra.base import Algebra, Array
from relay.evaluation.evaluate import call, evaluate
from relay.evaluation.gathering import scatter
from relay.evaluation.lanes import OK
from relay.evaluation.values import ListValue, MatrixValue, Value, VectorValue, as_array, take
from relay.notation.syntax import BoolType, Definition, ListType, MatrixType, ScalarType, Type, VectorType
from relay.scoring.theory import CheckedForm

FUEL = 1_000_000
"""Fuel for evaluating one sampler term, domain or predicate on one batch of values."""
SPARE = 2
"""Inputs drawn for each value that the sampler should give, since its terms may be undefined for some inputs."""
CHANGES = 24
"""Largest number of changes that are tried for each value."""
HOPELESS = 4
"""Changes per value after which the search stops, if none of them had the preferred effect on any value."""


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Values of a form's parameters, lane by lane."""

    values: Mapping[str, Value]
    lanes: int
    made: int
    """Number of values from the sampler; 0 if there is none.

    The last `made` lanes contain the changed values, and the `made` lanes before them the values from the sampler.
    """


def batch(
    form: CheckedForm,
    drawn: Shape,
    model: Algebra,
    case: Case,
    lanes: int,
    rng: np.random.Generator,
    definitions: Mapping[str, Definition],
) -> Batch:
    """At least `lanes` values for comparing a definition with `form`.

    Of the values that are drawn freely, some have structure: half of them if values come from the sampler, a third
    otherwise.
    """
    plain = random_values(drawn, model, lanes, rng, case)
    names = [p.name for p in form.definition.parameters]
    bend({name: plain[name] for name in names}, model, rng, lanes - lanes // 3, lanes)
    share = -(-3 * lanes // 8)  # three eighths, rounded up
    made = _made(form, random_values(drawn, model, SPARE * share, rng, case), share, model, definitions)
    if made is None:
        return Batch(plain, lanes, 0)
    values, count = made
    missed = _missed(form, values, count, model, rng, definitions)
    few = max(lanes - 2 * share, 1)  # values that are drawn freely
    ends = np.r_[0 : few // 2, lanes - (few - few // 2) : lanes]  # half without structure, half with
    own = {name: take(plain[name], ends) for name in names}
    parts = [(own, few), (values, count), (missed, count)]
    starts = np.cumsum([0, *(n for _, n in parts)])
    total = int(starts[-1])
    joined = {
        name: scatter([(np.arange(a, a + n), part[name]) for a, (part, n) in zip(starts, parts, strict=False)], total)
        for name in names
    }
    return Batch(joined, total, count)


def truth(
    form: CheckedForm,
    values: Mapping[str, Value],
    lanes: int,
    model: Algebra,
    definitions: Mapping[str, Definition],
) -> NDArray[np.bool_]:
    """For each lane, whether `values` lie in the form's domain and, if the form is a predicate, make it true."""
    asked = [] if form.domain is None else [form.domain]
    if isinstance(form.definition.result, BoolType):
        asked.append(form.definition)
    found = np.ones(lanes, dtype=np.bool_)
    args = [values[p.name] for p in form.definition.parameters]
    for definition in asked:
        outcome = call(definition, args, lanes, model, definitions, FUEL)
        if outcome.value is None:
            return np.zeros(lanes, dtype=np.bool_)
        found &= as_array(outcome.value, lanes, np.bool_).astype(np.bool_) & (outcome.status == OK)
    return found


def _made(
    form: CheckedForm,
    drawn: Mapping[str, Value],
    wanted: int,
    model: Algebra,
    definitions: Mapping[str, Definition],
) -> tuple[dict[str, Value], int] | None:
    """At most `wanted` values from the form's sampler, and their number; None if no value comes from a sampler."""
    if not form.sampler:
        return None
    lanes = SPARE * wanted
    made = {**drawn}
    good = np.ones(lanes, dtype=np.bool_)
    for name, term in form.sampler.items():
        outcome = evaluate(term, drawn, lanes, model, definitions, FUEL)
        if outcome.value is None:
            return None
        good &= outcome.status == OK
        made[name] = outcome.value
    index = np.flatnonzero(good)[:wanted]
    if not len(index):
        return None
    # the form's own size names are bound again by the call, so those of the case must not stay
    return {p.name: take(made[p.name], index) for p in form.definition.parameters}, len(index)


def _missed(
    form: CheckedForm,
    values: Mapping[str, Value],
    lanes: int,
    model: Algebra,
    rng: np.random.Generator,
    definitions: Mapping[str, Definition],
) -> dict[str, Value]:
    """`values` with one change in each lane.

    If the form is a predicate, a change is preferred that makes it true where it was false, or false where it was true.
    For any other form, a change is preferred after which the lane is still in the form's domain.
    """
    predicate = isinstance(form.definition.result, BoolType)
    before = truth(form, values, lanes, model, definitions)
    best = _changed(form, values, lanes, model, rng)
    # a predicate should flip; the domain of another form should still hold
    wanted = (truth(form, best, lanes, model, definitions) != before) == predicate
    for tried in range(1, CHANGES):
        if wanted.all() or (tried == HOPELESS and not wanted.any()):
            break
        other = _changed(form, values, lanes, model, rng)
        better = ((truth(form, other, lanes, model, definitions) != before) == predicate) & ~wanted
        if better.any():
            old, new = np.flatnonzero(~better), np.flatnonzero(better)
            best = {
                name: scatter([(old, take(best[name], old)), (new, take(other[name], new))], lanes) for name in best
            }
        wanted |= better
    return best


def _changed(
    form: CheckedForm, values: Mapping[str, Value], lanes: int, model: Algebra, rng: np.random.Generator
) -> dict[str, Value]:
    """`values` with one random change in every lane: one scalar of one parameter is drawn again.

    If no parameter contains scalars, two items are exchanged in each list of natural numbers.
    """
    changed = {**values}
    arrays = [
        _scalars(changed, parameter.name) for parameter in form.definition.parameters if _has_scalars(parameter.type)
    ]
    if not arrays:
        return _exchanged(changed, lanes, rng)
    for lane in range(lanes):
        flat = arrays[int(rng.integers(0, len(arrays)))][lane, ...]  # `...` gives a view even if it is a single scalar
        if flat.size:
            place = np.unravel_index(int(rng.integers(0, flat.size)), flat.shape) if flat.ndim else ()
            flat[place] = model.sample(rng, (1,))[0]
    return changed


def _exchanged(values: dict[str, Value], lanes: int, rng: np.random.Generator) -> dict[str, Value]:
    for name, value in sorted(values.items()):
        if isinstance(value, ListValue) and isinstance(value.items, np.ndarray) and value.items.ndim == 2:
            items = value.items.copy()
            if items.shape[1] > 1:
                for lane in range(lanes):
                    one, two = rng.permutation(items.shape[1])[:2]
                    items[lane, [one, two]] = items[lane, [two, one]]
            values[name] = ListValue(items, value.length)
    return values


def _copied(value: Value) -> Value:
    if isinstance(value, VectorValue):
        return VectorValue(value.data.copy(), value.size)
    if isinstance(value, MatrixValue):
        return MatrixValue(value.data.copy(), value.rows, value.columns)
    if isinstance(value, ListValue):
        return ListValue(_copied(value.items), value.length)
    return value.copy() if isinstance(value, np.ndarray) else value


def _has_scalars(type_: Type) -> bool:
    if isinstance(type_, ListType):
        return _has_scalars(type_.item)
    return isinstance(type_, ScalarType | VectorType | MatrixType)


def _scalars(values: dict[str, Value], name: str) -> Array:
    """The array of the scalars of parameter `name`. It may be changed: `values` gets a copy of the value first."""
    values[name] = _copied(values[name])
    value = values[name]
    while isinstance(value, ListValue):
        value = value.items
    return cast(Array, value.data if isinstance(value, VectorValue | MatrixValue) else value)
