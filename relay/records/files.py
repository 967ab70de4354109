"""Reading and writing single files of a trial: regular files only, whole or not at all.

Nothing here follows a symbolic link, so no file outside the trial's directory is ever touched. A file that has a second
name elsewhere (a hard link) can be read, but is never written.
"""

from __future__ import annotations

import contextlib
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from relay.errors import UsageError

__all__ = [
    "Appender", "cannot_read", "cannot_write", "check_structure", "lines", "open_regular", "read_whole", "write_whole",
]  # fmt: skip


LARGEST = 64 << 20
"""Most bytes of a file that is read whole."""
LONGEST = 64 << 20
"""Most bytes of a line."""


def cannot_read(path: Path, why: object) -> UsageError:
    """The error for a file that can't be read."""
    return UsageError(f"can't read {path}: {why}; restore it or start a new trial")


def cannot_write(path: Path, error: OSError) -> UsageError:
    """The error for a file that can't be written."""
    return UsageError(
        f"can't write {path}: {error.strerror or error}; free disk space or fix its permissions, then run this again"
    )


def open_regular(path: Path, flags: int) -> int:
    """Open a regular file and return its descriptor; `flags` as for `os.open`.

    Raises `OSError` if it can't be opened, and `UsageError` if the path is a link, a device or a directory, or if the
    file would be written and has a second name elsewhere.
    """
    try:
        # without O_NONBLOCK, opening a pipe would wait for its other end
        handle = os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o666)
    except OSError:
        if path.is_symlink():
            raise not_regular(path) from None
        raise
    found = os.fstat(handle)
    if not stat.S_ISREG(found.st_mode):
        os.close(handle)
        raise not_regular(path)
    if flags & (os.O_WRONLY | os.O_RDWR) and found.st_nlink > 1:
        os.close(handle)
        raise UsageError(
            f"{path} has a second name elsewhere (a hard link), which would be changed too; copy the directory instead"
        )
    return handle


_TEXT = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\Z)', re.DOTALL)
"""A text in JSON; one without an end goes to the end of the data."""


def not_regular(path: Path) -> UsageError:
    """The error for a link, a device or a directory where a file belongs."""
    return UsageError(f"{path} is not a regular file; a trial's files are regular files in its directory: restore it")


def read_whole(path: Path, most: int = LARGEST) -> bytes:
    """The bytes of a regular file.

    Raises `FileNotFoundError` or `NotADirectoryError` if there is none, and `UsageError` if it can't be read or has
    more than `most` bytes.
    """
    try:
        with os.fdopen(open_regular(path, os.O_RDONLY), "rb") as file:
            data = file.read(most + 1)
        if len(data) > most:
            raise cannot_read(path, f"it has more than {most:,} bytes")
        return data
    except (FileNotFoundError, NotADirectoryError):
        raise
    except OSError as error:
        raise cannot_read(path, error.strerror or error) from None


def lines(path: Path) -> Iterator[bytes]:
    """Yield the lines of a regular file; none if it is missing. The last one may be incomplete. Raises `UsageError` if
    it can't be read, or if a line has more than `LONGEST` bytes."""
    try:
        with os.fdopen(open_regular(path, os.O_RDONLY), "rb") as file:
            while line := file.readline(LONGEST + 1):
                if len(line) > LONGEST:
                    raise cannot_read(path, f"a line has more than {LONGEST:,} bytes")
                yield line
    except FileNotFoundError:
        return
    except OSError as error:
        raise cannot_read(path, error.strerror or error) from None


def write_whole(path: Path, data: str | bytes) -> None:
    """Write a file atomically: afterwards it is complete or, after a failure, as it was before."""
    draft = path.with_name(path.name + ".part")
    try:
        draft.unlink(missing_ok=True)  # left by a process that was killed; new, so that nothing is written through it
        with os.fdopen(open_regular(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL), "wb") as file:
            file.write(data.encode() if isinstance(data, str) else data)
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


def check_structure(data: bytes, most: int) -> None:
    """Check that JSON has at most so many bytes outside of its texts: a list of two bytes there takes a hundred times
    as much memory once it is read. Raises `ValueError` if it has more."""
    if len(data) > most and len(_TEXT.sub(b"", data)) > most:
        raise ValueError(f"it has more than {most:,} bytes outside of its texts")


class Appender:
    """Appends lines to one file. A write that fails leaves the file as it was."""

    def __init__(self, path: Path, *, size: int | None = None) -> None:
        """`size`: cut the file to this many bytes first."""
        self.path = path
        try:
            # unbuffered, so that a killed process loses no event that it acted upon
            self._handle = open_regular(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
            if size is not None and os.fstat(self._handle).st_size > size:
                os.ftruncate(self._handle, size)
        except OSError as error:
            raise cannot_write(path, error) from error

    def append(self, data: bytes, *, sync: bool = False) -> None:
        """Append bytes. With `sync` they are on the disk when this returns."""
        start = os.fstat(self._handle).st_size
        try:
            # a write may write only a part
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(self._handle, rest) :]
            if sync:
                os.fsync(self._handle)
        except OSError as error:
            with contextlib.suppress(OSError):
                os.ftruncate(self._handle, start)
            raise cannot_write(self.path, error) from error

    def cut(self, size: int) -> None:
        """Cut the file to `size` bytes."""
        try:
            os.ftruncate(self._handle, size)
        except OSError as error:
            raise cannot_write(self.path, error) from error

    def close(self) -> None:
        """Close the file."""
        os.close(self._handle)


def _sync_directory(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
