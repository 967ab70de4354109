"""Where a definition is compared with a form: in which fields, at which sizes, on how many values.

Places that are cheap and likely to show a difference come first: most definitions that differ from a form differ at
the first place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from relay.checker.cases import LARGEST, Case, Dimension
from relay.checker.costs import Costs
from relay.checker.cutoffs.compared_constants import Meetings
from relay.checker.fields import (
    HARMLESS_DEGREE,
    divisor_fields,
    enumerated,
    exhausted_fields,
    further_fields,
    large_fields,
    ranging_fields,
    small,
)
from relay.evaluation.algebra.base import Algebra
from relay.evaluation.algebra.finite_fields import PrimeField

BEYOND = (4, 5)
"""Sizes that are tried in addition to the base cases, if neither definition nor form ranges over a type."""
LANES = 24
"""Number of values to draw at an ordinary place."""
SMALL_LANES = 256
"""Number of values to draw in a small field, where a difference may show at few values."""
MANY = 12
"""Cases that get `SMALL_LANES` values in GF(2) and GF(3), if a type is ranged over; later ones get `LANES`."""
FEW = 8
"""Largest number of cases tried in each additional field."""
RANGING_FUEL = 40_000
"""Largest number of nodes per value, of definition and form together, if one of them ranges over a type.

A place that would need more is left out, except in GF(2), GF(3) and GF(4).
"""


@dataclass(frozen=True, slots=True)
class Place:
    """A case, a model, and the largest number of random values to draw there."""

    case: Case
    model: Algebra
    lanes: int
    asked: bool = False
    """Whether a constant points to the case. If so, a reference that runs out of fuel there counts as a difference."""
    settles: str = ""
    """The requirement (see `owed`) that is met if the definition agrees with the form here; empty if there is none."""


def wide_places(
    cases: Sequence[Case], dims: Sequence[Dimension], read: Meetings, rng: np.random.Generator
) -> Iterator[Place]:
    """The places to compare at, if neither definition nor form ranges over a type."""
    base = [c for c in cases if max(c.values(), default=0) <= LARGEST]
    asked = [c for c in cases if max(c.values(), default=0) > LARGEST]
    first, second, square = large_fields(rng)
    for case in base:
        yield Place(case, first, LANES)
    for case in base:
        yield from (Place(case, model, SMALL_LANES) for model in exhausted_fields())
    yield from (Place(case, square, LANES) for case in base)
    yield from (Place(case, second, LANES) for case in base[-FEW:])
    for case in asked:
        yield from (Place(case, model, 2 * LANES, asked=True) for model in (first, *exhausted_fields()[:2]))
    for case in base[:FEW]:
        yield from (Place(case, model, LANES) for model in (*divisor_fields(read.numbers), small(3, 2), small(5)))
    known = {tuple(case.values()) for case in asked}
    beyond = [dict.fromkeys(dims, size) for size in BEYOND]
    beyond += [{d: size if d == dim else 2 for d in dims} for dim in dims for size in BEYOND]
    for case in beyond if dims else ():
        if tuple(case.values()) not in known:
            known.add(tuple(case.values()))
            yield Place(case, first, 2 * LANES)


def owed(read: Meetings) -> set[str]:
    """Requirements that must be met before a definition that ranges over a type earns credit.

    It must be compared in each characteristic that one of its constants names and, if its text contains a high degree,
    in a field with more elements than that degree.
    """
    found = {f"characteristic {p.order}" for p in _divisors(read)}
    return found | {"degree"} if read.degree > HARMLESS_DEGREE else found


def _divisors(read: Meetings) -> list[Algebra]:
    # a field that is not enumerated can't be ranged over: its prime field is made anew with all its values
    return [field if field.order is not None else enumerated(_prime(field)) for field in divisor_fields(read.numbers)]


def _prime(field: Algebra) -> int:
    assert isinstance(field, PrimeField)
    return field.p


def ranging_places(cases: Sequence[Case], read: Meetings, costs: Costs, rng: np.random.Generator) -> Iterator[Place]:
    """The places to compare at, if the definition or the form ranges over a type.

    The caller adds to `costs` while it tries the places, and later places are chosen by these costs.
    """
    two, three, four = exhausted_fields()
    few = [c for c in cases if max(c.values(), default=0) <= 2]
    # Ranging costs a power of the field's size, so cases of size 3 are few, and only in GF(2) and GF(3).
    threes = sorted((c for c in cases if max(c.values(), default=0) == LARGEST), key=_sizes_first)[:FEW]
    asked = [c for c in cases if max(c.values(), default=0) > LARGEST]
    for n, case in enumerate([*few, *threes, *asked]):
        lanes = SMALL_LANES if n < MANY else LANES
        asks = max(case.values(), default=0) > LARGEST
        yield from (Place(case, model, lanes, asked=asks) for model in (two, three))
    yield from (Place(case, four, SMALL_LANES if n < FEW else LANES) for n, case in enumerate(few))
    some = few if len(few) <= FEW else [*few[: FEW // 4], *few[-FEW // 2 :]]
    further = [(field, "") for field in further_fields(rng)]
    further += [(field, f"characteristic {field.order}") for field in _divisors(read)]
    for models in (further, [(field, "degree") for field in ranging_fields(rng, read.degree)]):
        for case in some:
            for model, settles in models:
                # forecast only now: the places before have added to the costs
                if costs.forecast(model, case) <= RANGING_FUEL:
                    yield Place(case, model, LANES, settles=settles)


def within(cases: Sequence[Case], dims: Sequence[Dimension]) -> list[Case]:
    """`cases`, and further ones for each case in which a `Nat` parameter is large.

    In these, sizes are larger than that parameter. Without them, a domain such as `k < n` would exclude all cases in
    which `k` is large.
    """
    found = {tuple(case.values()): case for case in cases}
    naturals = [d for d in dims if d.kind == "nat"]
    for case in cases:
        for dim in naturals:
            value = case[dim]
            if value <= LARGEST or len(dims) == 1:
                continue
            for others in (1, value, value + 1):
                more = {d: value + 1 if d.kind == "size" else others for d in dims} | {dim: value}
                found.setdefault(tuple(more.values()), more)
    return list(found.values())


def _sizes_first(case: Case) -> tuple[int, int]:
    """Key for sorting cases: the case whose smallest size is largest comes first.

    Among cases that are equal in this, the one with the largest sum of all numbers comes first.
    """
    return (-min((v for d, v in case.items() if d.kind == "size"), default=0), -sum(case.values()))
