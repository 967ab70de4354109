"""`head.json`: how far the log of a trial has come, and what its other files were when it began.

It is written after each block, and tells a log that was cut short from one whose process was killed.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from relay.errors import UsageError
from relay.records.event import SCHEMA
from relay.records.files import read_whole, write_whole
from relay.records.record import Record

__all__ = ["Head", "sha256"]

LARGEST = 1 << 20
"""Most bytes of the file."""


def sha256(data: bytes) -> str:
    """The SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


class Head(Record):
    """The head of a log."""

    v: Literal[SCHEMA] = SCHEMA  # type: ignore[valid-type]
    condition: str
    """SHA-256 of the bytes of `condition.yaml`."""
    task: str
    """SHA-256 of the bytes of `task.json`."""
    blocks: int = Field(default=0, ge=0)
    """Number of complete blocks in the log. A process that is killed may leave one more."""
    chain: str = ""
    """Digest of the last line of the last of these blocks."""

    def write(self, path: Path) -> None:
        """Write the file atomically. Raises `UsageError` if that fails."""
        write_whole(path, self.model_dump_json() + "\n")

    @classmethod
    def read(cls, path: Path) -> Head:
        """Read the file. Raises `UsageError` if it is missing or no head."""
        try:
            return cls.model_validate_json(read_whole(path, LARGEST))
        except (FileNotFoundError, NotADirectoryError):
            raise UsageError(f"{path} is missing; restore it or start a new trial") from None
        except ValidationError as error:
            what = error.errors(include_url=False, include_input=False)[0]["msg"]
            raise UsageError(f"{path} is no head of a log: {what}; restore it or start a new trial") from None
