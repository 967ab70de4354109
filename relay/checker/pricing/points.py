"""The public points of a statement: values of its parameters at which its span is counted.

They are small, so that a plain statement is a plain term there: sizes 1 and 2, natural numbers and lengths up to 2. A
number that the statement names, or a definition that it calls, is tried too, with its neighbours, as far as the checker
itself goes: what is done at one number alone does not hide there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from relay.checker.cases import MOST_CASES, Case, describe, dimensions, plan
from relay.checker.sampling.parameter_values import Shape, all_values, count_all, random_values, shape
from relay.evaluation.algebra.base import Algebra, TooLarge, Undecidable
from relay.evaluation.values import Value
from relay.notation.dependencies import closure
from relay.notation.syntax import Claim, Definition, NatType, Numeral, Statement, Term
from relay.notation.traversal import walk
from relay.seeds import content_generator

__all__ = ["PricedCase", "places", "terms_of"]

LARGEST = 2
"""The largest size, length or natural number that is always tried."""
MOST_PLACES = MOST_CASES + 8
"""Most cases at which a statement's span is counted, the smallest first."""
EVERY = 256
"""If the parameters have at most so many values in a model, all of them are points."""
DRAWN = 64
"""The number of points that are drawn otherwise."""


@dataclass(frozen=True, eq=False)
class PricedCase:
    """The points of one case. In each model they count together as one."""

    case: Case
    _shape: Shape
    _key: str

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """The sizes and the natural parameters, by name."""
        return {d.name: value for d, value in self.case.items() if d.kind != "length"}

    def points(self, model: Algebra) -> int:
        """The number of points in a model."""
        every = count_all(self._shape, model)
        return every if every is not None and every <= EVERY else DRAWN

    def values(self, model: Algebra) -> Mapping[str, Value]:
        """The values of parameters and sizes in a model, with one lane for each point. Raises `Undecidable` or
        `TooLarge` if there are none."""
        every = count_all(self._shape, model)
        if every is not None and every <= EVERY:
            return all_values(self._shape, model, 0, every)
        rng = content_generator(self._key, "price", model.name, describe(self.case))
        return random_values(self._shape, model, DRAWN, rng, self.case)


def places(statement: Statement, definitions: Mapping[str, Definition], model: Algebra) -> Iterator[PricedCase]:
    """The cases at which a statement is counted. There are none if its parameters have no values, or none that can be
    drawn. `model` computes sizes; any one does."""
    cases: tuple[Case, ...] = ({},)
    if dims := dimensions(statement.parameters, statement.sizes):
        # from the hash, so that nobody can aim at what is left out
        order = content_generator(statement.key, "price").integers(0, 1 << 30, size=64).tolist()
        cases = plan(dims, _numerals(statement, definitions), LARGEST, order).cases[:MOST_PLACES]
    for case in cases:
        try:
            found = shape(statement.parameters, case, model)
        except (TooLarge, Undecidable):
            continue
        if found is not None:
            yield PricedCase(case, found, statement.key)


def terms_of(statement: Statement) -> tuple[Term, ...]:
    """The terms of a statement: its body, and before it the hypothesis if there is one."""
    if isinstance(statement, Claim) and statement.hypothesis is not None:
        return statement.hypothesis, statement.body
    return (statement.body,)


def _numerals(statement: Statement, definitions: Mapping[str, Definition]) -> frozenset[int]:
    """The natural numbers that a statement names, or a definition that it calls."""
    below = closure((key for _, key in statement.rests_on), definitions).values()
    terms = (*terms_of(statement), *(definition.body for definition in below))
    return frozenset(
        inner.value
        for term in terms
        for inner in walk(term)
        if isinstance(inner, Numeral) and isinstance(inner.type, NatType)
    )
