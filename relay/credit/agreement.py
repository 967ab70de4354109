"""Whether a definition agrees with a reference form, on the form's domain.

They are compared like a checker that doesn't trust the definition: at every base size and at each size that a constant
of either asks for, on small fields exhausted where that can be done, on large fields and squares of them drawn from the
hash of the definition, on values that the form's sampler makes true and on their near misses. One difference is enough
to tell them apart; running out of fuel is too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from relay.checking.cases import Case, dimensions, plan, ranges_over_fields
from relay.checking.checker import LARGEST
from relay.checking.draws import all_values, count_all, generator, random_values, shape
from relay.checking.fields import divisor_fields, exhausted_fields, further_fields, large_fields, small
from relay.checking.meetings import Meetings, meetings
from relay.credit.symmetry import agree
from relay.evaluation.evaluate import call, evaluate
from relay.evaluation.lanes import OK
from relay.evaluation.values import ListValue, MatrixValue, Value, VectorValue, as_array, take
from relay.models.base import Array, Model, TooLarge, Undecidable
from relay.models.structure import Structure
from relay.notation.syntax import BoolType, Definition, Term
from relay.theory import CheckedForm

BEYOND = (4, 5)
"""Sizes beyond the base cases that definitions which range over no type are compared at."""
FUEL = 1_000_000
EXHAUST = 4_096
"""Cases of small models with at most this many values are exhausted."""
LEAST_LANES = 16
SAMPLE_WORK = 300_000
"""Nodes times values for one sample; dear definitions are tried on fewer values of each model, never fewer than
`LEAST_LANES`."""
LANES = 24
SMALL_LANES = 256
ENOUGH = 20
"""Values in the domain without which nothing is said."""


@dataclass(slots=True)
class _Tally:
    compared: int = 0
    true: int = 0
    false: int = 0
    cost: int = 0
    """Fuel of the costliest value so far, definition and reference together."""


def agrees(
    definition: Definition,
    order: Sequence[int],
    form: CheckedForm,
    definitions: Mapping[str, Definition],
    structure: Structure | None,
) -> bool:
    """Whether `definition`, its parameters taken in `order`, is the form's reference on its domain."""
    reference = form.definition
    terms: list[Term] = [definition.body, reference.body] + ([form.domain.body] if form.domain is not None else [])
    rng = generator(definition.key, reference.key, "credit")
    picks = [int(n) for n in rng.integers(0, 2**31, size=997)]
    dims = dimensions(reference.parameters, reference.sizes)
    tally = _Tally()
    read = _read(definition, definitions)
    meets = read.constants | _read(reference, definitions).constants
    wide = structure is None and not ranges_over_fields(terms, definitions)
    cases = plan(dims, meets | set(BEYOND if wide else ()), LARGEST, picks)
    if not read.followed or plan(dims, read.constants, LARGEST, picks).out_of_reach:
        return False
    for case, model, lanes in _places(cases.cases, read, structure, wide, rng):
        if not _agree_here(definition, order, form, definitions, case, model, lanes, tally):
            return False
    if isinstance(reference.result, BoolType) and not (tally.true and tally.false):
        return False
    return tally.compared >= (ENOUGH if structure is None else 1)  # a structure is compared in full


def _read(definition: Definition, definitions: Mapping[str, Definition]) -> Meetings:
    headers = [*(p.type for p in definition.parameters), definition.result]
    return meetings([definition.body], headers, definitions, definition.key)


def _places(
    cases: Sequence[Case],
    read: Meetings,
    structure: Structure | None,
    wide: bool,
    rng: np.random.Generator,
) -> Iterator[tuple[Case, Model, int]]:
    """Where to compare, cheap and telling places first."""
    if structure is not None:
        yield from ((case, structure, EXHAUST) for case in cases)
        return
    smalls = exhausted_fields()
    base = [c for c in cases if max(c.values(), default=0) <= LARGEST]
    primes = divisor_fields(read.numbers)
    if wide:
        larges = large_fields(rng)
        for case in cases:
            yield from ((case, model, LANES) for model in larges)
        for case in base:
            yield from ((case, model, SMALL_LANES) for model in smalls)
        for case in base[:12]:
            yield from ((case, model, LANES) for model in (*primes, small(3, 2)))
        return
    few = [c for c in cases if max(c.values(), default=0) <= 2]
    beyond = [model for model in (small(11), small(13)) if read.degree >= 5]
    for case in cases:
        yield from ((case, model, SMALL_LANES) for model in smalls[:2])
    for case in few:
        yield from ((case, model, SMALL_LANES) for model in (*smalls[2:], *further_fields(rng), *beyond))
        yield from ((case, model, SMALL_LANES) for model in primes if model.order is not None)


