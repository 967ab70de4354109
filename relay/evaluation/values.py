"""Values in batches. A value holds one value of its type for each of L lanes.

| type | value |
| --- | --- |
| `Nat` | an `int` when all lanes agree, else `int64[L]` |
| `Bool` | a `bool` when all lanes agree, else `bool[L]` |
| `Scalar`, sorts | an array `[L]` of the model's codes |
| `Vector` | `VectorValue(data[L, cap], size)`, entries from `size` on are padding |
| `Matrix` | `MatrixValue(data[L, r, c], rows, columns)`, likewise |
| `Fn` | `FunctionValue(which[L], row[L], targets, sizes)`: row `row` of `targets[which]` |
| `List` | `ListValue(items, length)`: a value of the item type whose arrays have one more axis `[L, cap, ...]` |

A size or a length is an `int` if all lanes agree, otherwise `int64[L]` (inside lists, with the further axes of the
list). The items of an empty list still have sizes: if these sizes are arrays, the arrays have at least one slot
(`relay.evaluation.uniform_sizes`). Padding has no meaning. In object arrays it is some element of the model, so that
arithmetic on whole arrays does not fail.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from relay.evaluation.algebra.base import Algebra, Array, TooLarge
from relay.notation.syntax import (
    BoolType,
    FnType,
    MatrixType,
    NatType,
    ScalarType,
    SortType,
    Type,
    VectorType,
)
from relay.notation.traversal import type_terms

Size = int | NDArray[np.int64]
Index = NDArray[np.intp]
MOST_CELLS = 1 << 23
"""Most entries of one array, which bounds memory. A lane that would need a larger array is exhausted."""


def room(*shape: int) -> None:
    """Raise `TooLarge` if an array of this shape would be too large. Called before the array is made."""
    if prod(shape) > MOST_CELLS:
        raise TooLarge("an array of values has outgrown its limit")


@dataclass(frozen=True, slots=True, eq=False)
class VectorValue:
    """One vector for each lane."""

    data: Array
    size: Size


@dataclass(frozen=True, slots=True, eq=False)
class MatrixValue:
    """One matrix for each lane."""

    data: Array
    rows: Size
    columns: Size


@dataclass(frozen=True, slots=True, eq=False)
class ListValue:
    """One list for each lane."""

    items: Value
    length: Size

    @property
    def capacity(self) -> int:
        """The length of the item axis. Only for lists that are not inside a list."""
        return int(cast(Array, leaf_array(self.items)).shape[1])


@dataclass(frozen=True, slots=True, eq=False)
class FunctionValue:
    """One function for each lane: number `row[l]` of the family `targets[which[l]]`.

    In lanes that hold padding the numbers may be out of range. `sizes` are the sizes in the function's type, from left
    to right.
    """

    which: NDArray[np.int64]
    row: NDArray[np.int64]
    targets: tuple[Target, ...]
    sizes: tuple[Size, ...]


Value = int | bool | Array | VectorValue | MatrixValue | ListValue | FunctionValue


class Target(ABC):
    """A family of functions of one type, numbered from 0."""

    @abstractmethod
    def apply(
        self, machine: Any, rows: Index, args: Sequence[Value], kind: FnType, sizes: Sequence[Size], depth: int,
        lanes: Any,
    ) -> Value:  # fmt: skip
        """Return, for each lane l, the value of function number `rows[l]` at the lane's arguments.

        `sizes` are the sizes in the type `kind`; `depth` is the number of enclosing calls. `machine` is a
        `relay.evaluation.machine.Machine` and `lanes` a `Lanes`.
        """

    @abstractmethod
    def words(self, rows: Index, model: Algebra) -> NDArray[np.uint64]:
        """For each function number in `rows`, return a word for hashing that depends on the function's parts."""

    @abstractmethod
    def show(self, row: int, kind: FnType, model: Algebra) -> str:
        """Return a description of function number `row` for readers."""


def leaf_array(value: Value) -> Array | None:
    """Return the array that has all axes of the value, or None for a natural or truth value that all lanes share."""
    if isinstance(value, np.ndarray):
        return value
    if isinstance(value, VectorValue | MatrixValue):
        return value.data
    if isinstance(value, ListValue):
        return leaf_array(value.items)
    if isinstance(value, FunctionValue):
        return value.which
    return None


def list_axes(value: Value) -> int:
    """Return how many axes of the value's arrays stand for lanes and enclosing lists, before the value's own axes."""
    if isinstance(value, ListValue):
        return list_axes(value.items) - 1
    leaf = cast(Array, leaf_array(value))
    return leaf.ndim - (1 if isinstance(value, VectorValue) else 2 if isinstance(value, MatrixValue) else 0)


