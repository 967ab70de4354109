"""Assembly of values: values over all lanes from values over some lanes, and lists from their items."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import numpy as np

from relay.evaluation.algebra.base import Array
from relay.evaluation.values import (
    FunctionValue,
    Index,
    ListValue,
    MatrixValue,
    Size,
    Value,
    VectorValue,
    agreed,
    as_array,
    leaf_array,
    list_axes,
    map_arrays,
    room,
    take,
)


def scatter(pieces: Sequence[tuple[Index, Value]], lanes: int) -> Value:
    """Return one value over `lanes` lanes, put together from pieces.

    A piece is a set of lanes and a value over these lanes. No lane is in two pieces; lanes in no piece hold padding.
    """
    first = pieces[0][1]
    if len(pieces) == 1 and len(pieces[0][0]) == lanes and not isinstance(first, int | bool):
        return take(first, np.argsort(pieces[0][0], kind="stable"))
    if isinstance(first, VectorValue):
        vectors = [(i, cast(VectorValue, v)) for i, v in pieces]
        data = _scatter([(i, v.data) for i, v in vectors], lanes)
        return VectorValue(data, _scatter_sizes([(i, v.size) for i, v in vectors], data.shape[:-1]))
    if isinstance(first, MatrixValue):
        matrices = [(i, cast(MatrixValue, v)) for i, v in pieces]
        data = _scatter([(i, v.data) for i, v in matrices], lanes)
        return MatrixValue(
            data,
            _scatter_sizes([(i, v.rows) for i, v in matrices], data.shape[:-2]),
            _scatter_sizes([(i, v.columns) for i, v in matrices], data.shape[:-2]),
        )
    if isinstance(first, ListValue):
        lists = [(i, cast(ListValue, v)) for i, v in pieces]
        axis = list_axes(first)
        width = max(cast(Array, leaf_array(v.items)).shape[axis] for _, v in lists)
        items = scatter([(i, _widen(v.items, axis, width)) for i, v in lists], lanes)
        shape = cast(Array, leaf_array(items)).shape[:axis]
        return ListValue(items, _scatter_sizes([(i, v.length) for i, v in lists], shape))
    if isinstance(first, FunctionValue):
        return _scatter_functions([(i, cast(FunctionValue, v)) for i, v in pieces], lanes)
    if all(isinstance(v, int | bool) and v == first for _, v in pieces):
        return first
    return _scatter([(i, as_array(v, len(i))) for i, v in pieces], lanes)


def _scatter_functions(pieces: Sequence[tuple[Index, FunctionValue]], lanes: int) -> FunctionValue:
    """Join the pieces into one function value. A target that several pieces share is listed once."""
    targets = tuple({id(target): target for _, v in pieces for target in v.targets}.values())
    place = {id(target): n for n, target in enumerate(targets)}
    numbered = [(i, v, np.array([place[id(t)] for t in v.targets] or [0], dtype=np.int64)) for i, v in pieces]
    which = _scatter([(i, places[v.which]) for i, v, places in numbered], lanes)
    sizes = zip(*(v.sizes for _, v in pieces), strict=True)
    index = [i for i, _ in pieces]
    return FunctionValue(
        which,
        _scatter([(i, v.row) for i, v in pieces], lanes),
        targets,
        tuple(_scatter_sizes(list(zip(index, each, strict=True)), which.shape) for each in sizes),
    )


def _widen(items: Value, axis: int, width: int) -> Value:
    """Return `items` with padding added to their arrays, so that `axis` has length `width`."""

    def widen(a: Array) -> Array:
        missing = width - a.shape[axis]
        if missing == 0:
            return a
        room(*a.shape[:axis], width, *a.shape[axis + 1 :])
        return np.concatenate([a, _padding((*a.shape[:axis], missing, *a.shape[axis + 1 :]), [a])], axis=axis)

    return map_arrays(items, widen)


def _scatter(pieces: Sequence[tuple[Index, Array]], lanes: int) -> Array:
    # Pieces may have different capacities: the result has the largest, and padding elsewhere.
    rank = max(p.ndim for _, p in pieces)
    tail = tuple(max((p.shape[axis] for _, p in pieces), default=0) for axis in range(1, rank))
    room(lanes, *tail)
    result = _padding((lanes, *tail), [p for _, p in pieces])
    for index, piece in pieces:
        if piece.shape[1:] == tail:
            result[index] = piece
        else:
            window: Any = (index, *(slice(0, n) for n in piece.shape[1:]))
            result[window] = piece
    return result


def _padding(shape: tuple[int, ...], like: Sequence[Array]) -> Array:
    """Return an array of padding. In object arrays the padding is an element of `like`, so that arithmetic works."""
    result = np.zeros(shape, dtype=like[0].dtype)
    if result.dtype == object:
        some = next((a.flat[0] for a in like if a.size), 0)
        result.fill(some)  # an assignment would spread the terms of a polynomial, which is a sequence
    return result


def _scatter_sizes(pieces: Sequence[tuple[Index, Size]], shape: tuple[int, ...]) -> Size:
    """Join the sizes of the pieces to an array of shape `shape`: one axis for lanes, one for each enclosing list.

    If all pieces have the same `int` as their size, return it instead.
    """
    first = pieces[0][1]
    if all(isinstance(s, int) and s == first for _, s in pieces):
        return first
    result = np.zeros(shape, dtype=np.int64)
    for index, size in pieces:
        window: Any = index if isinstance(size, int) else (index, *(slice(0, n) for n in size.shape[1:]))
        result[window] = size
    return result


def gather_list(pieces: Sequence[tuple[Index, Value]], lanes: int, empty: Value) -> ListValue:
    """Return one list for each of `lanes` lanes, with its items in the order of the pieces.

    A piece holds owner lanes and one item for each of them. Owner lanes do not decrease, and may repeat. `empty` is a
    value of the item type over `lanes` lanes; if there are no items at all, the empty lists keep its shape.
    """
    owners = [owner for owner, _ in pieces if len(owner)]
    if not owners:
        return ListValue(map_arrays(_stackable(empty, lanes), lambda a: a[:, None][:, :0]), 0)
    owner = np.concatenate(owners)
    room(len(owner))
    if len(owners) > 1:
        offsets = np.cumsum([0, *(len(o) for o in owners)])
        flat = scatter(
            [
                (np.arange(offsets[n], offsets[n + 1]), _stackable(v, len(o)))
                for n, (o, v) in enumerate((o, v) for o, v in pieces if len(o))
            ],
            len(owner),
        )
        # Stable, so that the items of one lane keep the order of the pieces.
        order = np.argsort(owner, kind="stable")
        owner, flat = owner[order], take(flat, order)
    else:
        flat = _stackable(next(v for o, v in pieces if len(o)), len(owner))
    flat = _stackable(flat, len(owner))
    counts = np.bincount(owner, minlength=lanes).astype(np.int64)
    width = int(counts.max())
    if (counts == width).all():
        return ListValue(map_arrays(flat, lambda a: a.reshape(lanes, width, *a.shape[1:])), width)
    starts = np.cumsum(counts) - counts
    position = np.arange(len(owner)) - starts[owner]

    def spread(a: Array) -> Array:
        room(lanes, width, *a.shape[1:])
        result = _padding((lanes, width, *a.shape[1:]), [a])
        result[owner, position] = a
        return result

    return ListValue(map_arrays(flat, spread), agreed(counts))


def _stackable(value: Value, lanes: int) -> Value:
    return as_array(value, lanes) if isinstance(value, int | bool) else value
