"""Finds comparisons of scalars that depend on sizes alone.

`trace(identity(n)) == 17` changes at n = 17, but no natural number meets 17: the size has become a scalar. So compared
scalars are recorded over the rationals, at several sizes, for two draws of values and for zeros. If the differences of
the two sides are the same for both draws and change with the sizes, the scalar constants of the statement are tried as
sizes. If the smallest difference shrinks from one large size to the next, it may vanish at a size that is not tried.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from relay.checker.cases import REACH, Dimension
from relay.checker.sampling.parameter_values import random_values, shape
from relay.evaluation.algebra.base import Algebra, TooLarge, Undecidable
from relay.evaluation.algebra.rationals import Rationals
from relay.evaluation.evaluate import evaluate
from relay.evaluation.lanes import Lanes
from relay.evaluation.values import MatrixValue, Value, VectorValue, as_array
from relay.notation.comparisons import COMPARISONS
from relay.notation.syntax import Apply, Definition, MatrixType, Parameter, ScalarType, Term, VectorType
from relay.seeds import content_generator

FIELD = Rationals(spread=10**6)
"""Exact, and with so many random values that a difference which depends on them is hardly ever the same twice."""
ZERO = Rationals(spread=0)
"""Its random values are zeros. They satisfy most conditions, so that comparisons behind a condition are reached."""
SIZES = (1, 2, REACH - 1, REACH)
"""Small sizes, and the two largest that are tried, to see whether a difference still shrinks there."""
DRAWS = 2
LANES = 2
FUEL = 10_000
"""Nodes that a value of a statement may cost here."""
MOST_DIFFERENCES = 64
"""If a comparison has so many different differences, it is ignored."""

Seen = dict[int, set[Any]]
"""Comparison (`id` of the term) -> the differences of its two sides."""


@dataclass(frozen=True, slots=True)
class Sized:
    """Whether sizes are compared as scalars."""

    found: bool = False
    """Whether a comparison of scalars that depend on sizes alone has a difference that changes with the sizes."""
    closing: bool = False
    """Whether such a difference may vanish at a larger size than those that are tried."""


def sized(
    terms: Sequence[Term],
    parameters: Sequence[Parameter],
    dims: Sequence[Dimension],
    definitions: Mapping[str, Definition],
    key: str,
) -> Sized:
    """Returns whether a statement compares sizes as scalars. `key` is its key, which seeds the draws."""
    # (comparison, whether all values are zero) -> size -> differences
    rng = content_generator(key, "sized")
    at: dict[tuple[int, bool], dict[int, set[Any]]] = {}
    for size in SIZES if dims else ():
        draws = [_seen(terms, parameters, dims, size, definitions, FIELD, rng) for _ in range(DRAWS)]
        zero = _seen(terms, parameters, dims, size, definitions, ZERO, rng)
        # equal differences in all draws mean that they depend on sizes alone
        for place, differences in draws[0].items():
            if all(draw.get(place) == differences for draw in draws) and len(differences) < MOST_DIFFERENCES:
                at.setdefault((place, False), {})[size] = differences
        for place, differences in zero.items():
            if len(differences) < MOST_DIFFERENCES:
                at.setdefault((place, True), {})[size] = differences
    changing = [sizes for sizes in at.values() if _changes(sizes)]
    return Sized(bool(changing), any(map(_closes, changing)))


def _changes(sizes: Mapping[int, set[Any]]) -> bool:
    """Whether the differences change with the sizes. If they were recorded at one large size only, which shows no
    change, any difference but zero counts."""
    if len(sizes) == 1 and max(sizes) > SIZES[1]:
        return any(differences != {0} for differences in sizes.values())
    return any(one != two for one in sizes.values() for two in sizes.values())


def _closes(sizes: Mapping[int, set[Any]]) -> bool:
    """Whether the smallest difference shrinks between the two largest sizes and is zero at neither."""
    before, after = (min(map(abs, sizes[size]), default=0) if size in sizes else 0 for size in SIZES[-2:])
    return bool(0 < after < before)


def _seen(
    terms: Sequence[Term],
    parameters: Sequence[Parameter],
    dims: Sequence[Dimension],
    size: int,
    definitions: Mapping[str, Definition],
    field: Algebra,
    rng: np.random.Generator,
) -> Seen:
    seen: Seen = {}
    noted = _Differences(seen)
    case = dict.fromkeys(dims, size)
    with suppress(TooLarge):
        drawn = shape(parameters, case, field)
        if drawn is None:
            return seen
        values = random_values(drawn, field, LANES, rng, case)
        for term in terms:
            with suppress(Undecidable, TooLarge):
                evaluate(term, values, LANES, field, definitions, FUEL, observer=noted)
    return seen


@dataclass(frozen=True, slots=True)
class _Differences:
    """An observer of the evaluator that records by how much compared scalars differ."""

    seen: Seen
    sides: dict[int, Value] = field(default_factory=dict)
    """`id` of a term -> its latest value."""

    def valued(self, term: Term, value: Value, lanes: Lanes) -> None:
        # operands are evaluated before the comparison, so their latest values are those that it compares
        if isinstance(term.type, ScalarType | VectorType | MatrixType):
            self.sides[id(term)] = value
        elif isinstance(term, Apply) and term.op in COMPARISONS:
            sides = [_entries(self.sides.get(id(arg)), lanes.count) for arg in term.args]
            if all(side is not None for side in sides) and sides[0].shape == sides[1].shape:
                seen = self.seen.setdefault(id(term), set())
                differences = (sides[0] - sides[1])[lanes.alive()].reshape(-1)
                seen.update(differences[:MOST_DIFFERENCES].tolist())


def _entries(value: Value | None, lanes: int) -> Any:
    if isinstance(value, VectorValue | MatrixValue):
        value = value.data
    return as_array(value, lanes) if isinstance(value, np.ndarray) else None
