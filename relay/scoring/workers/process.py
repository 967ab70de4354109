"""One worker process as its parent sees it: how it is started, fed, read and ended.

It gets nothing of the parent's environment but what Python may need to start; libraries that bring threads of their own
are told to use one, since there is a worker for each core.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import pickle
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, cast

from relay.scoring.workers.child import READY, REPLY
from relay.scoring.workers.frames import FrameReader, Garbage, pack
from relay.scoring.workers.limits import Limits

__all__ = ["Reply", "Worker", "WorkerCall"]

_KEPT = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PYTHONHOME")
_OWN = {
    "PYTHONHASHSEED": "0",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
}
_BEGIN = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from relay.scoring.workers.child import main; main({}, {})"
)
TAIL = 2_000
"""Bytes kept of what a worker last said on its standard error."""
CHUNK = 1 << 16


@dataclass(eq=False, slots=True)
class WorkerCall:
    """A call that somebody waits for."""

    number: int
    name: str
    limits: Limits
    packed: bytes
    """Function and arguments, pickled."""
    answer: asyncio.Future[Any]
    attempts: int
    """Workers that it may still cost."""
    fresh: bool = False
    """Whether it wants a worker that has done nothing yet."""

    def fail(self, error: BaseException) -> None:
        """Raise this where the answer is waited for, if it still is."""
        if not self.answer.done():
            self.answer.set_exception(error)


Reply = tuple[int, int, bytes]
"""Number, kind and what follows."""


@dataclass(eq=False, slots=True)
class Worker:
    """A running process. What it sends is read, and what is sent to it written, when there is something or room."""

    process: subprocess.Popen[bytes]
    replies: int
    life: int
    waiting: deque[WorkerCall] = field(default_factory=deque)
    """Calls that were sent and not answered; it is at the first."""
    clock: asyncio.TimerHandle | None = None
    """Ends it when the first of them has had its time."""
    ready: bool = False
    served: int = 0
    prepared: int = 0
    """How many of the preparations it was sent."""
    said: bytes = b""
    out: bytearray = field(default_factory=bytearray)
    _reader: FrameReader = field(default_factory=FrameReader)

    @classmethod
    def start(cls) -> Worker:
        """A new process. Raises `OSError`."""
        path = [entry or str(Path.cwd()) for entry in sys.path]
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        replies, theirs = os.pipe()
        life, mine = os.pipe()
        said, says = os.pipe()
        try:
            process = subprocess.Popen(
                [sys.executable, "-s", "-P", "-B", "-u", "-c", _BEGIN.format(theirs, life), json.dumps(path)],
                stdin=subprocess.PIPE, stdout=says, stderr=says, pass_fds=(theirs, life), env={**kept, **_OWN},
                bufsize=0, process_group=0,
            )  # fmt: skip
        except BaseException:
            for end in (replies, mine, said):
                os.close(end)
            raise
        finally:
            for end in (theirs, life, says):
                os.close(end)
        process.stderr = cast(IO[bytes], os.fdopen(said, "rb", 0))
        for end in (replies, said, process.stdin.fileno() if process.stdin else replies):
            os.set_blocking(end, False)
        return cls(process, replies, mine)

    @property
    def calls(self) -> int:
        """The descriptor that calls are written to."""
        assert self.process.stdin is not None
        return self.process.stdin.fileno()

    @property
    def errors(self) -> int:
        """The descriptor that its standard output and error are read from."""
        assert self.process.stderr is not None
        return self.process.stderr.fileno()

    def prepare(self, packed: bytes) -> None:
        """Send something to be done before the next call."""
        self.out += pack(pickle.dumps((READY, None, packed)))
        self.prepared += 1

    def send(self, call: WorkerCall) -> None:
        """Send a call, behind those that wait."""
        self.out += pack(pickle.dumps((call.number, call.limits, call.packed)))
        self.waiting.append(call)

    def write(self) -> None:
        """Write what there is room for."""
        with contextlib.suppress(BlockingIOError, BrokenPipeError):
            while self.out:
                del self.out[: os.write(self.calls, self.out[:CHUNK])]

    def listen(self) -> bytes:
        """What it said on its standard error, so far as it was not read yet."""
        heard = b""
        with contextlib.suppress(BlockingIOError):
            while data := os.read(self.errors, CHUNK):
                heard += data
                self.said = (self.said + data)[-TAIL:]
        return heard

    def receive(self) -> Iterator[Reply]:
        """Replies that are whole now. Raises `EOFError` when there will be no more, and `Garbage` where something is
        none, after those before it: they are what other calls came to."""
        try:
            data = os.read(self.replies, CHUNK)
        except BlockingIOError:
            return
        if not data:
            raise EOFError
        for message in self._reader.feed(data):
            if len(message) < REPLY.size:
                raise Garbage
            number, kind = REPLY.unpack_from(message)
            yield number, kind, message[REPLY.size :]

    def kill(self) -> None:
        """End it and whatever it started, whether it wants to or not."""
        with contextlib.suppress(OSError):
            os.killpg(self.process.pid, signal.SIGKILL)
        with contextlib.suppress(OSError):
            self.process.kill()

    def bury(self) -> str:
        """Let go of a process that ended or was killed; how it came to its end, in words."""
        self.kill()
        code = self.process.wait()
        self.listen()
        self.dismiss()
        if code == -signal.SIGXCPU:
            limit = self.waiting[0].limits.processor if self.waiting else None
            return f"killed after {limit} s of processor time"
        if code == -signal.SIGKILL:
            return "killed from outside, as systems do when memory runs out"
        if code < 0:
            return f"crashed with signal {-code} ({_signal(-code)})"
        return f"ended with exit status {code}"

    def dismiss(self) -> None:
        """Close this side's ends; the worker goes when it has done what it was sent."""
        assert self.process.stdin is not None and self.process.stderr is not None
        with contextlib.suppress(OSError):
            self.process.stdin.close()
        self.process.stderr.close()
        os.close(self.replies)
        os.close(self.life)


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return "unknown"
