"""The public points of a statement: values of its parameters at which its span is counted.

A claim is counted at the sizes, lengths and natural numbers that the checker plans to try, which follow from its
numbers, also from those that it computes (`relay.checker.reading`). So what is done at one number alone does not hide
there. A definition is counted at small ones, and at the numbers that it names or that a definition which it calls
names, with their neighbours.

For a claim in a structure, each value of the other parameters is a point, as it is for the checker. Over scalars there
are too many values and fields: there the points are drawn, and sizes and lengths stay small, so that a plain claim is a
plain term.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from relay.checker.cases import MOST_CASES, Case, describe, dimensions, plan
from relay.checker.checker import begun
from relay.checker.reading import ClaimReading
from relay.checker.sampling.parameter_values import Shape, all_values, count_all, random_values, shape
from relay.checker.search.counterexamples import BLOCK
from relay.checker.search.sampler import Sampler
from relay.checker.stages.tables import EXHAUST
from relay.evaluation.algebra.base import Algebra, TooLarge, Undecidable
from relay.evaluation.algebra.structure import Structure
from relay.evaluation.values import Value
from relay.notation.dependencies import closure
from relay.notation.model_classes import misplaced
from relay.notation.syntax import Claim, Definition, NatType, Numeral, Statement, Term
from relay.notation.traversal import walk
from relay.seeds import content_generator

__all__ = ["PricedCase", "PublicPoints", "terms_of"]

LARGEST = 2
"""The largest size, length or natural number that is always tried for a definition; and the largest size and length
that a claim over scalars is counted at, unless it names a larger one."""
MOST_PLACES = MOST_CASES + 8
"""Most cases at which the span of a definition, or of a claim over scalars, is counted, the smallest first."""
EVERY = 256
"""If the parameters have at most so many values in a model, all of them are points."""
DRAWN = 64
"""The number of points that are drawn otherwise."""
DRAWN_IN_STRUCTURE = 4_096
"""For a claim in a structure: the number of points that are drawn if there are more values than the checker tries."""


@dataclass(frozen=True, eq=False)
class PricedCase:
    """The points of one case."""

    case: Case
    _shape: Shape
    _about: PublicPoints

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """The sizes and the natural parameters, by name."""
        return {d.name: value for d, value in self.case.items() if d.kind != "length"}

    def points(self, model: Algebra) -> int:
        """The number of points in a model."""
        every, (most, drawn) = count_all(self._shape, model), self._about.limits
        return every if every is not None and every <= most else drawn

    def batches(self, model: Algebra) -> Iterator[tuple[Mapping[str, Value], int]]:
        """The values of parameters and sizes in a model, with one lane for each point, in batches; and the number of
        lanes of each batch. Raises `Undecidable` or `TooLarge` if there are none."""
        every, (most, drawn) = count_all(self._shape, model), self._about.limits
        if every is not None and every <= most:
            for start in range(0, every, BLOCK):
                stop = min(start + BLOCK, every)
                yield all_values(self._shape, model, start, stop), stop - start
            return
        rng = content_generator(self._about.statement.key, "price", model.name, describe(self.case))
        yield self._about.drawn(self._shape, model, drawn, rng, self.case), drawn


class PublicPoints:
    """The points of one statement. `structure` is the structure that the task gives, or None."""

    def __init__(
        self, statement: Statement, definitions: Mapping[str, Definition], structure: Structure | None
    ) -> None:
        self.statement = statement
        self._definitions = definitions
        self._structure = structure
        self._dims = dimensions(statement.parameters, statement.sizes)

    @property
    def limits(self) -> tuple[int, int]:
        """The number of values that are all points, and the number of points that are drawn if there are more."""
        if self._structure is None or isinstance(self.statement, Definition):
            return EVERY, DRAWN
        return EXHAUST, DRAWN_IN_STRUCTURE

    @property
    def must_be_read(self) -> bool:
        """Whether terms are valued to find the cases."""
        return isinstance(self.statement, Claim) and bool(self._dims)

    @cached_property
    def _reading(self) -> ClaimReading | None:
        """What the checker reads in a claim; None for a definition, and for a claim that the checker does not read."""
        claim = self.statement
        if not isinstance(claim, Claim) or misplaced(claim, self._definitions) is not None:
            return None
        try:
            return begun(claim, self._definitions, self._structure)[0]
        except RecursionError:  # such a claim is undecided
            return None

    def cases(self, model: Algebra) -> Iterator[PricedCase]:
        """The cases. There are none if the parameters have no values, or none that can be drawn. `model` computes
        sizes; any one does."""
        for case in self._numbers():
            try:
                found = shape(self.statement.parameters, case, model)
            except (TooLarge, Undecidable):
                continue
            if found is not None:
                yield PricedCase(case, found, self)

    def _numbers(self) -> Sequence[Case]:
        if not self._dims:
            return ({},)
        named = _numerals(self.statement, self._definitions)
        read = self._reading
        if read is None:
            # from the hash, so that nobody can aim at what is left out
            order = content_generator(self.statement.key, "price").integers(0, 1 << 30, size=64).tolist()
            return plan(self._dims, named, LARGEST, order).cases[:MOST_PLACES]
        if self._structure is not None:
            return read.plan.cases
        small = {*range(LARGEST + 1), *named}
        return [
            case
            for case in read.plan.cases
            if all(dimension.kind == "nat" or value in small for dimension, value in case.items())
        ][:MOST_PLACES]

    def drawn(
        self, shape_: Shape, model: Algebra, count: int, rng: np.random.Generator, case: Case
    ) -> Mapping[str, Value]:
        """Random values, as the checker draws them for a claim."""
        claim, read = self.statement, self._reading
        if read is None or not isinstance(claim, Claim):
            return random_values(shape_, model, count, rng, case)
        return Sampler(claim, None, read.fillings).sample(shape_, model, case, count, rng, build=False).values


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
