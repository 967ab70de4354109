"""What a family of functions is drawn from: a type of functions at given sizes, a model, and random numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from relay.evaluation.algebra.base import Algebra, Array
from relay.evaluation.function_families import spans
from relay.evaluation.values import Target
from relay.notation.syntax import FnType
from relay.seeds import integer_generator

MOST_POINTS = 256
"""Random functions that take at most so many values are tables."""
MOST_ENTRIES = 4_096
"""Coefficients of one formula."""

Maker = Callable[[int], Target]
"""Draws so many functions of a family."""


@dataclass(frozen=True)
class FunctionSampler:
    """Functions of one type. Their arguments count as one vector of `inputs` entries, one argument after the other."""

    kind: FnType
    sizes: tuple[int, ...]
    model: Algebra
    rng: np.random.Generator

    @cached_property
    def shapes(self) -> tuple[tuple[int, ...], ...]:
        """The shape of each argument."""
        return spans(self.kind, self.sizes)[0]

    @cached_property
    def result(self) -> tuple[int, ...]:
        """The shape of a value."""
        return spans(self.kind, self.sizes)[1]

    @cached_property
    def widths(self) -> list[int]:
        """The entries of each argument."""
        return [int(np.prod(shape, dtype=np.int64)) for shape in self.shapes]

    @cached_property
    def starts(self) -> list[int]:
        """Where the entries of each argument begin, and where the last ones end."""
        return [int(n) for n in np.cumsum([0, *self.widths])]

    @cached_property
    def inputs(self) -> int:
        """The entries of all arguments."""
        return sum(self.widths)

    @cached_property
    def outputs(self) -> int:
        """The entries of a value."""
        return int(np.prod(self.result, dtype=np.int64))

    @cached_property
    def conjugates(self) -> bool:
        """Whether the model's conjugation is more than the identity, as a few scalars show."""
        probe = self.model.sample(integer_generator(1), (8,))
        return not bool(self.model.equal(probe, self.model.conj(probe)).all())

    def number(self, k: Array) -> Array:
        return self.model.from_int(k)

    def zeros(self, *shape: int) -> Array:
        return self.number(np.zeros(shape, dtype=np.int64))

    def identity(self, n: int, *lanes: int) -> Array:
        """Identity matrices, `[*lanes, n, n]`, not to be written to."""
        return np.broadcast_to(self.number(np.eye(n, dtype=np.int64)), (*lanes, n, n))

    def tiny(self, *shape: int) -> Array:
        """0, 1, -1 and 2."""
        return self.number(self.rng.choice(np.array([0, 0, 1, 1, -1, 2]), size=shape))

    def uniform(self, *shape: int) -> Array:
        return self.model.sample(self.rng, shape)

    def some(self, *shape: int) -> Array:
        """Tiny scalars or uniform ones."""
        return self.tiny(*shape) if self.rng.integers(0, 2) else self.uniform(*shape)
