"""Values of calls of definitions at the public points, remembered from one search of a process to the next.

The public points never change, so the searches over different families, and the tenures of a chain, value the same
calls again. A call is charged, and its values are part of the digest, whether they were remembered or not; so nothing
but time depends on what is remembered. Calls that are valued together are remembered together: many of them may fail
for want of memory where one alone would not.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["CallMemory", "Calls", "digest"]

Array = NDArray[Any]

ENTRY = 500
"""Bytes of an entry apart from its values, about."""

Calls = tuple[Sequence[Array], Array]
"""The values of those of K calls that are defined at every point, one array per public model (none if no call is), and
a mask [K] of these calls. Values are truth values or elements of the public fields."""


class CallMemory:
    """Values of calls that were made together, by name. The least recently used are forgotten."""

    def __init__(self, most: int) -> None:
        """`most`: bytes that the entries may take."""
        self._most = most
        self._bytes = 0
        self._known: OrderedDict[Hashable, tuple[Calls, list[np.dtype[Any]]]] = OrderedDict()

    def of(self, name: Hashable, compute: Callable[[], Calls]) -> Calls:
        """The calls of this name, computed if they are not remembered. What they are depends on the name alone."""
        found = self._known.get(name)
        if found is not None:
            self._known.move_to_end(name)
            (values, fine), types = found
            return [array.astype(kind) for array, kind in zip(values, types, strict=True)], fine
        values, fine = compute()
        # 8 bits hold every element: the public fields have at most 9
        small = [array.astype(np.uint8) for array in values]
        self._known[name] = (small, fine), [array.dtype for array in values]
        self._bytes += _size((small, fine))
        while self._bytes > self._most:
            _, (forgotten, _) = self._known.popitem(last=False)
            self._bytes -= _size(forgotten)
        return values, fine

    def __len__(self) -> int:
        return len(self._known)


def _size(calls: Calls) -> int:
    return ENTRY + sum(array.nbytes for array in (*calls[0], calls[1]))


def digest(arrays: Sequence[Array]) -> bytes:
    """A hash of the shapes and the values of some arrays. The values are truth values or elements of the public
    fields."""
    whole = blake2b(digest_size=16)
    for array in arrays:
        whole.update(f"{array.dtype.kind}{array.shape};".encode() + array.astype(np.uint8).tobytes())
    return whole.digest()
