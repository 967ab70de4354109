"""Random scalars of a model for many lanes at once. All structured values are drawn from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from relay.checker.sampling.structured_matrices import add_row, identity, similar, subtract_column
from relay.evaluation.algebra.base import Algebra, Array


@dataclass(frozen=True, slots=True)
class ScalarSource:
    """Draws random scalars of a model. Every array has the lanes first."""

    model: Algebra
    rng: np.random.Generator
    lanes: int
    shared: dict[int, tuple[Array, Array]] | None = None
    """Size -> axes of that size, which all members in a lane share. If None, each member gets axes of its own."""

    def uniform(self, *shape: int) -> Array:
        return self.model.sample(self.rng, (self.lanes, *shape))

    def tiny(self, *shape: int) -> Array:
        """Return entries 0 (half of the time), 1 (a third) and -1 (a sixth)."""
        return self.choice((0, 0, 0, 1, 1, -1), *shape)

    def choice(self, options: Sequence[int], *shape: int) -> Array:
        """Return integers drawn from `options`. An integer that stands there twice is drawn twice as often."""
        return self.model.from_int(self.rng.choice(np.array(options), size=(self.lanes, *shape)))

    def pick(self, count: int) -> int:
        """Return a number below `count`, the same for all lanes."""
        return int(self.rng.integers(0, count))

    def axes(self, n: int) -> tuple[Array, Array]:
        """Return invertible matrices and their inverses, `[lanes, n, n]` each."""
        if self.shared is None:
            return self._changes(n)
        if n not in self.shared:
            self.shared[n] = self._changes(n)
        return self.shared[n]

    def _changes(self, n: int) -> tuple[Array, Array]:
        """Return invertible matrices and their inverses.

        Each is a product of a permutation and one random elementary matrix for every place off the diagonal.
        """
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
        """Return the linear maps that `matrix` describes, with respect to the axes from `axes`."""
        return similar(self.model, matrix, self.axes(matrix.shape[1]))
