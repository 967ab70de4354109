"""Random values for one claim: uniform ones, and among them such as satisfy hypotheses more often."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from relay.checker.cases import Case
from relay.checker.sampling.construction import Constructor
from relay.checker.sampling.parameter_values import Shape, random_values
from relay.checker.sampling.structured_values import bend, plain
from relay.evaluation.algebra.base import Algebra
from relay.evaluation.values import Value
from relay.notation.syntax import Claim

PLAIN = 8
"""One of so many drawn values has each parameter filled with one constant."""
BENT = 4
"""One of so many is bent into a structured value,"""
BENT_WITH_HYPOTHESIS = 2
"""... and so many where there is a hypothesis."""
MOST_WORTH = 4
"""Cases of one stage that values are built at."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Some values of all parameters, lane by lane."""

    values: Mapping[str, Value]
    lanes: int
    uniform: slice | None = None
    """The lanes whose values are uniform; None where that does not matter, since all values are tried."""


@dataclass(frozen=True, slots=True)
class Sampler:
    """Draws values for one claim."""

    claim: Claim
    constructor: Constructor | None = None
    """What builds values for the hypothesis, if there is one."""
    constants: tuple[int, ...] = (0, 1)
    """Scalars that whole parameters are filled with, now and then."""

    @property
    def builds(self) -> bool:
        """Whether values are built to satisfy the hypothesis."""
        return self.constructor is not None and self.constructor.useful

    def is_possible(self, case: Case) -> bool:
        """Whether the sizes and numbers of a case are such as the hypothesis asks for."""
        return self.constructor is None or self.constructor.possible(case)

    def worth_building(self, cases: Sequence[Case]) -> tuple[Case, ...]:
        """Cases that values are built at: some of those where all sizes are at least 2; chance does for the others."""
        if not self.builds:
            return ()
        large = [
            case
            for case in cases
            if all(v >= 2 or d.kind != "size" for d, v in case.items()) and self.is_possible(case)
        ]
        half = MOST_WORTH // 2
        return tuple(large) if len(large) <= MOST_WORTH else (*large[:half], *large[-half:])

    def built_size(self, lanes: int, drawn: Shape, model: Algebra) -> int:
        """How many values are drawn where values are built: `lanes`, or more where more cost little."""
        return lanes if self.constructor is None else max(lanes, self.constructor.room(drawn, model))

    def sample(
        self, drawn: Shape, model: Algebra, case: Case, lanes: int, rng: np.random.Generator, build: bool
    ) -> Sample:
        """Random values. First come those that are filled with constants, last those that are bent: half of all where
        there is a hypothesis, else a quarter. With `build` all but the first are built instead, where that is of use.
        """
        values = random_values(drawn, model, lanes, rng, case)
        parameters = {p.name: values[p.name] for p in self.claim.parameters}
        filled = lanes // PLAIN
        bent = lanes // (BENT if self.claim.hypothesis is None else BENT_WITH_HYPOTHESIS)
        bend(parameters, model, rng, lanes - bent, lanes)
        plain(parameters, model, rng, self.constants, filled)
        if build and self.constructor is not None and self.constructor.useful:
            self.constructor.build(values, model, rng, filled, lanes - filled)
            return Sample(values, lanes, slice(0))
        return Sample(values, lanes, slice(filled, lanes - bent))
