"""Conversion between plain values and batches: lanes are packed into arrays, and one lane is read back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from relay.evaluation import ListValue, MatrixValue, Value, VectorValue, take
from relay.evaluation.algebra import Algebra
from relay.evaluation.function_families import Countdown, Formula, Table
from relay.evaluation.values import FunctionValue, Target
from relay.notation.syntax import BoolType, FnType, ListType, MatrixType, NatType, Type, VectorType
from tests.evaluation.naive import Fun, Lst, Mat, Vec

Code = Callable[[Any], Any]
"""Converts a plain scalar to a code, or back."""


def _size(sizes: Sequence[int], ragged: bool) -> Any:
    uniform = len(set(sizes)) == 1 and not ragged
    return sizes[0] if uniform else np.array(sizes, dtype=np.int64)


def pack(type_: Type, lanes: Sequence[Any], model: Algebra, code: Code, ragged: bool = False) -> Value:
    """Return plain values as a batch. If `ragged`, sizes are arrays even if all lanes agree."""
    count = len(lanes)
    if isinstance(type_, NatType | BoolType):
        if len(set(lanes)) == 1 and not ragged:
            return lanes[0]
        return np.array(lanes, dtype=np.int64 if isinstance(type_, NatType) else np.bool_)
    if isinstance(type_, VectorType):
        data = _blank(model, code, (count, max(len(v.data) for v in lanes)))
        for n, v in enumerate(lanes):
            for i, x in enumerate(v.data):
                data[n, i] = code(x)
        return VectorValue(data, _size([len(v.data) for v in lanes], ragged))
    if isinstance(type_, MatrixType):
        data = _blank(model, code, (count, max(m.rows for m in lanes), max(m.columns for m in lanes)))
        for n, m in enumerate(lanes):
            for i, row in enumerate(m.data):
                for j, x in enumerate(row):
                    data[n, i, j] = code(x)
        return MatrixValue(data, _size([m.rows for m in lanes], ragged), _size([m.columns for m in lanes], ragged))
    if isinstance(type_, FnType):
        return _functions(type_, lanes, model, code, ragged)
    if isinstance(type_, ListType):
        width = max([1, *(len(listed.items) for listed in lanes)])
        spare = [_filler(type_.item, listed.sizes) for listed in lanes]
        slots = [item for n, listed in enumerate(lanes) for item in [*listed.items, *[spare[n]] * width][:width]]
        flat = pack(type_.item, slots, model, code, ragged=True)
        items = _reshaped(flat, count, width)
        return ListValue(items, _size([len(listed.items) for listed in lanes], ragged))
    return np.array([code(x) for x in lanes], dtype=model.dtype)


def _functions(type_: FnType, lanes: Sequence[Fun], model: Algebra, code: Code, ragged: bool) -> FunctionValue:
    """Return functions as a batch, with one target for all functions of one recipe and shape."""
    groups: dict[Any, list[Fun]] = {}
    which, row = [], []
    for fun in lanes:
        mark = (fun.recipe[0], fun.sizes)
        which.append(list(groups).index(mark) if mark in groups else len(groups))
        row.append(len(groups.setdefault(mark, [])))
        groups[mark].append(fun)
    targets = tuple(_target(type_, mark[0], funs, model, code) for mark, funs in groups.items())
    sizes = tuple(_size([fun.sizes[n] for fun in lanes], ragged) for n in range(len(lanes[0].sizes)))
    return FunctionValue(np.array(which, dtype=np.int64), np.array(row, dtype=np.int64), targets, sizes)


def _target(type_: FnType, kind: str, funs: Sequence[Fun], model: Algebra, code: Code) -> Target:
    if kind == "count":
        start, step = (np.array([fun.recipe[n] for fun in funs], dtype=np.int64) for n in (1, 2))
        return Countdown(start, step)
    if kind == "table":
        points = len(funs[0].recipe[1])
        values = pack(type_.result, [value for fun in funs for value in fun.recipe[1]], model, code)
        return Table(np.full(len(funs) * points, values) if isinstance(values, int | bool) else values, points)
    constant, linear = ([fun.recipe[n] for fun in funs] for n in (1, 2))
    c, n = len(constant[0]), funs[0].recipe[3]
    first, second = _blank(model, code, (len(funs), c)), _blank(model, code, (len(funs), c, n))
    for at in range(len(funs)):
        for k in range(c):
            first[at, k] = code(constant[at][k])
            for j in range(n):
                second[at, k, j] = code(linear[at][k][j])
    return Formula("affine", first, second)


def _blank(model: Algebra, code: Code, shape: tuple[int, ...]) -> Any:
    data = np.empty(shape, dtype=model.dtype)
    data[...] = code(0)
    return data


def _filler(type_: Type, sizes: tuple[int, ...]) -> Any:
    if isinstance(type_, VectorType):
        return Vec((0,) * sizes[0])
    if isinstance(type_, MatrixType):
        return Mat(sizes[0], sizes[1], ((0,) * sizes[1],) * sizes[0])
    if isinstance(type_, ListType):
        return Lst((), sizes)
    if isinstance(type_, FnType):
        return Fun(sizes, lambda args, around: None, ("affine", (0,), ((0,),), 1))
    return False if isinstance(type_, BoolType) else 0


def _reshaped(value: Any, count: int, width: int) -> Any:
    def fold(a: Any) -> Any:
        return a.reshape(count, width, *a.shape[1:]) if isinstance(a, np.ndarray) else a

    if isinstance(value, VectorValue):
        return VectorValue(fold(value.data), fold(value.size))
    if isinstance(value, MatrixValue):
        return MatrixValue(fold(value.data), fold(value.rows), fold(value.columns))
    if isinstance(value, FunctionValue):
        return FunctionValue(fold(value.which), fold(value.row), value.targets, tuple(map(fold, value.sizes)))
    if isinstance(value, ListValue):
        return ListValue(_reshaped(value.items, count, width), fold(value.length))
    return fold(value)


def _one(size: Any) -> int:
    return int(np.asarray(size).reshape(-1)[0])


def unpack(value: Value, type_: Type, lane: int, plain: Code) -> Any:
    """Return the plain value of one lane; empty lists keep their sizes."""
    return _plain(take(value, np.array([lane])), type_, plain)


def _plain(one: Any, type_: Type, plain: Code) -> Any:
    if isinstance(type_, NatType):
        return _one(one)
    if isinstance(type_, BoolType):
        return bool(np.asarray(one).reshape(-1)[0])
    if isinstance(type_, VectorType):
        return Vec(tuple(plain(one.data[0, i]) for i in range(_one(one.size))))
    if isinstance(type_, MatrixType):
        rows, columns = _one(one.rows), _one(one.columns)
        return Mat(rows, columns, tuple(tuple(plain(one.data[0, i, j]) for j in range(columns)) for i in range(rows)))
    if isinstance(type_, ListType):
        length = _one(one.length)
        items = []
        for k in range(length):
            items.append(_plain(_slot(one.items, k), type_.item, plain))
        return Lst(tuple(items), _sizes(one.items, type_.item))
    return plain(np.asarray(one).reshape(-1)[0])


def _slot(items: Any, k: int) -> Any:
    def at(a: Any) -> Any:
        return a[:, k] if isinstance(a, np.ndarray) else a

    if isinstance(items, VectorValue):
        return VectorValue(at(items.data), at(items.size))
    if isinstance(items, MatrixValue):
        return MatrixValue(at(items.data), at(items.rows), at(items.columns))
    if isinstance(items, ListValue):
        return ListValue(_slot(items.items, k), at(items.length))
    return at(items)


def _sizes(items: Any, type_: Type) -> tuple[int, ...]:
    if isinstance(type_, VectorType):
        return (_one(items.size),)
    if isinstance(type_, MatrixType):
        return (_one(items.rows), _one(items.columns))
    return _sizes(items.items, type_.item) if isinstance(type_, ListType) else ()
