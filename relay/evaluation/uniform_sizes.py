"""In each lane, all items of a list have the same sizes. An empty list takes them from its type.

If a size of the arrays inside a list differs by lane, it is stored as an array with the axes of the list. The first
slot of this array holds the size of the items, even if there are none. `even` establishes this; the other modules rely
on it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import numpy as np
from numpy.typing import NDArray

from relay.evaluation.algebra.base import Array
from relay.evaluation.lanes import UNDEFINED, Lanes
from relay.evaluation.values import (
    FunctionValue,
    ListValue,
    MatrixValue,
    Size,
    Value,
    VectorValue,
    agreed,
    leaf_array,
    slotted,
)


def leaf_sizes(value: Value) -> list[Size]:
    """Return the sizes of an array or a function, or of those inside a list, in the order of the type."""
    return [size if isinstance(size, int) or size.ndim == 1 else _first(size) for size in _raw(value)]


def even(value: ListValue, lanes: Lanes, otherwise: Callable[[], list[Size]]) -> ListValue:
    """Return the list with the common size of a lane's items in every slot. A lane with different sizes is undefined.

    `otherwise` returns the sizes for lanes without items; it is called only if there is such a lane.
    """
    raw = _raw(value.items)
    if not raw:
        return value
    count = lanes.count
    lacking = np.broadcast_to(np.asarray(value.length) == 0, (count,))
    spare = otherwise() if (lacking & lanes.alive()).any() else [0] * len(raw)
    if not lacking.any() and all(isinstance(size, int) for size in raw):
        return value
    common: list[Size] = []
    uneven = np.zeros(count, dtype=np.bool_)
    for size, other in zip(raw, spare, strict=True):
        found = _common(size, value, count, uneven)
        common.append(_agreed(np.where(lacking, other, found), lanes))
    lanes.mark(uneven, UNDEFINED)
    items = _resized(value.items, common, 1)
    return ListValue(items, value.length)


def _common(size: Size, value: ListValue, count: int, uneven: NDArray[np.bool_]) -> NDArray[np.int64]:
    """For each lane, return the size of its items. Sets `uneven` in lanes whose items have more than one size."""
    if isinstance(size, int):
        return np.full(count, size, dtype=np.int64)
    flat = size.reshape(count, -1)
    if flat.shape[1] == 0:
        return np.zeros(count, dtype=np.int64)
    inside = np.broadcast_to(_inside(value, (count,)), size.shape).reshape(count, -1)
    first = np.where(inside.any(axis=1), np.argmax(inside, axis=1), 0)
    found = np.asarray(flat[np.arange(count), first])
    uneven |= ((flat != found[:, None]) & inside).any(axis=1)
    return found


def _inside(value: ListValue, lead: tuple[int, ...]) -> NDArray[np.bool_]:
    """Return a mask of the slots that hold an array, and no padding.

    Its axes are those before the list, with the lengths `lead`, that of the list, and those of the lists inside it.
    """
    capacity = cast(Array, leaf_array(value.items)).shape[len(lead)]
    slots = (*lead, capacity)
    here = np.broadcast_to(np.arange(capacity) < np.expand_dims(value.length, -1), slots)
    if not isinstance(value.items, ListValue):
        return here
    deeper = _inside(value.items, slots)
    return here.reshape(*here.shape, *(1,) * (deeper.ndim - here.ndim)) & deeper


def _raw(value: Value) -> list[Size]:
    if isinstance(value, VectorValue):
        return [value.size]
    if isinstance(value, MatrixValue):
        return [value.rows, value.columns]
    if isinstance(value, FunctionValue):
        return list(value.sizes)
    return _raw(value.items) if isinstance(value, ListValue) else []


def _first(size: NDArray[np.int64]) -> NDArray[np.int64]:
    flat = size.reshape(size.shape[0], -1)
    return flat[:, 0] if flat.shape[1] else np.zeros(size.shape[0], dtype=np.int64)


def _agreed(size: NDArray[np.int64], lanes: Lanes) -> Size:
    # Dead lanes take the size of a living one: then living lanes that agree have one `int`, which is faster.
    alive = lanes.alive()
    if alive.all():
        return agreed(size)
    return agreed(np.where(alive, size, size[np.argmax(alive)]))


def _resized(value: Value, sizes: list[Size], axes: int) -> Value:
    """Return the value with `sizes` in every slot. `axes` is the number of list axes before the arrays."""
    if any(isinstance(size, np.ndarray) for size in sizes):
        value = slotted(value, axes)
    if isinstance(value, ListValue):
        return ListValue(_resized(value.items, sizes, axes + 1), value.length)
    assert isinstance(value, VectorValue | MatrixValue | FunctionValue)
    shape = (value.which if isinstance(value, FunctionValue) else value.data).shape[: 1 + axes]

    def spread(size: Size) -> Size:
        return size if isinstance(size, int) else np.broadcast_to(size.reshape(-1, *(1,) * axes), shape)

    if isinstance(value, FunctionValue):
        return FunctionValue(value.which, value.row, value.targets, tuple(map(spread, sizes)))
    if isinstance(value, VectorValue):
        return VectorValue(value.data, spread(sizes[0]))
    return MatrixValue(value.data, spread(sizes[0]), spread(sizes[1]))
