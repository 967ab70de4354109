"""Who does what: one thread that hands calls to workers, reads their replies, and ends those that take too long.

A worker is started when a call finds none idle, up to their number. Brief calls may wait in a worker behind another, so
that it need not wait for its parent. A worker whose call crashed it, ran out of memory or time, or sent what is no
reply is done with; the calls that waited behind it go to others.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import selectors
import sys
import threading
import time
from collections import deque
from concurrent.futures import CancelledError, InvalidStateError
from typing import Any

from relay.errors import MachineFault, WorkerFault
from relay.scoring.workers.child import READY, Kind
from relay.scoring.workers.frames import Garbage
from relay.scoring.workers.limits import Guard
from relay.scoring.workers.process import Reply, Worker, WorkerCall

__all__ = ["Dispatch"]

DEPTH = 4
"""Brief calls that a worker has at a time: one that it is at, and some that wait while the parent is busy."""
BEGINNING = 600.0
"""Seconds in which a worker has to begin."""
STILLBORN = 3
"""Workers in a row that may fail to begin before nothing is hoped from another."""


class Dispatch:
    """The thread and its workers."""

    def __init__(self, count: int, preparations: list[bytes]) -> None:
        self._count = count
        self._preparations = list(preparations)
        self._lock = threading.Lock()
        self._arrived: deque[WorkerCall] = deque()
        self._closing: str = ""
        """`done`: when all calls are; `now`."""
        self._pending: deque[WorkerCall] = deque()
        self._crew: list[Worker] = []
        self._stillborn = 0
        self._selector = selectors.DefaultSelector()
        self._woken, self._wake = os.pipe()
        os.set_blocking(self._woken, False)
        os.set_blocking(self._wake, False)
        self._selector.register(self._woken, selectors.EVENT_READ)
        self._thread = threading.Thread(target=self._work, name="relay-workers", daemon=True)
        self._thread.start()

    # --- asked of it by other threads --------------------------------------------------------------------------------

    def submit(self, call: WorkerCall) -> None:
        """Take on a call."""
        with self._lock:
            self._arrived.append(call)
        self._nudge()

    def prepare(self, packed: bytes) -> None:
        """Have this done before any later call."""
        with self._lock:
            self._preparations.append(packed)

    def close(self, *, wait: bool) -> None:
        """Stop when all calls are done, or now; returns when it has stopped."""
        with self._lock:
            self._closing = "done" if wait else "now"
        self._nudge()
        self._thread.join()

    def _nudge(self) -> None:
        with contextlib.suppress(BlockingIOError):
            os.write(self._wake, b"!")

    # --- its own thread ----------------------------------------------------------------------------------------------

    def _work(self) -> None:
        try:
            while not self._ended():
                self._assign()
                for key, what in self._selector.select(self._patience()):
                    worker = key.data
                    if worker is None:
                        with contextlib.suppress(BlockingIOError):
                            os.read(self._woken, 1 << 12)
                    elif worker in self._crew:
                        self._attend(worker, key.fd, what)
                self._end_late()
        finally:
            for worker in self._crew:
                worker.kill()
                worker.bury()
            for call in (*self._pending, *self._arrived, *(c for worker in self._crew for c in worker.waiting)):
                if not call.future.cancel():
                    _fail(call, MachineFault("the workers were closed"))
            self._selector.close()
            os.close(self._woken)
            os.close(self._wake)

    def _ended(self) -> bool:
        with self._lock:
            self._pending.extend(self._arrived)
            self._arrived.clear()
            closing = self._closing
        return closing == "now" or (closing == "done" and not self._pending and not any(w.waiting for w in self._crew))

    def _patience(self) -> float | None:
        deadlines = [worker.deadline for worker in self._crew if worker.deadline is not None]
        return max(0.0, min(deadlines) - time.monotonic()) if deadlines else None

    # --- handing out -------------------------------------------------------------------------------------------------

    def _assign(self) -> None:
        while self._pending:
            call = self._pending[0]
            if call.future.cancelled():
                self._pending.popleft()
                continue
            worker = self._free_for(call)
            if worker is None:
                return
            self._pending.popleft()
            if not call.future.running() and not call.future.set_running_or_notify_cancel():
                continue
            with self._lock:
                behind = self._preparations[worker.prepared :]
            for packed in behind:
                worker.prepare(packed)
            worker.send(call)
            if len(worker.waiting) == 1:
                self._time(worker)
            worker.write()
            self._watch_room(worker)

    def _free_for(self, call: WorkerCall) -> Worker | None:
        """A worker that can take a call now, perhaps a new one."""
        idle = [worker for worker in self._crew if not worker.waiting]
        if call.fresh:
            untouched = [worker for worker in idle if not worker.served]
            if not untouched and idle and len(self._crew) >= self._count:
                self._lose(idle[0])
            return untouched[0] if untouched else self._hire()
        if idle:
            return idle[0]
        if len(self._crew) < self._count:
            return self._hire()
        if not call.limits.brief:
            return None
        short = [w for w in self._crew if len(w.waiting) < DEPTH and w.waiting[0].limits.brief]
        return min(short, key=lambda w: len(w.waiting)) if short else None

    def _hire(self) -> Worker | None:
        if len(self._crew) >= self._count:
            return None
        try:
            worker = Worker.start()
        except OSError as error:
            if not self._crew:
                self._give_up(f"a worker could not start: {error.strerror or error}")
            return None
        self._crew.append(worker)
        self._selector.register(worker.replies, selectors.EVENT_READ, worker)
        self._selector.register(worker.errors, selectors.EVENT_READ, worker)
        return worker

    def _time(self, worker: Worker) -> None:
        """Begin the time of the call that a worker is at."""
        wall = BEGINNING if not worker.ready else worker.waiting[0].limits.wall if worker.waiting else None
        worker.deadline = None if wall is None else time.monotonic() + wall

    def _watch_room(self, worker: Worker) -> None:
        watched = worker.calls in self._selector.get_map()
        if worker.out and not watched:
            self._selector.register(worker.calls, selectors.EVENT_WRITE, worker)
        elif not worker.out and watched:
            self._selector.unregister(worker.calls)

    # --- hearing back ------------------------------------------------------------------------------------------------

    def _attend(self, worker: Worker, descriptor: int, what: int) -> None:
        if what & selectors.EVENT_WRITE and descriptor == worker.calls:
            worker.write()
            self._watch_room(worker)
        elif descriptor == worker.errors:
            self._listen(worker)
        elif descriptor == worker.replies:
            self._hear(worker)

    def _hear(self, worker: Worker) -> None:
        try:
            for reply in worker.receive():
                self._settle(worker, reply)
                if worker not in self._crew:
                    return
        except Garbage:
            worker.cause = "sent what is no reply"
            self._lose(worker)
        except EOFError:
            self._lose(worker)

    def _listen(self, worker: Worker) -> None:
        heard = worker.listen()
        if not heard and worker.errors in self._selector.get_map():
            self._selector.unregister(worker.errors)
        at = worker.waiting[0].limits.guard if worker.waiting else Guard.OFF
        if heard and worker.ready and at is Guard.OFF and sys.stderr is not None:
            with contextlib.suppress(OSError, ValueError):  # a component printed something
                sys.stderr.write(heard.decode(errors="replace"))

    def _settle(self, worker: Worker, reply: Reply) -> None:
        number, kind, payload = reply
        if number == READY:
            worker.ready = True
            self._stillborn = 0
            self._time(worker)
            return
        if not worker.waiting or worker.waiting[0].number != number or kind not in set(Kind):
            worker.cause = "sent what is no reply"
            self._lose(worker)
            return
        if kind == Kind.MEMORY:
            worker.cause = "out of memory"
            self._lose(worker)
            return
        call = worker.waiting.popleft()
        worker.served += 1
        self._time(worker)
        if kind == Kind.REFUSED:
            _fail(call, _fault(call, f"stopped: it tried {payload.decode(errors='replace')}"))
            return
        try:
            found: Any = pickle.loads(payload)  # noqa: S301 (whole, and made by our own worker)
        except Exception as error:
            _fail(call, MachineFault(f"what {call.name} gave can't be read here: {type(error).__name__}: {error}"))
            return
        if kind == Kind.RAISED:
            raised, text = found
            raised.__cause__ = Elsewhere(text)
            _fail(call, raised)
            return
        with contextlib.suppress(InvalidStateError):
            call.future.set_result(found)

    def _end_late(self) -> None:
        now = time.monotonic()
        for worker in [w for w in self._crew if w.deadline is not None and w.deadline <= now]:
            wall = worker.waiting[0].limits.wall if worker.ready and worker.waiting else BEGINNING
            worker.cause = f"killed after {wall:g} s"
            self._lose(worker)

    def _lose(self, worker: Worker) -> None:
        """Be done with a worker; the call that it was at is tried again elsewhere, or fails."""
        self._crew.remove(worker)
        for descriptor in (worker.replies, worker.errors, worker.calls):
            if descriptor in self._selector.get_map():
                self._selector.unregister(descriptor)
        guilty = worker.waiting[0] if worker.waiting else None
        cause = worker.bury()
        behind = list(worker.waiting)[1:]
        self._pending.extendleft(reversed(behind))
        if not worker.ready:
            last = worker.said.decode(errors="replace").strip().splitlines()[-1:]
            self._stillborn += 1
            if self._stillborn >= STILLBORN:
                self._pending.extendleft([guilty] if guilty else [])
                self._give_up(f"a worker could not start: {': '.join([cause, *last])}")
                return
            self._pending.extendleft([guilty] if guilty else [])
        elif guilty is not None:
            guilty.attempts -= 1
            if guilty.attempts > 0 and "killed after" not in cause:
                guilty.fresh = True
                self._pending.appendleft(guilty)
            else:
                _fail(guilty, _fault(guilty, cause))

    def _give_up(self, why: str) -> None:
        for call in self._pending:
            _fail(call, WorkerFault(why, cause=why))
        self._pending.clear()


class Elsewhere(Exception):  # the cause of an error, for whoever reads its traceback
    """What an error's traceback was in the worker."""

    def __str__(self) -> str:
        return f"\n{self.args[0]}"


def _fault(call: WorkerCall, cause: str) -> WorkerFault:
    return WorkerFault(f"the worker process that ran {call.name} died: {cause}", cause=cause)


def _fail(call: WorkerCall, error: BaseException) -> None:
    with contextlib.suppress(InvalidStateError, CancelledError):
        call.future.set_exception(error)
