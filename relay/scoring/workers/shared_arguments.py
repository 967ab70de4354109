"""Arguments that come again with call after call: pickled once, and unpickled once by each worker.

A `Once` stands for a value in the arguments of a call; the function that is called gets the value. Nobody changes a
value that is shared in this way.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

__all__ = ["Once"]

MOST_KEPT = 4_096

_unpickled: dict[bytes, Any] = {}
"""What this process has unpickled, by its pickle."""


class Once:
    """A value, pickled when it is made."""

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
