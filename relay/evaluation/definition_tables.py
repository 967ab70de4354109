"""Tables of definitions over a finite structure: a definition of elements is valued once at all points, and kept.

A call of it is then a look-up. So a definition costs the work of its own nodes, however many definitions it rests on,
instead of the work of all that these unfold to, which grows exponentially with the layers of a theory. A table holds
what each point costs too: fuel is charged as if nothing were kept, up to `MOST_FUEL` a look-up.

Tables stay with the structure, by the definition's key. Whether one is there already must change no result. So every
batch is charged with the work of making a table at its first look-up there, and whether a definition gets a table
depends on the definition and the structure alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import prod
from typing import cast

import numpy as np

from relay.evaluation.algebra.base import Array, TooLarge, Undecidable
from relay.evaluation.evaluator import Evaluator, OutOfWork
from relay.evaluation.frame import Slot
from relay.evaluation.lanes import Dead, Lanes
from relay.evaluation.values import Index, Value, take
from relay.notation.syntax import BoolType, Call, Definition, NatType, Partial, SortType
from relay.notation.traversal import walk

MOST_POINTS = 1_024
"""Most points of a table. A larger one could cost much more than the few calls that are made."""
MOST_TABLES = 4_096
"""Most tables that a structure keeps. They take about 2 KB each."""
FUEL = 1_000_000
"""Fuel for one point of a table: as much as the most that any caller has."""
MOST_FUEL = 1_000
"""Most fuel that a look-up is charged. Without this bound, definitions high up in a theory would run out of fuel for
what they rest on, though none of it is valued again."""
CALL_DEPTH = 256
"""Most calls that may be nested. The lanes of a deeper call are exhausted."""
WORK = 4_000_000
"""Most work for making one table, with the tables that it rests on. A definition that needs more, for instance because
it searches, gets none."""

_HEIGHTS: dict[str, int] = {}
"""Cache of `height`, by the definition's content hash."""


@dataclass(frozen=True, slots=True, eq=False)
class DefinitionTable:
    """The values of a definition at all points, the last parameter fastest, with the fuel and status of each."""

    value: Value | None
    """The values, a lane for each point; None if the definition has a value at no point."""
    points: Lanes
    """The status of each point, and the fuel that a look-up there is charged."""
    shape: tuple[int, ...]
    """Number of values of each parameter."""
    works: Mapping[str, int]
    """Key of each definition that it rests on, itself included -> work of making that one's table."""
    complete: bool
    """Whether no point is out of fuel."""
    height: int


def height(definition: Definition, definitions: Mapping[str, Definition]) -> int:
    """Most calls of definitions that are nested in a call of `definition`, itself included. 0 if its value depends on
    more than the structure, or the text does not tell the number: it recurses, passes functions on, or calls
    `seen`."""
    known = _HEIGHTS.get(definition.key)
    if known is None:
        below = 0
        for term in walk(definition.body):
            if isinstance(term, Partial) or (isinstance(term, Call) and not term.key.startswith("given:")):
                inner = definitions.get(term.key) if isinstance(term, Call) else None
                deep = 0 if inner is None else height(inner, definitions)
                if not deep:
                    below = -1
                    break
                below = max(below, deep)
        known = below + 1
        if len(_HEIGHTS) > 10_000:
            _HEIGHTS.clear()
        _HEIGHTS[definition.key] = known
    return known


Body = Callable[[Evaluator, Definition, list[Slot], int, Lanes], Value]
"""Values a call of a definition at the arguments in some slots, at some depth of calls, over some lanes."""


def table_of(machine: Evaluator, definition: Definition, depth: int, body: Body) -> DefinitionTable | None:
    """The table for calls of a definition at `depth`, made by `body` at the first use; None if there is none."""
    kept = machine.model.tables
    # an observer waits for the values inside the call, a span has them all; of a form's domain the key is not known
    if kept is None or machine.observer is not None or machine.whole or not definition.key:
        return None
    if definition.key not in kept:
        if len(kept) >= MOST_TABLES:
            kept.clear()
        kept[definition.key] = _made(machine, definition, body)
    table = cast(DefinitionTable | None, kept[definition.key])
    # where calls nest too deep, and where the table lacks fuel that the caller has, calls are valued as usual
    if table is None or depth + table.height - 1 > CALL_DEPTH or not (table.complete or machine.fuel <= FUEL):
        return None
    if definition.key not in machine.tables:
        machine.done += sum(work for key, work in table.works.items() if key not in machine.tables)
        machine.tables.update(table.works)
        if machine.done > machine.work:
            raise OutOfWork
    return table


def places(table: DefinitionTable, slots: list[Slot], lanes: Lanes, alive: Index) -> Index:
    """For each of the lanes `alive`, the point of the table at the arguments in `slots`."""
    index = np.zeros(len(alive), dtype=np.intp)
    for (value, owner), size in zip(slots, table.shape, strict=True):
        path = lanes.path(owner)
        index = index * size + cast(Array, take(value, alive if path is None else path[alive]))
    return index


def _made(machine: Evaluator, definition: Definition, body: Body) -> DefinitionTable | None:
    carriers, types = machine.model.carriers, [parameter.type for parameter in definition.parameters]
    sorts = [type_.name for type_ in types if isinstance(type_, SortType) and type_.name in carriers]
    if len(sorts) < len(types) or not isinstance(definition.result, SortType | BoolType | NatType):
        return None
    shape = tuple(carriers[sort] for sort in sorts)
    nested = height(definition, machine.definitions)
    if prod(shape) > MOST_POINTS or not nested:
        return None
    points = Lanes(prod(shape))
    maker = machine.another(FUEL, WORK)
    grids = np.indices(shape).reshape(len(shape), points.count)
    value: Value | None = None
    try:
        value = body(maker, definition, [(grid, points) for grid in grids], 1, points)
    except Dead:
        pass
    except (OutOfWork, TooLarge, Undecidable):
        return None
    spent, kept = points.total(), Lanes(points.count)
    kept.fuel, kept.status = np.minimum(spent, MOST_FUEL), points.status
    works = {**maker.tables, definition.key: maker.done - sum(maker.tables.values())}
    return DefinitionTable(value, kept, shape, works, bool((spent <= FUEL).all()), nested)
