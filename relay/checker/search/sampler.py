"""Random values for one claim: uniform ones, and among them special ones that satisfy hypotheses more often."""

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
"""In one of so many random values, all entries of a parameter are one scalar."""
BENT = 4
"""If there is no hypothesis, one in so many values is bent into a structured value, such as a singular matrix."""
BENT_WITH_HYPOTHESIS = 2
"""If there is a hypothesis, one in so many values is bent: uniform values seldom satisfy one."""
MOST_WORTH = 4
"""In one stage, values are built at no more cases than this."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Values of all parameters, lane by lane."""

    values: Mapping[str, Value]
    lanes: int
    uniform: slice | None = None
    """The lanes whose values are uniform. None if all values are tried, because then no error bound is needed."""


@dataclass(frozen=True, slots=True)
class Sampler:
    """Draws values for one claim."""

    claim: Claim
    constructor: Constructor | None = None
    """Builds values that satisfy the hypothesis. None if the claim has no hypothesis."""
    constants: tuple[int, ...] = (0, 1)
    """The scalars for values in which all entries of a parameter are one scalar."""

    @property
    def builds(self) -> bool:
        """Whether values are built to satisfy the hypothesis."""
        return self.constructor is not None and self.constructor.useful

    def is_possible(self, case: Case) -> bool:
        """Whether the sizes and numbers of a case satisfy the parts of the hypothesis that speak of them alone."""
        return self.constructor is None or self.constructor.possible(case)

    def worth_building(self, cases: Sequence[Case]) -> tuple[Case, ...]:
        """Returns the cases at which values are built: some of those whose sizes are all at least 2.

        At other cases, random values satisfy hypotheses often enough. If there are many cases, the first and the last
        ones are taken."""
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
        """Returns how many values are drawn at a case at which values are built: `lanes`, or more if values are
        cheap."""
        return lanes if self.constructor is None else max(lanes, self.constructor.room(drawn, model))

    def sample(
        self, drawn: Shape, model: Algebra, case: Case, lanes: int, rng: np.random.Generator, build: bool
    ) -> Sample:
        """Returns random values.

        In the first lanes, one in `PLAIN`, all entries of a parameter are one scalar. The last lanes are bent into
        structured values: half of all lanes if there is a hypothesis, otherwise a quarter. With `build`, if the
        constructor can help, all lanes but the first ones are instead built to satisfy the hypothesis."""
        values = random_values(drawn, model, lanes, rng, case)
        parameters = {p.name: values[p.name] for p in self.claim.parameters}
        filled = lanes // PLAIN
        bent = lanes // (BENT if self.claim.hypothesis is None else BENT_WITH_HYPOTHESIS)
        # `values` shares its arrays with `parameters`, so both calls change `values` in place
        bend(parameters, model, rng, lanes - bent, lanes)
        plain(parameters, model, rng, self.constants, filled)
        if build and self.constructor is not None and self.constructor.useful:
            self.constructor.build(values, model, rng, filled, lanes - filled)
            return Sample(values, lanes, slice(0))  # built values are not uniform: none counts for the error bound
        return Sample(values, lanes, slice(filled, lanes - bent))
