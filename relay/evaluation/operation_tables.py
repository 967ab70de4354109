"""Definitions that only compose operations of a structure, as tables.

`define square(x: Element) -> Element = op(x, x)` is a table over the structure, as `op` is. A call of it is one node,
and one look-up however deep the definitions lie on one another.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import cast

import numpy as np

from relay.evaluation.algebra.base import Algebra, Array
from relay.evaluation.calls import answered
from relay.evaluation.evaluator import Evaluator, Oracle
from relay.evaluation.frame import Slot, value_over
from relay.evaluation.lanes import Lanes
from relay.evaluation.values import Value
from relay.notation.syntax import Call, Definition, SortType, Term, Type, Variable

__all__ = ["OperationTables"]

MOST_CELLS = 100_000
"""Most cells of a table. A definition with more is no table: it is computed."""
MOST_TABLES = 4_096
"""Most definitions whose tables are kept."""

GIVEN = "given:"


class _NoTable(Exception):  # an early exit, not an error
    """A term does more than compose operations."""


class OperationTables:
    """An oracle for the evaluator that looks up calls of definitions that only compose operations, and leaves all
    others to another oracle, or to the evaluator."""

    def __init__(self, model: Algebra, others: Oracle | None = None) -> None:
        """`others` answers the calls that no table answers; None: the evaluator does."""
        self._model = model
        self._others = others
        self._tables: dict[str, Array | None] = {}

    def with_others(self, others: Oracle) -> OperationTables:
        """An oracle with the same tables, which leaves other calls to `others`."""
        same = OperationTables(self._model, others)
        same._tables = self._tables
        return same

    def answer(
        self,
        machine: Evaluator,
        key: str,
        definition: Definition | None,
        slots: list[Slot],
        result: Type,
        depth: int,
        lanes: Lanes,
    ) -> Value:
        """The value of a call: from its table if it has one. Raises what the evaluator raises."""
        table = None if definition is None else self.table(definition, machine.definitions)
        if table is None:
            if self._others is not None:
                return self._others.answer(machine, key, definition, slots, result, depth, lanes)
            return answered(machine, key, definition, slots, depth, lanes)
        return np.asarray(table[tuple(cast(Array, value_over(slot, lanes)) for slot in slots)])

    def table(self, definition: Definition, definitions: Mapping[str, Definition]) -> Array | None:
        """The values of a definition, with one axis for each parameter; None if it does more than compose operations,
        or has too many values."""
        if definition.key not in self._tables:
            if len(self._tables) >= MOST_TABLES:
                self._tables.clear()
            self._tables[definition.key] = self._made(definition, definitions)
        return self._tables[definition.key]

    def _made(self, definition: Definition, definitions: Mapping[str, Definition]) -> Array | None:
        sorts = [p.type for p in definition.parameters if isinstance(p.type, SortType)]
        if not sorts or len(sorts) < len(definition.parameters):
            return None
        shape = tuple(self._model.carriers[sort.name] for sort in sorts)
        if prod(shape) > MOST_CELLS:
            return None
        axes = np.ogrid[tuple(slice(size) for size in shape)]
        names = {p.name: axis for p, axis in zip(definition.parameters, axes, strict=True)}
        try:
            value = self._value(definition.body, names, definitions)
        except _NoTable:
            return None
        return np.broadcast_to(value, shape).copy()

    def _value(self, term: Term, names: Mapping[str, Array], definitions: Mapping[str, Definition]) -> Array:
        """The value of a term at all points, where every name has an axis of its own. Raises `_NoTable`."""
        if isinstance(term, Variable):
            return names[term.name]
        if not isinstance(term, Call) or not term.args:
            raise _NoTable
        table: Array | None = None
        if term.key.startswith(GIVEN):
            table = self._model.operations[term.key.removeprefix(GIVEN)]
        elif term.key in definitions:  # neither the definition itself nor `seen`
            table = self.table(definitions[term.key], definitions)
        if table is None:
            raise _NoTable
        return np.asarray(table[tuple(self._value(arg, names, definitions) for arg in term.args)])
