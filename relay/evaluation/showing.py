"""Values as text."""

from __future__ import annotations

from typing import cast

import numpy as np

from relay.evaluation.values import ListValue, MatrixValue, Value, VectorValue, item, take
from relay.models.base import Array, Model
from relay.notation.syntax import BoolType, ListType, NatType, ScalarType, SortType, Type


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
