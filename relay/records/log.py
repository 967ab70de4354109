"""The files of a trial's log, written so that the trial can be resumed after a kill at any moment.

`events.jsonl` consists of blocks: `trial_started`; then, for each generation, everything from `generation_started` to
`generation_ended`; then `trial_ended`. While a generation runs, each tenure writes `open/gG-tT.jsonl`. At the end its
lines are moved into the block; its file is removed only when the block is on the disk. Readers drop everything after
the last complete block, and an incomplete last line of any file. Reading holds at most one block in memory.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from pydantic import ValidationError

from relay.errors import UsageError
from relay.records.events import EVENTS, SCHEMA, AnyEvent, GenerationEnded, TrialEnded, TrialStarted

__all__ = ["Appender", "blocks", "cannot_write", "chained", "encode", "hold", "read_lines", "write_whole"]


def encode(events: Iterable[AnyEvent]) -> bytes:
    """The events as lines of JSON."""
    return b"".join(event.model_dump_json().encode() + b"\n" for event in events)


def chained(before: str, block: bytes) -> str:
    """The digest of a generation: SHA-256 of `before`, which is the previous generation's digest, and of `block`, its
    own lines."""
    return hashlib.sha256(before.encode() + block).hexdigest()


def cannot_write(path: Path, error: OSError) -> UsageError:
    """The error for a file that can't be written."""
    return UsageError(
        f"can't write {path}: {error.strerror or error}; free disk space or fix its permissions, then run this again"
    )


def write_whole(path: Path, text: str) -> None:
    """Write a text file atomically: afterwards it is complete or, after a failure, as it was before."""
    draft = path.with_name(path.name + ".part")
    try:
        with draft.open("wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        # The data must be on the disk before the name points to it, and the new name in the directory before others
        # rely on it.
        draft.replace(path)
        _sync_directory(path.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
        raise cannot_write(path, error) from error


class Appender:
    """Appends lines to one file. A write that fails leaves the file as it was."""

    def __init__(self, path: Path, *, size: int | None = None) -> None:
        """`size`: cut the file to this many bytes first."""
        self.path = path
        try:
            # unbuffered, so that a killed process loses no event that it acted upon
            self._file = path.open("ab", buffering=0)
            if size is not None:
                self._file.truncate(size)
        except OSError as error:
            raise cannot_write(path, error) from error

    def append(self, data: bytes, *, sync: bool = False) -> None:
        """Append bytes. With `sync` they are on the disk when this returns."""
        start = os.fstat(self._file.fileno()).st_size
        try:
            # an unbuffered write may write only a part
            rest = memoryview(data)
            while rest:
                rest = rest[self._file.write(rest) :]
            if sync:
                os.fsync(self._file.fileno())
        except OSError as error:
            with contextlib.suppress(OSError):
                self._file.truncate(start)
            raise cannot_write(self.path, error) from error

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def read_lines(path: Path) -> Iterator[tuple[AnyEvent, int]]:
    """Yield the events of a file, each with the offset in bytes at which its line ends. An incomplete last line is
    dropped.

    Raises `UsageError` if any other line is not an event.
    """
    offset = 0
    for number, line in enumerate(_lines(path), 1):
        offset += len(line)
        yield _decode(line, path, number), offset


def _lines(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            for line in file:
                # only the last line of a killed writer can be incomplete
                if not line.endswith(b"\n"):
                    return
                yield line
    except FileNotFoundError:
        return
    except OSError as error:
        raise UsageError(f"can't read {path}: {error.strerror or error}; fix its permissions") from error


def blocks(path: Path) -> Iterator[tuple[list[AnyEvent], int]]:
    """Yield the complete blocks of `events.jsonl`, each with the offset in bytes at which it ends. Events after the
    last complete block are dropped.

    Raises `UsageError` if events are missing, out of order, or were changed.
    """
    block: list[AnyEvent] = []
    data: list[bytes] = []
    digest, end = "", 0
    for number, line in enumerate(_lines(path), 1):
        event = _decode(line, path, number)
        end += len(line)
        if event.seq != number - 1 or isinstance(event, TrialStarted) != (number == 1):
            raise UsageError(f"{path}, line {number} is not the event that belongs there; restore the file")
        block.append(event)
        if isinstance(event, GenerationEnded):
            if event.digest and event.digest != chained(digest, b"".join(data)):
                raise UsageError(
                    f"{path} was changed after it was written, before line {number}; "
                    "restore the file or start a new trial"
                )
            digest = event.digest
        data.append(line)
        if isinstance(event, TrialStarted | GenerationEnded | TrialEnded):
            yield block, end
            block, data = [], []


@contextlib.contextmanager
def hold(directory: Path) -> Iterator[None]:
    """Create a directory if necessary, and lock it so that no other process runs its trial. The lock ends when the
    context is left, or with the process."""
    path = directory / "lock"
    try:
        directory.mkdir(parents=True, exist_ok=True)
        file: IO[bytes] = path.open("ab")
    except OSError as error:
        raise cannot_write(path, error) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise UsageError(f"another process is running the trial in {directory}; wait for it or stop it") from None
        yield


def _decode(line: bytes, path: Path, number: int) -> AnyEvent:
    try:
        return EVENTS.validate_json(line)
    except ValidationError as error:
        version = _version(line)
        if version not in (None, SCHEMA):
            raise UsageError(
                f"{path} was written with schema version {version} and this relay reads version {SCHEMA}; "
                "use the relay that wrote it"
            ) from None
        what = error.errors(include_url=False, include_input=False)[0]["msg"]
        raise UsageError(
            f"{path}, line {number} is not an event: {what}; restore the file or start a new trial"
        ) from None


def _version(line: bytes) -> object:
    try:
        data = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return data.get("v") if isinstance(data, dict) else None


def _sync_directory(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
