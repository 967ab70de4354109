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
"""Sizes beyond the base cases at which definitions that range over no type are compared."""
LANES = 24
"""Values at most places."""
SMALL_LANES = 256
"""Values in small fields, where a difference may show at few of them."""
MANY = 12
"""Cases that get `SMALL_LANES` values in GF(2) and GF(3); later ones get `LANES`."""
FEW = 8
"""Cases tried in additional fields."""
RANGING_FUEL = 40_000
"""Nodes per value, of definition and reference together, above which a place is left out. This holds for definitions
that range over a type, in fields beyond GF(2), GF(3) and GF(4); these three are never left out."""


@dataclass(frozen=True, slots=True)
class Place:
    """A field, the sizes, and the number of random values to draw at most."""

    case: Case
    model: Algebra
    lanes: int
    asked: bool = False
    """Whether a constant points to the case. If so, a reference that runs out of fuel there counts as a difference."""
    settles: str = ""
    """The requirement (see `owed`) that is met if a definition that ranges over a type agrees here; empty: none."""


def wide_places(
    cases: Sequence[Case], dims: Sequence[Dimension], read: Meetings, rng: np.random.Generator
) -> Iterator[Place]:
    """Places for definitions that range over no type."""
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
    """Requirements before a definition that ranges over a type earns anything: comparison in a field with more elements
    than any degree that its text spells out, and in each characteristic that one of its constants names."""
    found = {f"characteristic {p.order}" for p in _divisors(read)}
    return found | {"degree"} if read.degree > HARMLESS_DEGREE else found


def _divisors(read: Meetings) -> list[Algebra]:
    # a field that is not enumerated can't be ranged over: its prime field is made anew with all its values
    return [field if field.order is not None else enumerated(_prime(field)) for field in divisor_fields(read.numbers)]


def _prime(field: Algebra) -> int:
    assert isinstance(field, PrimeField)
    return field.p


def ranging_places(cases: Sequence[Case], read: Meetings, costs: Costs, rng: np.random.Generator) -> Iterator[Place]:
    """Places for definitions, or forms, that range over a type. `costs` grows while the places are tried."""
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
    """The cases, and for each large natural parameter further ones with larger sizes. Without these, a domain such as
    `k < n` would exclude all cases in which `k` is large."""
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
    """Sort key: the case whose smallest size is largest comes first, among equals the one with the largest sum."""
    return (-min((v for d, v in case.items() if d.kind == "size"), default=0), -sum(case.values()))
