"""What every family of functions draws from: a function type at given sizes, a model, and random numbers."""

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
"""A random function with at most this many argument tuples is a table; any other is a hash."""
MOST_ENTRIES = 4_096
"""Largest number of coefficients in one function's formula."""

Maker = Callable[[int], Target]
"""Draws the given number of functions of one family."""


@dataclass(frozen=True)
class FunctionSampler:
    """Draws the coefficients of functions of one type.

    The arguments of a function are treated as one vector of `inputs` entries, one argument after the other. The
    function's value is treated as a vector of `outputs` entries.
    """

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
        """The shape of the function's value."""
        return spans(self.kind, self.sizes)[1]

    @cached_property
    def widths(self) -> list[int]:
        """The number of entries of each argument."""
        return [int(np.prod(shape, dtype=np.int64)) for shape in self.shapes]

    @cached_property
    def starts(self) -> list[int]:
        """For each argument, the place of its first entry in the vector of all arguments. The last item is `inputs`."""
        return [int(n) for n in np.cumsum([0, *self.widths])]

    @cached_property
    def inputs(self) -> int:
        """The number of entries of all arguments together."""
        return sum(self.widths)

    @cached_property
    def outputs(self) -> int:
        """The number of entries of the function's value."""
        return int(np.prod(self.result, dtype=np.int64))

    @cached_property
    def conjugates(self) -> bool:
        """Whether the model's conjugation changes any of eight sampled scalars."""
        probe = self.model.sample(integer_generator(1), (8,))
        return not bool(self.model.equal(probe, self.model.conj(probe)).all())

    def number(self, k: Array) -> Array:
        """Return the images of integers in the model."""
        return self.model.from_int(k)

    def zeros(self, *shape: int) -> Array:
        return self.number(np.zeros(shape, dtype=np.int64))

    def identity(self, n: int, *lanes: int) -> Array:
        """Return identity matrices, `[*lanes, n, n]`, as a read-only view."""
        return np.broadcast_to(self.number(np.eye(n, dtype=np.int64)), (*lanes, n, n))

    def tiny(self, *shape: int) -> Array:
        """Return scalars drawn from 0, 1, -1 and 2, with 0 and 1 twice as often."""
        return self.number(self.rng.choice(np.array([0, 0, 1, 1, -1, 2]), size=shape))

    def uniform(self, *shape: int) -> Array:
        return self.model.sample(self.rng, shape)

    def some(self, *shape: int) -> Array:
        """Return either tiny scalars only, or uniform scalars only, at random."""
        return self.tiny(*shape) if self.rng.integers(0, 2) else self.uniform(*shape)
