"""A worker's own side: reads calls, carries them out one by one, and sends back what came of each.

It is started with an empty environment and a path; first come the files that components are read from, then what is
to be prepared, then calls. It ends when its parent does.
"""

from __future__ import annotations

import os
import pickle
import resource
import signal
import struct
import threading
import traceback
from contextlib import suppress
from enum import IntEnum
from pathlib import Path

from relay.components import load_file
from relay.scoring.workers.frames import pack, read
from relay.scoring.workers.guard import guarded, install
from relay.scoring.workers.limits import Limits, address_space, hold, lift

__all__ = ["REPLY", "Kind", "main"]

REPLY = struct.Struct(">QB")
"""What a reply begins with: the number of its call, and its kind."""
READY = 0
"""The number of the reply that says that the worker has started; calls are numbered from 1."""


class Kind(IntEnum):
    """What came of a call."""

    DONE = 0
    """The pickled result follows."""
    RAISED = 1
    """The pickled exception and its traceback, a text, follow."""
    MEMORY = 2
    """There was not enough of it."""
    REFUSED = 3
    """It tried what the guard refuses; what that was follows, a text."""


def main(replies: int, life: int) -> None:
    """Serve until there is nothing more to read. `replies` and `life` are the file descriptors of two pipes: where
    replies go, and one whose other end the parent holds as long as it lives."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's
    calls = os.fdopen(os.dup(0), "rb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    threading.Thread(target=_follow, args=(life,), daemon=True).start()
    install()
    worker = _Worker()
    _send(replies, READY, Kind.DONE, b"")
    while (frame := read(calls)) is not None:
        number, limits, call = pickle.loads(frame)  # noqa: S301 (made by the parent)
        kind, payload = worker.prepare(call) if limits is None else worker.carry_out(limits, call)
        if limits is not None:
            _send(replies, number, kind, payload)


class _Worker:
    def __init__(self) -> None:
        self._base = 0
        self._broken: bytes | None = None
        """What a preparation raised: then every call raises it."""

    def prepare(self, call: bytes) -> tuple[Kind, bytes]:
        """Carry out what goes before calls; nobody is told, unless it fails."""
        kind, payload = _outcome(call, Limits())
        if kind is Kind.RAISED:
            self._broken = self._broken or payload
        self._base = 0
        return kind, payload

    def carry_out(self, limits: Limits, call: bytes) -> tuple[Kind, bytes]:
        """What comes of a call under its limits."""
        if self._broken is not None:
            return Kind.RAISED, self._broken
        self._base = self._base or address_space()
        hold(limits, self._base)
        try:
            return _outcome(call, limits)
        finally:
            lift()


def _outcome(call: bytes, limits: Limits) -> tuple[Kind, bytes]:
    noted: list[str] = []
    try:
        function, args = pickle.loads(call)  # noqa: S301 (made by the parent)
        with guarded(limits.guard) as noted:
            result = function(*args)
        if noted:
            return Kind.REFUSED, noted[0].encode(errors="replace")
        lift()
        return Kind.DONE, pickle.dumps(result)
    except MemoryError:
        return Kind.MEMORY, b""
    except BaseException as error:
        lift()
        if noted:
            return Kind.REFUSED, noted[0].encode(errors="replace")
        return Kind.RAISED, _packed(error)


def _packed(error: BaseException) -> bytes:
    text = "".join(traceback.format_exception(error))
    try:
        packed = pickle.dumps((error, text))
        pickle.loads(packed)  # noqa: S301 (an error may be one that can't be made again)
    except Exception:
        packed = pickle.dumps((RuntimeError(f"{type(error).__name__}: {error}"), text))
    return packed


def _send(replies: int, number: int, kind: Kind, payload: bytes) -> None:
    left = memoryview(pack(REPLY.pack(number, kind) + payload))
    while left:
        left = left[os.write(replies, left) :]


def _follow(life: int) -> None:
    # A parent that was killed closes nothing by itself, but its end of this pipe goes with it.
    with suppress(OSError):
        os.read(life, 1)
    os._exit(1)


def load(files: tuple[Path, ...]) -> None:
    """A preparation: know the components that were read from files."""
    for path in files:
        load_file(path)
