"""Values in batches. A value holds one value of its type for each of L lanes.

| type | value |
| --- | --- |
| `Nat` | an `int` when all lanes agree, else `int64[L]` |
| `Bool` | a `bool` when all lanes agree, else `bool[L]` |
| `Scalar`, sorts | an array `[L]` of the model's codes |
| `Vector` | `VectorValue(data[L, cap], size)`, entries from `size` on are padding |
| `Matrix` | `MatrixValue(data[L, r, c], rows, columns)`, likewise |
| `List` | `ListValue(items, length)`: a value of the item type whose arrays have one more axis `[L, cap, ...]` |

Sizes and lengths are an `int` when all lanes agree, else `int64[L]` (inside lists, with the further axes of the list).
An empty list's items still carry their sizes: where these are arrays, they have at least one slot (`evenness`).
Padding means nothing; in object arrays it is some element of the model, so that arithmetic can go over it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from relay.models.base import Array, Model, TooLarge
from relay.notation.syntax import (
    BoolType,
    ListType,
    MatrixType,
    NatType,
    ScalarType,
    SortType,
    Type,
    VectorType,
)

Size = int | NDArray[np.int64]
Index = NDArray[np.intp]
MOST_CELLS = 1 << 23
"""Entries of one array; beyond, the evaluation runs out. What bounds memory."""


def room(*shape: int) -> None:
    """Raise `TooLarge` for an array that would be too large, before it is made."""
    if prod(shape) > MOST_CELLS:
        raise TooLarge("an array of values has outgrown its limit")


@dataclass(frozen=True, slots=True, eq=False)
class VectorValue:
    """Vectors, one a lane."""

    data: Array
    size: Size


@dataclass(frozen=True, slots=True, eq=False)
class MatrixValue:
    """Matrices, one a lane."""

    data: Array
    rows: Size
    columns: Size


@dataclass(frozen=True, slots=True, eq=False)
class ListValue:
    """Lists, one a lane."""

    items: Value
    length: Size

    @property
    def capacity(self) -> int:
        """The length of the item axis, for lists that are not in a list."""
        return int(cast(Array, leaf_array(self.items)).shape[1])


Value = int | bool | Array | VectorValue | MatrixValue | ListValue


def leaf_array(value: Value) -> Array | None:
    """The array of a value that has all of its axes; None for one natural or truth value."""
    if isinstance(value, np.ndarray):
        return value
    if isinstance(value, VectorValue | MatrixValue):
        return value.data
    if isinstance(value, ListValue):
        return leaf_array(value.items)
    return None


def list_axes(value: Value) -> int:
    """The lanes and the lists around a value: how many axes its arrays have before its own."""
    if isinstance(value, ListValue):
        return list_axes(value.items) - 1
    leaf = cast(Array, leaf_array(value))
    return leaf.ndim - (1 if isinstance(value, VectorValue) else 2 if isinstance(value, MatrixValue) else 0)


def map_arrays(value: Value, change: Callable[[Array], Array]) -> Value:
    """`change` applied to every array of the value; agreed sizes and values stay as they are."""
    if isinstance(value, np.ndarray):
        return change(value)
    if isinstance(value, VectorValue):
        return VectorValue(change(value.data), _size(value.size, change))
    if isinstance(value, MatrixValue):
        return MatrixValue(change(value.data), _size(value.rows, change), _size(value.columns, change))
    if isinstance(value, ListValue):
        return ListValue(map_arrays(value.items, change), _size(value.length, change))
    return value


def _size(size: Size, change: Callable[[Array], Array]) -> Size:
    return size if isinstance(size, int) else change(size)


def take(value: Value, index: Index) -> Value:
    """The lanes `index`, in that order, repeats allowed."""
    return map_arrays(value, lambda a: _gathered(a, index, a.shape[1:]))


def item(value: ListValue, lanes: Index, k: Array | int) -> Value:
    """Item `k` (in range) of the lists of the given lanes."""
    return map_arrays(value.items, lambda a: _gathered(a, (lanes, k), a.shape[2:], len(lanes)))


def _gathered(a: Array, index: Any, tail: tuple[int, ...], count: int | None = None) -> Array:
    if tail:
        room(len(index) if count is None else count, *tail)
    return cast(Array, a[index])


def flattened(items: Value) -> Value:
    """The items of lists as lanes: item `k` of lane `l` is lane `l * capacity + k`."""
    return map_arrays(items, lambda a: a.reshape(-1, *a.shape[2:]))


def slotted(value: Value, axis: int) -> Value:
    """The same arrays with at least one place on the given axis."""

    def slot(a: Array) -> Array:
        if a.shape[axis]:
            return a
        return np.zeros((*a.shape[:axis], 1, *a.shape[axis + 1 :]), dtype=a.dtype)

    return map_arrays(value, slot)


def as_array(value: Value, lanes: int, dtype: Any = None) -> Array:
    """A `Nat` or `Bool` value as an array over the lanes."""
    if isinstance(value, np.ndarray):
        return value
    return np.full(lanes, cast(int, value), dtype=dtype or (np.bool_ if isinstance(value, bool) else np.int64))


def agreed(size: Array) -> Size:
    """An array of sizes, or the one size when all lanes agree and there is at least one."""
    if size.ndim == 1 and len(size) and (size == size[0]).all():
        return int(size[0])
    return size


def blank(type_: Type, lanes: int, model: Model, sizes: Callable[[Any], Size]) -> Value:
    """Some value of a type, for lanes whose value does not matter; `sizes` values a size term (for lists, as items)."""
    if isinstance(type_, NatType):
        return np.zeros(lanes, dtype=np.int64)
    if isinstance(type_, BoolType):
        return np.zeros(lanes, dtype=np.bool_)
    if isinstance(type_, SortType):
        return np.zeros(lanes, dtype=np.int64)
    if isinstance(type_, ScalarType):
        return zeros(model, (lanes,))
    if isinstance(type_, VectorType):
        size = sizes(type_.size)
        return VectorValue(zeros(model, (lanes, _most(size))), size)
    if isinstance(type_, MatrixType):
        rows, columns = sizes(type_.rows), sizes(type_.columns)
        return MatrixValue(zeros(model, (lanes, _most(rows), _most(columns))), rows, columns)
    items = blank(type_.item, lanes, model, sizes)
    ragged = isinstance(items, ListValue | VectorValue | MatrixValue) and any(_ragged(items))
    return ListValue(map_arrays(items, lambda a: a[:, None] if ragged else a[:, None][:, :0]), 0)


def _ragged(value: Value) -> Iterator[bool]:
    """Whether each size inside a value differs by lane."""
    if isinstance(value, VectorValue):
        yield not isinstance(value.size, int)
    elif isinstance(value, MatrixValue):
        yield not isinstance(value.rows, int) or not isinstance(value.columns, int)
    elif isinstance(value, ListValue):
        yield from _ragged(value.items)


def _most(size: Size) -> int:
    return max(size, 0) if isinstance(size, int) else int(size.max(initial=0))


def zeros(model: Model, shape: tuple[int, ...]) -> Array:
    """Zero scalars."""
    room(*shape)
    return np.broadcast_to(model.from_int(np.zeros(1, dtype=np.int64)), shape).copy()


# --- putting lanes together ------------------------------------------------------------------------------------------


def scatter(pieces: Sequence[tuple[Index, Value]], lanes: int) -> Value:
    """One value over `lanes` lanes from pieces over disjoint sets of lanes; lanes in no piece hold padding."""
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
    if all(isinstance(v, int | bool) and v == first for _, v in pieces):
        return first
    return _scatter([(i, as_array(v, len(i))) for i, v in pieces], lanes)


def _widen(items: Value, axis: int, width: int) -> Value:
    """The same items on a list axis of length `width`; what is added is padding."""

    def widen(a: Array) -> Array:
        missing = width - a.shape[axis]
        if missing == 0:
            return a
        room(*a.shape[:axis], width, *a.shape[axis + 1 :])
        return np.concatenate([a, _padding((*a.shape[:axis], missing, *a.shape[axis + 1 :]), [a])], axis=axis)

    return map_arrays(items, widen)


def _scatter(pieces: Sequence[tuple[Index, Array]], lanes: int) -> Array:
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
    """An array of padding; in object arrays an element that is there already."""
    result = np.zeros(shape, dtype=like[0].dtype)
    if result.dtype == object:
        some = next((a.flat[0] for a in like if a.size), 0)
        result.fill(some)  # an assignment would read a polynomial as a sequence
    return result


def _scatter_sizes(pieces: Sequence[tuple[Index, Size]], shape: tuple[int, ...]) -> Size:
    """Sizes over the lanes and the axes of the lists around them."""
    first = pieces[0][1]
    if all(isinstance(s, int) and s == first for _, s in pieces):
        return first
    result = np.zeros(shape, dtype=np.int64)
    for index, size in pieces:
        window: Any = index if isinstance(size, int) else (index, *(slice(0, n) for n in size.shape[1:]))
        result[window] = size
    return result


def gather_list(pieces: Sequence[tuple[Index, Value]], lanes: int, empty: Value) -> ListValue:
    """Lists from items in order: each piece is (owner lanes, non-decreasing; items). `empty` is a value of the item
    type over `lanes` lanes whose shape an empty list keeps."""
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


# --- equality --------------------------------------------------------------------------------------------------------


def same_shape(a: Value, b: Value) -> NDArray[np.bool_] | bool:
    """Whether two values of one type may be compared: arrays of different sizes may not. Lists of different lengths
    are unequal, whatever is in them; lists of one length are compared item by item."""
    if isinstance(a, VectorValue) and isinstance(b, VectorValue):
        return _same(a.size, b.size)
    if isinstance(a, MatrixValue) and isinstance(b, MatrixValue):
        return _both(_same(a.rows, b.rows), _same(a.columns, b.columns))
    if not isinstance(a, ListValue) or not isinstance(b, ListValue) or not any(True for _ in _ragged(a)):
        return True
    lanes = cast(Array, leaf_array(a)).shape[0]
    result = np.ones(lanes, dtype=np.bool_)
    for where, left, right in _pairs(a, b, lanes):
        result[where] &= same_shape(left, right)
    return result


def _pairs(a: ListValue, b: ListValue, lanes: int) -> Iterator[tuple[Index, Value, Value]]:
    """The items of lists of one length, side by side, and the lanes that have them."""
    length = np.broadcast_to(np.asarray(a.length), (lanes,))
    shared = np.where(length == b.length, length, 0)
    for k in range(int(shared.max(initial=0))):
        where = np.flatnonzero(k < shared)
        yield where, item(a, where, k), item(b, where, k)


def _same(a: Size, b: Size) -> NDArray[np.bool_] | bool:
    same = a == b
    return same if isinstance(same, bool) else np.asarray(same, dtype=bool)


def _both(a: NDArray[np.bool_] | bool, b: NDArray[np.bool_] | bool) -> NDArray[np.bool_] | bool:
    return (a and b) if isinstance(a, bool) and isinstance(b, bool) else np.logical_and(a, b)


def equal(a: Value, b: Value, lanes: int, type_: Type, model: Model) -> NDArray[np.bool_] | bool:
    """Lane by lane equality; where sizes differ the answer means nothing (see `same_shape`)."""
    if isinstance(type_, NatType | BoolType):
        result = a == b
        return result if isinstance(result, bool) else np.asarray(result, dtype=bool)
    if isinstance(type_, SortType):
        return np.asarray(cast(Array, a) == cast(Array, b), dtype=bool)
    if isinstance(type_, ScalarType):
        return model.equal(cast(Array, a), cast(Array, b))
    if isinstance(type_, VectorType):
        v, w = cast(VectorValue, a), cast(VectorValue, b)
        return _equal_entries(v.data, w.data, (v.size,), (w.size,), model)
    if isinstance(type_, MatrixType):
        m, k = cast(MatrixValue, a), cast(MatrixValue, b)
        return _equal_entries(m.data, k.data, (m.rows, m.columns), (k.rows, k.columns), model)
    return _equal_lists(cast(ListValue, a), cast(ListValue, b), lanes, type_, model)


def _equal_entries(
    a: Array, b: Array, sizes: tuple[Size, ...], others: tuple[Size, ...], model: Model
) -> NDArray[np.bool_]:
    """Equality of all entries inside both sizes."""
    axes = len(sizes)
    lead = a.ndim - axes
    common = tuple(min(a.shape[lead + k], b.shape[lead + k]) for k in range(axes))
    window: Any = (..., *(slice(0, n) for n in common))
    left, right = a[window], b[window]
    exact = all(
        isinstance(s, int) and isinstance(t, int) and s == t == n for s, t, n in zip(sizes, others, common, strict=True)
    )
    if exact:
        return np.asarray(model.equal(left, right).all(axis=tuple(range(lead, a.ndim))))
    outside = np.zeros(1, dtype=np.bool_)
    for k, (s, t) in enumerate(zip(sizes, others, strict=True)):
        limit = np.minimum(s, t)
        beyond = np.arange(common[k]) >= np.expand_dims(limit, -1)  # lead axes + one, or just one
        shape = beyond.shape[:-1] + (1,) * k + (common[k],) + (1,) * (axes - 1 - k)
        outside = outside | beyond.reshape(shape)
    same = model.equal(left, np.where(outside, left, right))  # padding is not for the model to see
    return np.asarray(same.all(axis=tuple(range(lead, a.ndim))))


def _equal_lists(a: ListValue, b: ListValue, lanes: int, type_: ListType, model: Model) -> NDArray[np.bool_]:
    result = np.broadcast_to(np.asarray(_same(a.length, b.length)), (lanes,)).copy()
    for where, left, right in _pairs(a, b, lanes):
        result[where] &= equal(left, right, len(where), type_.item, model)
    return result


# --- showing ---------------------------------------------------------------------------------------------------------


def show(value: Value, type_: Type, lane: int, model: Model) -> str:
    """The value of one lane, in the notation's own look."""
    one = take(value, np.array([lane]))
    if isinstance(type_, NatType):
        return str(int(np.asarray(one).reshape(-1)[0]))
    if isinstance(type_, BoolType):
        return str(bool(np.asarray(one).reshape(-1)[0]))
    if isinstance(type_, SortType):
        return str(int(cast(Array, one)[0]))
    if isinstance(type_, ScalarType):
        return model.show(cast(Array, one)[0])
    if isinstance(one, VectorValue):
        size = int(np.asarray(one.size).reshape(-1)[0])
        return "[" + ", ".join(model.show(one.data[0, i]) for i in range(size)) + "]"
    if isinstance(one, MatrixValue):
        rows, columns = (int(np.asarray(s).reshape(-1)[0]) for s in (one.rows, one.columns))
        return (
            "["
            + ", ".join(
                "[" + ", ".join(model.show(one.data[0, i, j]) for j in range(columns)) + "]" for i in range(rows)
            )
            + "]"
        )
    listed, item_type = cast(ListValue, one), cast(ListType, type_).item
    length = int(np.asarray(listed.length).reshape(-1)[0])
    return "[" + ", ".join(show(item(listed, np.array([0]), k), item_type, 0, model) for k in range(length)) + "]"
