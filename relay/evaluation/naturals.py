"""Arithmetic of natural numbers over lanes.

Results up to 2^53 are exact. A lane with a larger result is exhausted; a lane with a result below zero is undefined.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from relay.evaluation.lanes import EXHAUSTED, UNDEFINED, Lanes

Nat = int | NDArray[np.int64]
NAT_LIMIT = 2**53
"""Largest natural number. A lane with a larger result is exhausted."""


def everywhere(where: NDArray[np.bool_] | bool, lanes: Lanes) -> NDArray[np.bool_]:
    """Return the condition `where` as an array over the lanes."""
    return np.full(lanes.count, where) if isinstance(where, bool | np.bool_) else where


def arithmetic(op: str, a: Nat, b: Nat, lanes: Lanes) -> Nat:
    """Return the result of `op`, one of `add sub mul floordiv mod pow monus`, for `a` and `b`.

    Lanes whose result is undefined are marked so; lanes whose result is too large are marked as exhausted. Raises
    `Dead` if no lane is left alive.
    """
    if isinstance(a, int) and isinstance(b, int):
        value = _exact(op, a, b)
        if value is None or value > NAT_LIMIT:
            lanes.mark(np.ones(lanes.count, dtype=np.bool_), UNDEFINED if value is None else EXHAUSTED)
            return 0
        return value
    return _arrays(op, np.asarray(a, dtype=np.int64), np.asarray(b, dtype=np.int64), lanes)


def _exact(op: str, a: int, b: int) -> int | None:
    if op in ("floordiv", "mod"):
        return None if b == 0 else (a // b if op == "floordiv" else a % b)
    if op == "sub":
        return a - b if a >= b else None
    if op == "monus":
        return max(a - b, 0)
    if op == "pow":  # 2^54 exceeds the limit, so larger powers are not computed
        return a**b if a < 2 or b <= 53 else NAT_LIMIT + 1
    return a + b if op == "add" else a * b


def _arrays(op: str, a: NDArray[np.int64], b: NDArray[np.int64], lanes: Lanes) -> NDArray[np.int64]:
    if op in ("floordiv", "mod"):
        zero = np.broadcast_to(b == 0, (lanes.count,))
        lanes.mark(zero, UNDEFINED)
        divisor = np.where(b == 0, 1, b)
        return np.broadcast_to(a // divisor if op == "floordiv" else a % divisor, (lanes.count,))
    if op in ("sub", "monus"):
        difference = np.broadcast_to(a - b, (lanes.count,))
        if op == "sub":
            lanes.mark(difference < 0, UNDEFINED)
        return np.maximum(difference, 0)
    estimate: dict[str, Callable[[Any, Any], Any]] = {"add": np.add, "mul": np.multiply, "pow": np.power}
    with np.errstate(over="ignore"):
        size = estimate[op](a.astype(np.float64), b.astype(np.float64))
    # The estimate is rounded, so only results far above the limit are rejected here. The others fit into 64 bits and
    # are compared exactly.
    far = size > 2 * NAT_LIMIT
    if far.any():
        a, b = np.where(far, 0, a), np.where(far, 0, b)
    value = np.asarray(estimate[op](a, b))
    lanes.mark(np.broadcast_to(far | (value > NAT_LIMIT), (lanes.count,)), EXHAUSTED)
    return np.broadcast_to(value, (lanes.count,))


def folded(op: str, block: NDArray[np.int64]) -> NDArray[np.int64]:
    """Fold the last axis with `op`, `sum` or `prod`. Results above `NAT_LIMIT` become `NAT_LIMIT + 1`."""
    fold = np.sum if op == "sum" else np.prod
    with np.errstate(over="ignore", invalid="ignore"):
        size = fold(block.astype(np.float64), axis=-1)
    if op == "prod":  # the estimate is NaN if it multiplies infinity by zero
        size = np.where((block == 0).any(axis=-1), 0.0, size)
    far = size > 2 * NAT_LIMIT
    value = fold(np.where(far[..., None], 0, block), axis=-1, dtype=np.int64)
    return np.where(far | (value > NAT_LIMIT), NAT_LIMIT + 1, value)
