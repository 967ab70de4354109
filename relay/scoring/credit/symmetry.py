"""Agreement of values up to a form's declared symmetry."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from relay.evaluation.algebra.base import Algebra, Array
from relay.evaluation.equality import equal, same_shape
from relay.evaluation.values import MatrixValue, Value, VectorValue
from relay.notation.syntax import Type
from relay.notation.traversal import functions_in


def agree(
    found: Value,
    expected: Value,
    counted: NDArray[np.bool_],
    lanes: int,
    type_: Type,
    model: Algebra,
    symmetry: str | None,
    factors: dict[str, int],
) -> bool:
    """Whether `found` and `expected` are equal in all lanes in `counted`, or differ there as `symmetry` allows.

    The symmetry `sign` allows a factor -1 in all lanes, and `transpose` allows transposition in all lanes. `factor`
    allows a non-zero scalar factor, which must be the same for all values in one field. `factors` maps the names of
    fields to this scalar and keeps it between calls.
    """
    if not counted.any():
        return True
    if functions_in(type_):
        return False  # functions can't be compared
    if symmetry != "factor" and _equal(found, expected, counted, lanes, type_, model):
        return True
    if symmetry == "transpose" and isinstance(found, MatrixValue):
        turned = MatrixValue(np.swapaxes(found.data, 1, 2), found.columns, found.rows)
        return _equal(turned, expected, counted, lanes, type_, model)
    a, b = _cells(found), _cells(expected)
    if symmetry == "sign" and a is not None and b is not None:
        return a.shape == b.shape and bool(model.equal(model.neg(a), b)[counted].all())
    if symmetry == "factor" and a is not None and b is not None and a.shape == b.shape:
        left, right = a[counted].reshape(-1), b[counted].reshape(-1)
        # The factor is taken from the first entry that is not zero; all others must then agree with it.
        pivots = np.flatnonzero(~model.is_zero(right))
        if not len(pivots):
            return bool(model.is_zero(left).all())
        pivot = pivots[:1]
        factor = model.mul(left[pivot], model.inverse(right[pivot]))
        if model.is_zero(factor).all() or factors.setdefault(model.name, int(factor[0])) != int(factor[0]):
            return False
        return bool(model.equal(left, model.mul(factor, right)).all())
    return False


def _equal(a: Value, b: Value, counted: NDArray[np.bool_], lanes: int, type_: Type, model: Algebra) -> bool:
    same = np.logical_and(same_shape(a, b), equal(a, b, lanes, type_, model))
    return bool(np.broadcast_to(same, (lanes,))[counted].all())


def _cells(value: Value) -> Array | None:
    if isinstance(value, VectorValue | MatrixValue):
        return value.data
    return value if isinstance(value, np.ndarray) and value.dtype != np.bool_ else None
