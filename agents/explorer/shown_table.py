"""The values that a term must have to explain a phenomenon: those of its table at the points that are shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from relay.researcher.bench.connectives import TRUTH
from relay.researcher.observation import PublicPhenomenon


@dataclass(frozen=True, slots=True, eq=False)
class ShownTable:
    """A table, of which some values may not be shown."""

    table: NDArray[Any]
    """One axis for each parameter; -1 where no value is shown."""

    @staticmethod
    def of(phenomenon: PublicPhenomenon, sizes: Mapping[str, int]) -> ShownTable | None:
        """Return the target for the rows of a phenomenon; None if an input in them is not of a sort, or if the output
        is neither of a sort nor a truth value. `sizes` are those of the sorts and of truth values."""
        if TRUTH in phenomenon.parameters or not all(
            sort in sizes for sort in (*phenomenon.parameters, phenomenon.result)
        ):
            return None
        table = np.full(tuple(sizes[sort] for sort in phenomenon.parameters), -1, dtype=np.int64)
        for row in phenomenon.rows:
            table[tuple(row.inputs)] = row.output
        return ShownTable(table)

    @property
    def whole(self) -> bool:
        """Whether every value is shown."""
        return bool((self.table >= 0).all())

    def key(self, dtype: type[Any]) -> bytes:
        """The values of all points as searches keep them. The table must be whole."""
        return self.table.astype(dtype).tobytes()

    def met(self, values: NDArray[Any]) -> bool:
        """Whether `values`, an array as large as the table, agrees with it at every point that is shown."""
        shown = self.table >= 0
        return values.shape == self.table.shape and bool((values == self.table)[shown].all())

    def first(self, rows: NDArray[Any]) -> int | None:
        """The first of `rows`, each the values of a term at all points, that agrees with the table; None if there is
        none."""
        flat = self.table.reshape(-1)
        shown = np.flatnonzero(flat >= 0)
        if not len(rows):
            return None
        places = np.flatnonzero((rows[:, shown] == flat[shown]).all(axis=1))
        return int(places[0]) if len(places) else None
