"""Evaluates terms on a task's finite structure. A term with free variables has a row: its values at all points.

A context is a tuple of sorts, one per free variable. Its points are all tuples of values, the last variable fastest.
Applying a function to K tuples of rows is one gather and K evaluations. Rows are read-only arrays [K, points].
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from relay.evaluation import OK, call
from relay.evaluation.algebra import structure_of
from relay.notation.syntax import BoolType, Definition, SortType
from relay.records.task import Given
from relay.researcher.bench.connectives import TRUTH, connectives
from relay.researcher.bench.function import BenchFunction
from relay.researcher.bench.meter import Meter

Array = NDArray[Any]

FUEL = 100_000
"""Fuel for one value of a definition."""

MOST_POINTS = 2**20
"""Most values of a table: the table of a definition with many parameters would fill the memory."""


class Rows:
    """The public model of a task that gives sorts: its whole finite structure."""

    def __init__(self, given: Given, meter: Meter) -> None:
        self._meter = meter
        self._sizes = {sort.name: sort.size for sort in given.sorts} | {TRUTH: 2}
        # Searches keep very many rows, so values take one byte if the sorts allow it.
        self.dtype: type[np.uint8] | type[np.int64] = np.uint8 if max(self._sizes.values()) <= 256 else np.int64
        self._model = structure_of(given)
        self._tables: dict[str, Array] = {}
        self._functions: dict[str, BenchFunction] = {}
        for operation in given.operations:
            self._keep(
                BenchFunction(operation.name, operation.parameters, operation.result), np.asarray(operation.table)
            )

    @property
    def functions(self) -> Mapping[str, BenchFunction]:
        """Name -> function that can be applied."""
        return dict(self._functions)

    @property
    def sizes(self) -> Mapping[str, int]:
        """Number of values of each sort, and of truth values."""
        return dict(self._sizes)

    def connectives(self) -> list[BenchFunction]:
        """Make equality on each sort, `not`, `and` and `or` applicable, and return them. Costs nothing."""
        made = connectives(self._sizes)
        for function, table in made:
            self._keep(function, table)
        return [function for function, _ in made]

    def variables(self, context: Sequence[str]) -> list[Array]:
        """The rows of the free variables: one array [1, points] each. Nothing is computed, so nothing is charged."""
        shape = tuple(self._sizes[sort] for sort in context)
        grids = np.indices(shape).reshape(len(shape), -1)
        return [_frozen(grid[np.newaxis].astype(self.dtype)) for grid in grids]

    def apply(self, name: str, arguments: Sequence[Array]) -> Array:
        """Rows of `name(arguments)`; the arguments are arrays [K, points]. Costs K evaluations."""
        function, table = self._functions[name], self._tables[name]
        if len(arguments) != len(function.parameters) or len({argument.shape for argument in arguments}) != 1:
            raise ValueError(f"{name} takes {len(function.parameters)} arrays of rows of one shape")
        self._meter.reserve(len(arguments[0]))
        rows: Array = table.ravel().take(_places(table.shape, arguments))
        self._meter.record(rows)
        return _frozen(rows)

    def fold(self, word: str, rows: Array, sort: str) -> Array:
        """Rows of `all(t for z in SORT)`, or of `any(...)` if that is the `word`, for the rows of truth values of terms
        t whose last free variable is z. Costs one evaluation a term."""
        self._meter.reserve(len(rows))
        size = self._sizes[sort]
        parts = rows.reshape(len(rows), rows.shape[1] // size, size)
        folded: Array = parts.min(axis=2) if word == "all" else parts.max(axis=2)
        self._meter.record(folded)
        return _frozen(folded)

    def table(self, name: str) -> Array:
        """The complete table of a function that can be applied."""
        return self._tables[name]

    def tabulate(
        self, name: str, definition: Definition, definitions: Mapping[str, Definition]
    ) -> BenchFunction | None:
        """Make a definition applicable under `name`. Its table costs one evaluation.

        Returns None, and charges nothing, if a parameter's type is not a sort, if the result's is neither a sort nor
        `Bool`, or if the table would have too many values. Returns None, and charges all the same, if the definition
        has no value at some point.
        """
        if name in self._functions:
            return self._functions[name]
        types = [parameter.type for parameter in definition.parameters]
        sorts = tuple(type_.name for type_ in types if isinstance(type_, SortType))
        if len(sorts) != len(types) or not sorts or not isinstance(definition.result, SortType | BoolType):
            return None
        if prod(self._sizes[sort] for sort in sorts) > MOST_POINTS:
            return None
        self._meter.reserve(1)
        table = self._tabulated(definition, definitions)
        if table is None:
            return None
        result = definition.result.name if isinstance(definition.result, SortType) else TRUTH
        function = BenchFunction(name, sorts, result)
        self._keep(function, table)
        self._meter.record(self._tables[name])
        return function

    def _tabulated(self, definition: Definition, definitions: Mapping[str, Definition]) -> Array | None:
        shape = tuple(self._sizes[cast(SortType, parameter.type).name] for parameter in definition.parameters)
        grids = np.indices(shape).reshape(len(shape), -1)
        outcome = call(definition, [*grids], grids.shape[1], self._model, definitions, FUEL)
        if outcome.value is None or np.any(outcome.status != OK):
            return None
        # A definition that ignores its parameters may give one value for all points.
        return np.broadcast_to(np.asarray(outcome.value), grids.shape[1:]).reshape(shape)

    def _keep(self, function: BenchFunction, table: Array) -> None:
        shape = tuple(self._sizes[sort] for sort in function.parameters)
        if table.shape != shape:
            raise ValueError(f"the table of {function.name} has shape {table.shape}, expected {shape}")
        if table.size and not 0 <= int(table.min()) <= int(table.max()) < self._sizes[function.result]:
            raise ValueError(f"the table of {function.name} has values outside {function.result}")
        self._functions[function.name] = function
        self._tables[function.name] = _frozen(table.astype(self.dtype))


def _places(shape: tuple[int, ...], arguments: Sequence[Array]) -> Array:
    """The places in a flat table of this `shape` at which the values of `arguments` meet."""
    # one index in a small type: numpy gathers with it several times as fast as with one index for each argument
    places = np.zeros(arguments[0].shape, dtype=np.min_scalar_type(prod(shape)))
    for size, argument in zip(shape, arguments, strict=True):
        if argument.size and not 0 <= argument.min() <= argument.max() < size:
            raise IndexError(f"a row has values outside a sort of {size}")
        places *= places.dtype.type(size)
        places += argument.astype(places.dtype, copy=False)
    return places


def _frozen(array: Array) -> Array:
    # Rows are shared between terms, so writing into one would change others.
    array.flags.writeable = False
    return array
