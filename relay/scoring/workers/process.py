"""One worker process as its parent sees it: start, write, read, end.

A worker inherits only those environment variables that Python may need to start. Libraries with threads of their own
are limited to one thread, since there is one worker per core.
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

__all__ = ["Reply", "Worker", "WorkerCall", "WorkerLoss"]

_KEPT = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PYTHONHOME")
"""Environment variables that a worker inherits. Keys of model providers, say, are not among them."""
_OWN = {
    # the same order of sets in every worker
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
"""Bytes of a worker's last output that are kept for error messages."""
CHUNK = 1 << 16
"""Bytes read or written at once, the usual capacity of a pipe on Linux."""


@dataclass(frozen=True, slots=True)
class WorkerLoss:
    """How a worker was lost."""

    cause: str
    """In a few words, for messages."""
    late: bool = False
    """Whether its call took too long. It would take too long again."""
    memory: bool = False
    """Whether its call ran out of memory."""


@dataclass(eq=False, slots=True)
class WorkerCall:
    """A call that was submitted to the workers."""

    number: int
    name: str
    limits: Limits
    packed: bytes
    """Function and arguments, pickled."""
    answer: asyncio.Future[Any]
    attempts: int
    """Number of workers in which the call may still be tried."""
    fresh: bool = False
    """Whether the call needs a worker that has run no call yet."""

    def fail(self, error: BaseException) -> None:
        """Make the call raise `error`, unless it has a result already or was cancelled."""
        if not self.answer.done():
            self.answer.set_exception(error)


Reply = tuple[int, int, bytes]
"""Number of the call that is answered, `Kind` of the reply, and what follows."""


@dataclass(eq=False, slots=True)
class Worker:
    """A running process. Its pipes don't block.

    A read returns the bytes that have arrived, and a write takes as many bytes as fit.
    """

    process: subprocess.Popen[bytes]
    replies: int
    """Descriptor of the pipe that replies are read from."""
    life: int
    """Descriptor of a pipe. The worker ends when this end of the pipe is closed."""
    waiting: deque[WorkerCall] = field(default_factory=deque)
    """Calls that were sent to the worker and have no reply yet. The first one is running."""
    clock: asyncio.TimerHandle | None = None
    """Timer that ends the worker when the running call has used up its time."""
    ready: bool = False
    """Whether the worker has reported that it started."""
    served: int = 0
    """Number of calls that the worker has answered."""
    prepared: int = 0
    """Number of preparations that were sent to the worker."""
    said: bytes = b""
    """The end of what the worker has printed, at most `TAIL` bytes."""
    out: bytearray = field(default_factory=bytearray)
    """Bytes still to be written to the worker."""
    _reader: FrameReader = field(default_factory=FrameReader)

    @classmethod
    def start(cls) -> Worker:
        """Start a process. Raises `OSError`."""
        # an empty entry means the current directory, which may differ in the child
        path = [entry or str(Path.cwd()) for entry in sys.path]
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        replies, theirs = os.pipe()
        life, mine = os.pipe()
        said, says = os.pipe()
        # In a group of its own, so that Ctrl-C does not reach it and `kill` ends its children too. `-P` and `-s` keep
        # the current directory and user packages off the path, which is passed as it is here.
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
        # Reads and writes must never block the event loop, not even while the worker computes.
        for end in (replies, said, process.stdin.fileno() if process.stdin else replies):
            os.set_blocking(end, False)
        return cls(process, replies, mine)

    @property
    def calls(self) -> int:
        """Descriptor that calls are written to."""
        assert self.process.stdin is not None
        return self.process.stdin.fileno()

    @property
    def errors(self) -> int:
        """Descriptor that the worker's standard output and error are read from."""
        assert self.process.stderr is not None
        return self.process.stderr.fileno()

    def prepare(self, packed: bytes) -> None:
        """Send a preparation, to run before the next call."""
        self.out += pack(pickle.dumps((READY, None, packed)))
        self.prepared += 1

    def send(self, call: WorkerCall) -> None:
        """Send a call; it is queued behind earlier ones."""
        self.out += pack(pickle.dumps((call.number, call.limits, call.packed)))
        self.waiting.append(call)

    def write(self) -> None:
        """Write as much of `out` to the worker as its pipe takes now."""
        with contextlib.suppress(BlockingIOError, BrokenPipeError):
            while self.out:
                del self.out[: os.write(self.calls, self.out[:CHUNK])]

    def listen(self) -> bytes:
        """What the worker has printed to standard output and error since the last call of this method."""
        heard = b""
        with contextlib.suppress(BlockingIOError):
            while data := os.read(self.errors, CHUNK):
                heard += data
                self.said = (self.said + data)[-TAIL:]
        return heard

    def receive(self) -> Iterator[Reply]:
        """The replies that are complete now.

        Raises `EOFError` at the end of the stream. If a reply is invalid, the replies before it are yielded, since they
        are results of other calls, and then `Garbage` is raised.
        """
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
        """Kill the process and all processes that it started."""
        with contextlib.suppress(OSError):
            # the group first: the process may have started others
            os.killpg(self.process.pid, signal.SIGKILL)
        with contextlib.suppress(OSError):
            self.process.kill()

    def bury(self) -> WorkerLoss:
        """Kill the process if it still runs, close its pipes, and return how it ended."""
        self.kill()
        code = self.process.wait()
        self.listen()
        self.dismiss()
        # the limit of the call on processor time, see `limits.hold`
        if code == -signal.SIGXCPU:
            limit = self.waiting[0].limits.processor if self.waiting else None
            return WorkerLoss(f"killed after {limit} s of processor time", late=True)
        if code == -signal.SIGKILL:
            return WorkerLoss("killed from outside, as systems do when memory runs out")
        if code < 0:
            return WorkerLoss(f"crashed with signal {-code} ({_signal(-code)})")
        return WorkerLoss(f"ended with exit status {code}")

    def dismiss(self) -> None:
        """Close this side's pipes. The worker then ends after the calls that it was sent."""
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
