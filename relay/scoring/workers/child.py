"""The worker's side: reads calls, runs them one by one, and sends back the result of each.

A worker starts with few environment variables and a module path. It first gets preparations, beginning with the one
that loads component files, and then calls. It ends when its parent ends.
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

from relay.component_code import ComponentCode, import_code
from relay.scoring.workers.frames import pack, read
from relay.scoring.workers.guard import guarded, install
from relay.scoring.workers.limits import Limits, address_space, hold, lift

__all__ = ["REPLY", "Kind", "main"]

REPLY = struct.Struct(">QB")
"""Head of a reply: the number of the call that it answers, and the reply's `Kind`."""
READY = 0
"""Number of the first reply, which reports that the worker has started. Calls are numbered from 1."""


class Kind(IntEnum):
    """How a call ended, and so what follows in its reply."""

    DONE = 0
    """The function returned. Its result follows, pickled."""
    RAISED = 1
    """The function raised. The pair of exception and traceback (a text) follows, pickled."""
    MEMORY = 2
    """There was not enough memory."""
    REFUSED = 3
    """The call tried an operation that the guard refuses. The name of the operation follows."""


def main(replies: int, life: int) -> None:
    """Carry out the calls that arrive on standard input until it ends.

    Both parameters are file descriptors of pipes. Replies are written to `replies`. The parent holds the other end of
    `life` open as long as it lives.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's business: it ends its workers itself
    # Calls move to another descriptor, and standard input becomes empty: a component that reads it takes no call away.
    calls = os.fdopen(os.dup(0), "rb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    # no core files: a crash of a worker is an expected event
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    threading.Thread(target=_follow, args=(life,), daemon=True).start()
    # only now: the hook would otherwise have to allow what the lines above do
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
        """The first exception that a preparation raised, pickled; every later call raises it. None if there is none."""

    def prepare(self, call: bytes) -> tuple[Kind, bytes]:
        """Run a preparation. No reply is sent for it; if it raises, all later calls raise its exception."""
        kind, payload = _outcome(call, Limits())
        if kind is Kind.RAISED:
            self._broken = self._broken or payload
        self._base = 0  # the preparation may have taken memory, which is not the next call's
        return kind, payload

    def carry_out(self, limits: Limits, call: bytes) -> tuple[Kind, bytes]:
        """Run `call` under `limits`. Returns how it ended, and what follows in the reply."""
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
        # also after a normal return: the function may have swallowed the refusal
        if noted:
            return Kind.REFUSED, noted[0].encode(errors="replace")
        lift()  # pickling the result is not the call's work
        return Kind.DONE, pickle.dumps(result)
    except MemoryError:
        return Kind.MEMORY, b""
    except BaseException as error:
        lift()
        if noted:
            return Kind.REFUSED, noted[0].encode(errors="replace")
        return Kind.RAISED, _packed(error)


def _packed(error: BaseException) -> bytes:
    """An exception and its traceback, pickled. If the exception can't be pickled, a `RuntimeError` stands for it."""
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
    # A parent that is killed runs no cleanup, but the system closes its end of this pipe.
    with suppress(OSError):
        os.read(life, 1)
    os._exit(1)


def load(codes: tuple[ComponentCode, ...]) -> None:
    """A preparation: import the component files that the parent imported, so that their classes can be unpickled.

    The parent sends what it read, and not paths: a file may have been edited since.
    """
    for code in codes:
        import_code(code)
