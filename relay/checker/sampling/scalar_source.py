"""Random scalars of a model, for many lanes at once: what structured values are drawn from, whoever draws them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from relay.checker.sampling.structured_matrices import add_row, identity, similar, subtract_column
from relay.evaluation.algebra.base import Algebra, Array


@dataclass(frozen=True, slots=True)
class ScalarSource:
    """Random members of a model. Every array has `lanes` first."""

    model: Algebra
    rng: np.random.Generator
    lanes: int
    shared: dict[int, tuple[Array, Array]] | None = None
    """Axes by size that all members are seen from; None: each from its own."""

    def uniform(self, *shape: int) -> Array:
        return self.model.sample(self.rng, (self.lanes, *shape))

    def tiny(self, *shape: int) -> Array:
        """0, 1 and -1, zeros most often."""
        return self.choice((0, 0, 0, 1, 1, -1), *shape)

    def choice(self, options: Sequence[int], *shape: int) -> Array:
        """Integers from a list, repeated ones more often."""
        return self.model.from_int(self.rng.choice(np.array(options), size=(self.lanes, *shape)))

    def pick(self, count: int) -> int:
        """A number below `count`, one for all lanes."""
        return int(self.rng.integers(0, count))

    def axes(self, n: int) -> tuple[Array, Array]:
        """An invertible matrix and its inverse."""
        if self.shared is None:
            return self._changes(n)
        if n not in self.shared:
            self.shared[n] = self._changes(n)
        return self.shared[n]

    def _changes(self, n: int) -> tuple[Array, Array]:
        """Elementary changes of the identity."""
        there, back = identity(self.model, self.lanes, n), identity(self.model, self.lanes, n)
        order = self.rng.permutation(n)
        there, back = there[:, order], back[:, :, order]
        for i in range(n):
            for j in range(n):
                if i != j:
                    factor = self.uniform()
                    add_row(self.model, there, i, j, factor)
                    subtract_column(self.model, back, i, j, factor)
        return there, back

    def turned(self, matrix: Array) -> Array:
        """The same maps, each seen from axes of its own."""
        return similar(self.model, matrix, self.axes(matrix.shape[1]))
