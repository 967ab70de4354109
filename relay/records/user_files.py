"""Reading a file that the user names: bounded, and never a device, whose reading may not end.

The files of a trial are read by `relay.records.files`, which follows no links.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

__all__ = ["LARGEST", "read_user_file"]

LARGEST = 16 << 20
"""Most bytes of a file, unless its kind has a bound of its own."""

KINDS = {
    stat.S_IFDIR: os.strerror(errno.EISDIR),
    stat.S_IFCHR: "it is a device",
    stat.S_IFBLK: "it is a device",
    stat.S_IFIFO: "it is a pipe",
    stat.S_IFSOCK: "it is a socket",
}
"""Kind of file -> what is told of one that can't be read."""


def read_user_file(path: Path, most: int = LARGEST, *, pipe: bool = False) -> bytes:
    """The bytes of a file. With `pipe` it may be a pipe, which is read to its end.

    Raises `OSError` with the reason as `strerror` if it can't be opened, is no regular file (or pipe), or has more than
    `most` bytes. Links are followed.
    """
    try:
        mode = path.stat().st_mode
        _check(mode, pipe)  # before it is opened: opening a device may do something
        waits = pipe and stat.S_ISFIFO(mode)  # for a writer, as other programs do
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOCTTY | (0 if waits else os.O_NONBLOCK))
    except ValueError:  # a zero byte, or half of a character
        raise OSError(errno.EINVAL, "no file can have this name") from None
    with os.fdopen(handle, "rb") as file:
        _check(os.fstat(handle).st_mode, pipe)  # another file may have taken its name
        data = file.read(most + 1)
    if len(data) > most:
        raise OSError(errno.EFBIG, f"it has more than {most:,} bytes")
    return data


def _check(mode: int, pipe: bool) -> None:
    kind = stat.S_IFMT(mode)
    if kind != stat.S_IFREG and not (pipe and kind == stat.S_IFIFO):
        raise OSError(errno.EINVAL, KINDS.get(kind, "it is no regular file"))