def map_arrays(value: Value, change: Callable[[Array], Array]) -> Value:
    """Return the value with `change` applied to each of its arrays. Parts that are one `int` or `bool` stay."""
    if isinstance(value, np.ndarray):
        return change(value)
    if isinstance(value, VectorValue):
        return VectorValue(change(value.data), _size(value.size, change))
    if isinstance(value, MatrixValue):
        return MatrixValue(change(value.data), _size(value.rows, change), _size(value.columns, change))
    if isinstance(value, ListValue):
        return ListValue(map_arrays(value.items, change), _size(value.length, change))
    if isinstance(value, FunctionValue):
        sizes = tuple(_size(size, change) for size in value.sizes)
        return FunctionValue(change(value.which), change(value.row), value.targets, sizes)
    return value


def _size(size: Size, change: Callable[[Array], Array]) -> Size:
    return size if isinstance(size, int) else change(size)


def take(value: Value, index: Index) -> Value:
    """Return the value at the lanes `index`, in that order; repeats are allowed."""
    return map_arrays(value, lambda a: _gathered(a, index, a.shape[1:]))


def item(value: ListValue, lanes: Index, k: Array | int) -> Value:
    """Return item `k[n]` of the list in lane `lanes[n]`, for each n; or item `k`. Precondition: `k` is in range."""
    return map_arrays(value.items, lambda a: _gathered(a, (lanes, k), a.shape[2:], len(lanes)))


def _gathered(a: Array, index: Any, tail: tuple[int, ...], count: int | None = None) -> Array:
    if tail:
        room(len(index) if count is None else count, *tail)
    return cast(Array, a[index])


def flattened(items: Value) -> Value:
    """Return the items of lists as lanes: item `k` of lane `l` becomes lane `l * capacity + k`."""
    return map_arrays(items, lambda a: a.reshape(a.shape[0] * a.shape[1], *a.shape[2:]))


def slotted(value: Value, axis: int) -> Value:
    """Return the value, with one slot added to its arrays if they have none on `axis`."""

    def slot(a: Array) -> Array:
        if a.shape[axis]:
            return a
        return np.zeros((*a.shape[:axis], 1, *a.shape[axis + 1 :]), dtype=a.dtype)

    return map_arrays(value, slot)


def as_array(value: Value, lanes: int, dtype: Any = None) -> Array:
    """Return a natural, truth value or array of scalars as an array over the lanes."""
    if isinstance(value, np.ndarray):
        return value
    return np.full(lanes, cast(int, value), dtype=dtype or (np.bool_ if isinstance(value, bool) else np.int64))


def agreed(size: Array) -> Size:
    """Return the one size if there is at least one lane and all lanes agree, otherwise the array of sizes."""
    if size.ndim == 1 and len(size) and (size == size[0]).all():
        return int(size[0])
    return size


def blank(type_: Type, lanes: int, model: Algebra, sizes: Callable[[Any], Size]) -> Value:
    """Return some value of a type, for lanes whose value does not matter.

    `sizes` evaluates a size term. Lists are empty; `sizes` then gives the sizes of their items.
    """
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
    if isinstance(type_, FnType):
        nowhere = np.zeros(lanes, dtype=np.int64)
        return FunctionValue(nowhere, nowhere, (), tuple(sizes(size) for size in type_terms(type_)))
    items = blank(type_.item, lanes, model, sizes)
    # Arrays of sizes keep one slot, from which an empty list reads the sizes of its items.
    slots = 1 if any(ragged(items)) else 0
    return ListValue(map_arrays(items, lambda a: a[:, None][:, :slots]), 0)


def ragged(value: Value) -> Iterator[bool]:
    """For each array or function inside `value`, yield whether one of its sizes is stored by lane."""
    if isinstance(value, VectorValue):
        yield not isinstance(value.size, int)
    elif isinstance(value, MatrixValue):
        yield not isinstance(value.rows, int) or not isinstance(value.columns, int)
    elif isinstance(value, FunctionValue):
        yield from (not isinstance(size, int) for size in value.sizes)
    elif isinstance(value, ListValue):
        yield from ragged(value.items)


def _most(size: Size) -> int:
    return max(size, 0) if isinstance(size, int) else int(size.max(initial=0))


def zeros(model: Algebra, shape: tuple[int, ...]) -> Array:
    """Return an array of zero scalars. Raises `TooLarge` if it would be too large."""
    room(*shape)
    return np.broadcast_to(model.from_int(np.zeros(1, dtype=np.int64)), shape).copy()
