"""A group of lanes: the matrices, vectors and scalars in all parameters' values there. One recipe changes one group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from relay.checker.sampling.scalar_source import ScalarSource
from relay.evaluation.algebra.base import Algebra, Array
from relay.evaluation.values import ListValue, MatrixValue, Value, VectorValue


@dataclass(frozen=True, slots=True)
class LaneGroup:
    """The scalars of some lanes. All arrays are views: writing to them changes the parameters' values."""

    source: ScalarSource
    """Draws scalars for the lanes of this group."""
    matrices: list[Array] = field(default_factory=list)
    """`[lanes, rows, columns]` each. Every item of a list of matrices stands here as a matrix of its own."""
    vectors: list[Array] = field(default_factory=list)
    """`[lanes, n]` each. Every item of a list of vectors stands here as a vector of its own."""
    scalars: list[Array] = field(default_factory=list)
    """`[lanes]` each."""

    @classmethod
    def of(
        cls, values: Mapping[str, Value], model: Algebra, rng: np.random.Generator, start: int, stop: int
    ) -> LaneGroup:
        """Return the group of lanes `start` to `stop - 1`."""
        group = cls(ScalarSource(model, rng, stop - start))
        for value in values.values():
            group._add(value, slice(start, stop))
        return group

    def _add(self, value: Value, lanes: slice) -> None:
        if isinstance(value, MatrixValue) and value.data.ndim == 3:
            self.matrices.append(value.data[lanes])
        elif isinstance(value, VectorValue) and value.data.ndim == 2:
            self.vectors.append(value.data[lanes])
        elif isinstance(value, ListValue) and isinstance(value.items, VectorValue) and value.items.data.ndim == 3:
            self.vectors.extend(value.items.data[lanes, k] for k in range(value.items.data.shape[1]))
        elif isinstance(value, ListValue) and isinstance(value.items, MatrixValue) and value.items.data.ndim == 4:
            self.matrices.extend(value.items.data[lanes, k] for k in range(value.items.data.shape[1]))
        elif isinstance(value, np.ndarray) and value.ndim == 1 and value.dtype == self.model.dtype:
            self.scalars.append(value[lanes])

    @property
    def model(self) -> Algebra:
        return self.source.model

    @property
    def lanes(self) -> int:
        return self.source.lanes

    @property
    def arrays(self) -> list[Array]:
        """All arrays: matrices, then vectors, then scalars."""
        return [*self.matrices, *self.vectors, *self.scalars]
