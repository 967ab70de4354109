"""Arguments that are the same in many calls: pickled once, and unpickled once in each worker.

A `Once` stands for a value among the arguments of a call; the called function gets the value itself. Values shared in
this way must not be changed.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

__all__ = ["Once"]

MOST_KEPT = 4_096
"""Largest number of values that a worker keeps. When it is reached, all are dropped, and unpickled again as needed."""

_unpickled: dict[bytes, Any] = {}
"""Pickle -> the value that this process has unpickled from it."""


class Once:
    """A value that is pickled once, here, and then stands for itself among the arguments of any number of calls."""

    __slots__ = ("_pickle",)

    def __init__(self, value: Any) -> None:
        self._pickle = pickle.dumps(value)

    def __reduce__(self) -> tuple[Callable[[bytes], Any], tuple[bytes]]:
        return _value, (self._pickle,)


def _value(packed: bytes) -> Any:
    found = _unpickled.get(packed)
    if found is None:
        if len(_unpickled) >= MOST_KEPT:
            _unpickled.clear()
        found = _unpickled[packed] = pickle.loads(packed)  # noqa: S301 (made by the parent)
    return found