def _agree_here(
    definition: Definition,
    order: Sequence[int],
    form: CheckedForm,
    definitions: Mapping[str, Definition],
    case: Case,
    model: Model,
    lanes: int,
    tally: _Tally,
) -> bool:
    reference = form.definition
    drawn = shape(reference.parameters, case, model)
    if drawn is None:
        return True
    rng = generator(
        definition.key, reference.key, model.name, *(f"{d.kind}{d.name}{d.level}={v}" for d, v in case.items())
    )
    everything = count_all(drawn, model)
    batches: list[tuple[Mapping[str, Value], int]] = []
    affordable = max(LEAST_LANES, SAMPLE_WORK // max(tally.cost, 1)) if tally.cost else LEAST_LANES
    lanes = min(lanes, affordable)
    whole = everything is not None and (everything <= lanes or everything <= min(EXHAUST, affordable))
    if whole and everything is not None:
        batches.append((all_values(drawn, model, 0, everything), everything))
    else:
        values = random_values(drawn, model, lanes, rng, case)
        batches.append((values, lanes))
    if form.sampler and not whole:
        made = _sampled(form, random_values(drawn, model, lanes, rng, case), lanes, model, definitions)
        if made is not None:
            batches += [made, (_near_misses(made[0], made[1], model, rng), made[1])]
    for batch, count in batches:
        try:
            if not _same(definition, order, form, definitions, batch, count, model, tally):
                return False
        except (Undecidable, TooLarge):
            return False
    return True


def _sampled(
    form: CheckedForm, values: Mapping[str, Value], lanes: int, model: Model, definitions: Mapping[str, Definition]
) -> tuple[dict[str, Value], int] | None:
    """Values that tend to make the reference true."""
    made = {**values}
    good = np.ones(lanes, dtype=np.bool_)
    for name, term in form.sampler.items():
        outcome = evaluate(term, values, lanes, model, definitions, FUEL)
        if outcome.value is None:
            return None
        good &= outcome.status == OK
        made[name] = outcome.value
    index = np.flatnonzero(good)
    if not len(index):
        return None
    # the form's own size names are bound again by the call, so those of the case must not stay
    kept = {p.name: take(made[p.name], index) for p in form.definition.parameters}
    return kept, len(index)


def _near_misses(values: Mapping[str, Value], lanes: int, model: Model, rng: np.random.Generator) -> dict[str, Value]:
    """The same values with one scalar of one parameter changed in every lane."""
    changed = {**values}
    names = [name for name in sorted(values) if _scalars(values[name]) is not None]
    if not names:
        return changed
    for lane in range(lanes):
        name = names[int(rng.integers(0, len(names)))]
        cells = cast(Array, _scalars(changed[name]))
        if lane == 0:
            for n in names:
                changed[n] = _copied(changed[n])
            cells = cast(Array, _scalars(changed[name]))
        flat = cells[lane].reshape(-1)
        if flat.size == 0:
            continue
        place = int(rng.integers(0, flat.size))
        other = model.sample(rng, (1,))
        where: Any = (lane, *(np.unravel_index(place, cells.shape[1:]) if cells.ndim > 1 else ()))
        cells[where] = other[0]
    return changed


def _copied(value: Value) -> Value:
    if isinstance(value, VectorValue):
        return VectorValue(value.data.copy(), value.size)
    if isinstance(value, MatrixValue):
        return MatrixValue(value.data.copy(), value.rows, value.columns)
    if isinstance(value, ListValue):
        return ListValue(_copied(value.items), value.length)
    return value.copy() if isinstance(value, np.ndarray) else value


def _scalars(value: Value) -> Array | None:
    """The array of a value's scalars, to be written to; None where it has none."""
    if isinstance(value, VectorValue | MatrixValue):
        return value.data
    if isinstance(value, ListValue):
        return _scalars(value.items)
    return value if isinstance(value, np.ndarray) and value.dtype == np.int64 and value.ndim == 1 else None


def _same(
    definition: Definition,
    order: Sequence[int],
    form: CheckedForm,
    definitions: Mapping[str, Definition],
    values: Mapping[str, Value],
    lanes: int,
    model: Model,
    tally: _Tally,
) -> bool:
    reference = form.definition
    chosen = {p.name: values[p.name] for p in reference.parameters}
    if form.domain is not None:
        inside = call(form.domain, list(chosen.values()), lanes, model, definitions, FUEL)
        if inside.value is None:
            return True
        index = np.flatnonzero(as_array(inside.value, lanes, np.bool_).astype(np.bool_) & (inside.status == OK))
        if not len(index):
            return True
        chosen, lanes = {name: take(value, index) for name, value in chosen.items()}, len(index)
    args = [chosen[p.name] for p in reference.parameters]
    expected = call(reference, args, lanes, model, definitions, FUEL)
    if expected.value is None:
        return True
    placed: list[Value] = [0] * len(args)
    for position, parameter in enumerate(order):
        placed[parameter] = args[position]
    found = call(definition, placed, lanes, model, definitions, FUEL)
    tally.cost = max(tally.cost, int(expected.fuel.max(initial=0)) + int(found.fuel.max(initial=0)))
    counted = expected.status == OK
    if found.value is None or (found.status[counted] != OK).any():
        return False
    tally.compared += int(counted.sum())
    if isinstance(reference.result, BoolType):
        truth: NDArray[np.bool_] = as_array(expected.value, lanes, np.bool_).astype(np.bool_)
        tally.true += int((truth & counted).sum())
        tally.false += int((~truth & counted).sum())
    return agree(found.value, expected.value, counted, lanes, reference.result, model, form.symmetry)
