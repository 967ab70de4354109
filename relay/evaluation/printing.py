"""Values as text."""

from __future__ import annotations

from typing import cast

import numpy as np

from relay.evaluation.algebra.base import Algebra, Array
from relay.evaluation.closures import Closure, Curried
from relay.evaluation.function_families import (
    FIRST,
    SHOWN,
    Constant,
    Drawn,
    Hashed,
    arguments,
    compound,
    fixed,
    points,
    spans,
)
from relay.evaluation.lanes import Lanes
from relay.evaluation.machine import Machine
from relay.evaluation.values import (
    FunctionValue,
    ListValue,
    MatrixValue,
    Value,
    VectorValue,
    as_array,
    item,
    take,
)
from relay.notation.syntax import BoolType, FnType, ListType, NatType, ScalarType, SortType, Type


def show(value: Value, type_: Type, lane: int, model: Algebra) -> str:
    """Return the value of one lane as text, in the notation's style.

    A partial application is shown as its function with the fixed arguments. Any other function is shown as a table if
    it has few argument tuples, otherwise by its first values or by a description of its family.
    """
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
    if isinstance(one, FunctionValue):
        return _function(one, cast(FnType, type_), model)
    listed, item_type = cast(ListValue, one), cast(ListType, type_).item
    length = int(np.asarray(listed.length).reshape(-1)[0])
    return "[" + ", ".join(show(item(listed, np.array([0]), k), item_type, 0, model) for k in range(length)) + "]"


def _function(one: FunctionValue, kind: FnType, model: Algebra) -> str:
    if not one.targets:
        return "a function"
    target, row = one.targets[int(one.which[0])], int(one.row[0])
    # A partial application is shown by its function and the arguments that it holds.
    if isinstance(target, Curried):
        types, captured = target.kind.parameters, target.captured
        inside = _function(cast(FunctionValue, take(target.function, np.array([row]))), target.kind, model)
        return f"({inside})({_given(captured, types, row, model)})"
    if isinstance(target, Closure):
        if target.definition is None or not target.captured:
            return target.name
        types = tuple(parameter.type for parameter in target.definition.parameters)
        return f"{target.name}({_given(target.captured, types, row, model)})"
    if isinstance(target, Constant):
        return f"the constant {show(take(target.values, np.array([row])), kind.result, 0, model)}"
    sizes = fixed(one.sizes)
    # A drawn function is shown as a table, if that is short. Otherwise a hashed one is shown by its first values, since
    # nothing else describes it.
    count = points(kind, sizes, model, SHOWN) if isinstance(target, Drawn) else None
    if not count and isinstance(target, Hashed) and not any(isinstance(p, ListType) for p in kind.parameters):
        count = FIRST
        rest = ", ..."
        args = [_number(part, shape, model) for part, shape in zip(kind.parameters, spans(kind, sizes)[0], strict=True)]
    elif not count:
        return target.show(row, kind, model)
    else:
        rest = ""
        args = arguments(kind, sizes, model, count)
    # Drawn functions call nothing, so they need no definitions; the limits are never reached.
    machine, lanes = Machine(model, {}, 10**6, 10**9), Lanes(count)
    values = target.apply(machine, np.full(count, row), args, kind, sizes, 0, lanes)
    values = as_array(values, count) if isinstance(values, int | bool) else values
    lines = [
        f"({_given(args, kind.parameters, n, model)}): {show(values, kind.result, n, model)}" for n in range(count)
    ]
    return "{" + ", ".join(lines) + rest + "}"


def _number(type_: Type, shape: tuple[int, ...], model: Algebra) -> Value:
    """Return the arguments whose values are shown first: all entries in lane k are k, modulo the number of values."""
    counts = np.arange(FIRST, dtype=np.int64)
    if isinstance(type_, NatType):
        return counts
    if isinstance(type_, BoolType | SortType):
        return compound(type_, counts % (2 if isinstance(type_, BoolType) else model.carriers[type_.name]), shape)
    codes = model.from_int(counts)
    return compound(type_, np.broadcast_to(codes.reshape(-1, *(1 for _ in shape)), (FIRST, *shape)), shape)


def _given(args: tuple[Value, ...] | list[Value], types: tuple[Type, ...], lane: int, model: Algebra) -> str:
    return ", ".join(
        show(arg if not isinstance(arg, int | bool) else np.full(lane + 1, arg), type_, lane, model)
        for arg, type_ in zip(args, types, strict=False)
    )
