"""Counts the evaluations of a search, and refuses work that would exceed the allowance before it is begun.

Every evaluation on a bench calls `reserve` before and `record` after. The digest is SHA-256 over the values in the
order of the requests, so that logs show whether two runs of a search were the same.
"""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from relay.errors import RelayError


class AllowanceError(RelayError):
    """A search requested more evaluations than its tenure has left. Nothing was evaluated."""


class Meter:
    """A tally of evaluations against an allowance, with a running digest of the values."""

    __slots__ = ("_allowance", "_hash", "_spent")

    def __init__(self, allowance: int) -> None:
        if allowance < 0:
            raise ValueError(f"an allowance is at least 0, not {allowance}")
        self._allowance = allowance
        self._spent = 0
        self._hash = hashlib.sha256()

    @property
    def left(self) -> int:
        """Evaluations that may still be spent."""
        return self._allowance - self._spent

    @property
    def spent(self) -> int:
        """Evaluations spent so far."""
        return self._spent

    @property
    def digest(self) -> str:
        """SHA-256 of the values so far, in hexadecimal."""
        return self._hash.hexdigest()

    def reserve(self, count: int) -> None:
        """Charge `count` evaluations, or raise `AllowanceError` and charge nothing."""
        if count < 0:
            raise ValueError(f"a number of evaluations is at least 0, not {count}")
        if count > self.left:
            raise AllowanceError(f"{count} evaluations were requested and {self.left} are left")
        self._spent += count

    def record(self, values: NDArray[Any]) -> None:
        """Add values to the digest: their kind, shape and little-endian content. So the digest is the same on every
        machine."""
        plain = np.ascontiguousarray(values)
        self._hash.update(f"{plain.dtype.kind}{plain.shape};".encode())
        self._hash.update(plain.astype(plain.dtype.newbyteorder("<"), copy=False).tobytes())
