"""Sharing: equal calls of a batch are made once. Sharing saves time, never fuel."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from relay.evaluation.algebra.base import Array
from relay.evaluation.frame import Slot
from relay.evaluation.lanes import Lanes
from relay.evaluation.values import FunctionValue, Index, ListValue, MatrixValue, Value, VectorValue
from relay.notation.syntax import TABLES, Call, Definition, Partial, Permutations, Subsets, Values
from relay.notation.traversal import sources, walk

_ODD = np.int64(-0x61C8864680B583EB)  # 0x9E3779B97F4A7C15, 2^64 over the golden ratio, as a signed number
_WORTH: dict[str, bool] = {}
"""Cache of `worth_sharing`, by the definition's content hash."""


def worth_sharing(definition: Definition, definitions: Mapping[str, Definition]) -> bool:
    """Whether a call of `definition` may cost much more than the search for equal arguments.

    True if the definition, or one that it calls, recurses or ranges over a type, permutations or subsets.
    """
    known = _WORTH.get(definition.key)
    if known is None:
        known = any(isinstance(s, Values | Permutations | Subsets) for s in sources(definition.body))
        for term in walk(definition.body):
            if known:
                break
            if isinstance(term, Call | Partial) and not term.key.startswith(TABLES):
                known = term.key == "self" or worth_sharing(definitions[term.key], definitions)
        if len(_WORTH) > 10_000:
            _WORTH.clear()
        _WORTH[definition.key] = known
    return known


def distinct(slots: list[Slot], lanes: Lanes, alive: Index) -> tuple[Index, Index] | None:
    """Divide the lanes `alive` into classes with equal arguments. Return each class's first lane and each lane's class.

    First lanes are given as positions in `alive`, in increasing order. Returns None if the arguments of all lanes
    differ, so that sharing would save nothing, or if arguments are Python objects, which can't be compared as bytes.
    """
    columns: list[NDArray[np.int64]] = []
    for value, owner in slots:
        path = lanes.path(owner)
        for array in _arrays(value):
            if array.dtype == object:
                return None
            rows = array[alive] if path is None else array[path[alive]]
            columns.append(rows.reshape(len(alive), -1).astype(np.int64))
    if not columns:
        return (np.zeros(1, dtype=np.intp), np.zeros(len(alive), dtype=np.intp)) if len(alive) > 1 else None
    table = np.ascontiguousarray(np.concatenate(columns, axis=1))
    if table.shape[1] == 0:
        return (np.zeros(1, dtype=np.intp), np.zeros(len(alive), dtype=np.intp)) if len(alive) > 1 else None
    first, back = _classes(table)
    if len(first) == len(alive):
        return None
    # `_classes` returns classes in no order. Lanes must keep their order: owners of lanes do not decrease.
    order = np.argsort(first)
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    return first[order], rank[back]


def _classes(table: NDArray[np.int64]) -> tuple[Index, Index]:
    """Divide the rows into classes of equal rows. Return each class's first row, in no order, and each row's class."""
    # Sorting one hash per row is faster than sorting rows. The comparison below detects collisions of hashes.
    with np.errstate(over="ignore"):
        mixed = np.zeros(len(table), dtype=np.int64)
        for column in table.T:
            mixed = (mixed ^ column) * _ODD
            mixed ^= mixed >> 29
    _, first, back = np.unique(mixed, return_index=True, return_inverse=True)
    if len(first) == len(table) or (table[first[back]] == table).all():
        return first, back
    # Two different rows have one hash: sort the bytes of the rows instead.
    keys = table.view(np.dtype((np.void, table.dtype.itemsize * table.shape[1]))).reshape(-1)
    _, first, back = np.unique(keys, return_index=True, return_inverse=True)
    return first, back.reshape(-1)


def _arrays(value: Value) -> Iterator[Array]:
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, VectorValue):
        yield value.data
        yield from _arrays(value.size)
    elif isinstance(value, MatrixValue):
        yield value.data
        yield from _arrays(value.rows)
        yield from _arrays(value.columns)
    elif isinstance(value, FunctionValue):
        yield value.which
        yield value.row
        for size in value.sizes:
            yield from _arrays(size)
    elif isinstance(value, ListValue):
        yield from _arrays(value.items)
        yield from _arrays(value.length)
