"""Built-in operations (`relay.notation.syntax.OPERATIONS`) over lanes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import cast

import numpy as np
from numpy.typing import NDArray

from relay.evaluation.algebra.base import Algebra, Array
from relay.evaluation.equality import equal, same_shape
from relay.evaluation.evaluator import Evaluator
from relay.evaluation.frame import Frame
from relay.evaluation.functions import apply, curry, functions_agree
from relay.evaluation.indexing import length_of, look_up
from relay.evaluation.lanes import UNDEFINED, Lanes
from relay.evaluation.lists import concatenate, make_list
from relay.evaluation.naturals import Nat, arithmetic, everywhere
from relay.evaluation.values import Value
from relay.notation.comparisons import AS_LESS, COMPARISONS, EQUALITIES, ORDERS
from relay.notation.syntax import Apply, NatType
from relay.notation.traversal import functions_in


def operate(machine: Evaluator, term: Apply, frame: Frame, lanes: Lanes) -> Value:
    """Return the value of an operation. Raises `Dead` if no lane is left alive."""
    by_itself = _BY_ITSELF.get(term.op)
    if by_itself is not None:
        return by_itself(machine, term, frame, lanes)
    args = [machine.run(arg, frame, lanes) for arg in term.args]
    op = term.op
    if op == "not":
        return _negated(args[0])
    if isinstance(term.args[0].type, NatType):
        return _naturals(machine.model, op, args, lanes)
    return _scalars(machine.model, op, args, lanes)


def _equals(machine: Evaluator, term: Apply, frame: Frame, lanes: Lanes) -> Value:
    """Return the value of `==` or `!=`. Lanes whose sizes differ are undefined."""
    left, right = machine.run(term.args[0], frame, lanes), machine.run(term.args[1], frame, lanes)
    kind = term.args[0].type
    comparable = same_shape(left, right)
    if comparable is not True:
        lanes.mark(~everywhere(comparable, lanes), UNDEFINED)
    same: Value
    if functions_in(kind):
        same = functions_agree(machine, left, right, kind, frame, lanes)
    else:
        same = equal(left, right, lanes.count, kind, machine.model)
    return same if term.op == "eq" else _negated(same)


def _negated(value: Value) -> Value:
    return not value if isinstance(value, bool) else ~cast("NDArray[np.bool_]", value)


def _naturals(model: Algebra, op: str, args: list[Value], lanes: Lanes) -> Value:
    if op == "scalar":
        codes = model.from_int(np.atleast_1d(np.asarray(args[0])))
        return codes if len(codes) == lanes.count else codes.repeat(lanes.count)
    a, b = cast(Nat, args[0]), cast(Nat, args[1])
    if op not in ORDERS:
        return arithmetic(op, a, b, lanes)
    result = COMPARISONS[op](a, b)
    return bool(result) if isinstance(a, int) and isinstance(b, int) else cast("NDArray[np.bool_]", result)


def _scalars(model: Algebra, op: str, args: list[Value], lanes: Lanes) -> Value:
    a = cast(Array, args[0])
    if op == "neg":
        return model.neg(a)
    if op == "conj":
        return model.conj(a)
    if op == "pow":
        return model.pow(a, np.atleast_1d(np.asarray(args[1], dtype=np.int64)))
    b = cast(Array, args[1])
    if op == "add":
        return model.add(a, b)
    if op == "sub":
        return model.sub(a, b)
    if op == "mul":
        return model.mul(a, b)
    if op == "div":
        zero = model.is_zero(b)
        if zero.any():
            lanes.mark(zero, UNDEFINED)
            # The inverse is computed for all lanes, so the undefined ones are divided by 1.
            b = np.where(zero, model.from_int(np.ones(1, dtype=np.int64)), b)
        return model.mul(a, model.inverse(b))
    # `a > b` is `b < a`, and `a <= b` is its negation.
    exchanged, negated = AS_LESS[op]
    less = model.less(b, a) if exchanged else model.less(a, b)
    return ~less if negated else less


_BY_ITSELF: Mapping[str, Callable[[Evaluator, Apply, Frame, Lanes], Value]] = {
    "entry": look_up,
    "component": look_up,
    "item": look_up,
    "len": length_of,
    "list": make_list,
    "concat": concatenate,
    "apply": apply,
    "curry": curry,
    **dict.fromkeys(EQUALITIES, _equals),
}
"""Operation -> the function that evaluates its arguments and computes it. The other operations share one function."""
