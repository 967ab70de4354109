"""Equality of two values of one type, and the condition under which they may be compared."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from relay.evaluation.algebra.base import Algebra, Array
from relay.evaluation.values import (
    FunctionValue,
    Index,
    ListValue,
    MatrixValue,
    Size,
    Value,
    VectorValue,
    item,
    leaf_array,
    ragged,
)
from relay.notation.syntax import (
    BoolType,
    FnType,
    ListType,
    MatrixType,
    NatType,
    ScalarType,
    SortType,
    Type,
    VectorType,
)


def same_shape(a: Value, b: Value) -> NDArray[np.bool_] | bool:
    """Whether two values of one type may be compared: an array over the lanes, or one answer for all lanes.

    Arrays of different sizes may not be compared. Lists of different lengths may: they are unequal whatever they
    contain. Lists of equal lengths may be compared if their items may, position by position.
    """
    if isinstance(a, VectorValue) and isinstance(b, VectorValue):
        return _same(a.size, b.size)
    if isinstance(a, MatrixValue) and isinstance(b, MatrixValue):
        return _both(_same(a.rows, b.rows), _same(a.columns, b.columns))
    if isinstance(a, FunctionValue) and isinstance(b, FunctionValue):
        same: NDArray[np.bool_] | bool = True
        for size, other in zip(a.sizes, b.sizes, strict=True):
            same = _both(same, _same(size, other))
        return same
    if not isinstance(a, ListValue) or not isinstance(b, ListValue) or not any(True for _ in ragged(a)):
        return True
    lanes = cast(Array, leaf_array(a)).shape[0]
    result = np.ones(lanes, dtype=np.bool_)
    for where, left, right in _pairs(a, b, lanes):
        result[where] &= same_shape(left, right)
    return result


def _pairs(a: ListValue, b: ListValue, lanes: int) -> Iterator[tuple[Index, Value, Value]]:
    """For each position, yield the lanes whose two lists have equal lengths and an item there, and both items."""
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


def equal(a: Value, b: Value, lanes: int, type_: Type, model: Algebra) -> NDArray[np.bool_] | bool:
    """Return whether two values of `type_` are equal: an array over the lanes, or one answer for all lanes.

    If sizes differ in a lane, its answer has no meaning (see `same_shape`). Raises `TypeError` for functions.
    """
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
    if isinstance(type_, FnType):
        raise TypeError("functions are compared value by value: relay.evaluation.function_equality")
    return _equal_lists(cast(ListValue, a), cast(ListValue, b), lanes, type_, model)


def _equal_entries(
    a: Array, b: Array, sizes: tuple[Size, ...], others: tuple[Size, ...], model: Algebra
) -> NDArray[np.bool_]:
    """For each lane, return whether `a` and `b` are equal at every index that lies within both `sizes` and `others`.

    `sizes` are the sizes of `a`; `others` are those of `b`.
    """
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
    same = model.equal(left, np.where(outside, left, right))  # `left` for padding too: padding equals itself
    return np.asarray(same.all(axis=tuple(range(lead, a.ndim))))


def _equal_lists(a: ListValue, b: ListValue, lanes: int, type_: ListType, model: Algebra) -> NDArray[np.bool_]:
    result = np.broadcast_to(np.asarray(_same(a.length, b.length)), (lanes,)).copy()
    for where, left, right in _pairs(a, b, lanes):
        result[where] &= equal(left, right, len(where), type_.item, model)
    return result
