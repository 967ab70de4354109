"""Assigns calls to workers, reads their replies, and ends workers that take too long.

If a call finds no idle worker, a new worker is started, up to the allowed number. Brief calls may be queued in a busy
worker, so that it need not wait for its parent between two calls. A worker is ended if its call crashed it, ran out of
memory or time, or sent an invalid reply. Calls queued behind that call go to other workers.

Everything here happens on one event loop: `submit`, and the callbacks for replies, for room to write, and for timeouts.
"""

from __future__ import annotations

import asyncio
import contextlib
import pickle
import sys
from collections import deque
from typing import Any

from relay.errors import MachineFault, WorkerFault
from relay.scoring.workers.child import READY, Kind
from relay.scoring.workers.frames import Garbage
from relay.scoring.workers.limits import Guard
from relay.scoring.workers.process import Worker, WorkerCall, WorkerLoss

__all__ = ["Dispatch"]

DEPTH = 4
"""Largest number of brief calls that one worker holds: the running one, and those queued behind it."""
BEGINNING = 600.0
"""Seconds that a worker may take to start. Generous, since a loaded machine imports slowly."""
STILLBORN = 3
"""If so many workers in a row fail to start, all waiting calls fail."""


class Dispatch:
    """The workers of one event loop, and the calls that wait for a worker."""

    def __init__(self, count: int, preparations: list[bytes]) -> None:
        self._count = count
        self._preparations = preparations
        self._loop = asyncio.get_running_loop()
        self._pending: deque[WorkerCall] = deque()
        self._crew: list[Worker] = []
        self._stillborn = 0

    def submit(self, call: WorkerCall) -> None:
        """Accept a call. Its result is set on `call.answer`."""
        self._pending.append(call)
        self._assign()

    def prepare(self, packed: bytes) -> None:
        """Have each worker run the pickled call `packed` before any call that it gets from now on."""
        self._preparations.append(packed)

    def close(self) -> None:
        """End all workers. Calls that are not done fail with `MachineFault`."""
        left = [*self._pending, *(call for worker in self._crew for call in worker.waiting)]
        self._pending.clear()
        while self._crew:
            self._let_go(self._crew[-1])
        for call in left:
            call.fail(MachineFault("the workers were closed"))

    # --- handing out -------------------------------------------------------------------------------------------------

    def _assign(self) -> None:
        """Assign as many waiting calls as possible, in their order."""
        while self._pending:
            call = self._pending[0]
            if call.answer.done():  # cancelled in the meantime
                self._pending.popleft()
                continue
            worker = self._free_for(call)
            if worker is None:
                return
            self._pending.popleft()
            # preparations that came after this worker was started, or all of them if it is new
            for packed in self._preparations[worker.prepared :]:
                worker.prepare(packed)
            worker.send(call)
            if len(worker.waiting) == 1:
                self._time(worker)
            self._write(worker)

    def _free_for(self, call: WorkerCall) -> Worker | None:
        """A worker that can take a call now, started if necessary; None if the call has to wait."""
        idle = [worker for worker in self._crew if not worker.waiting]
        if call.fresh:
            untouched = [worker for worker in idle if not worker.served]
            # a used worker is ended to make room for a new one: memory that it still holds is what the call lacked
            if not untouched and idle and len(self._crew) >= self._count:
                self._let_go(idle[0])
            return untouched[0] if untouched else self._hire()
        if idle:
            return idle[0]
        if len(self._crew) < self._count:
            return self._hire()
        if not call.limits.brief:
            return None
        # behind brief calls only: a long one would keep this call waiting although it is itself short
        short = [w for w in self._crew if len(w.waiting) < DEPTH and w.waiting[0].limits.brief]
        return min(short, key=lambda w: len(w.waiting)) if short else None

    def _hire(self) -> Worker | None:
        if len(self._crew) >= self._count:
            return None
        try:
            worker = Worker.start()
        except OSError as error:
            # workers that run already can do the work; without any, waiting would never end
            if not self._crew:
                self._give_up(f"a worker could not start: {error.strerror or error}")
            return None
        self._crew.append(worker)
        self._loop.add_reader(worker.replies, self._hear, worker)
        self._loop.add_reader(worker.errors, self._listen, worker)
        return worker

    def _write(self, worker: Worker) -> None:
        """Write to a worker as much as its pipe takes now. The rest is written when the pipe has room again."""
        worker.write()
        if worker.out:
            self._loop.add_writer(worker.calls, self._write, worker)
        else:
            self._loop.remove_writer(worker.calls)

    # --- hearing back ------------------------------------------------------------------------------------------------

    def _hear(self, worker: Worker) -> None:
        """Read the replies of a worker."""
        try:
            for number, kind, payload in worker.receive():
                if number == READY:
                    worker.ready = True
                    self._stillborn = 0
                    self._time(worker)
                    continue
                # a reply out of order means that the worker's state can't be trusted any more
                if not worker.waiting or worker.waiting[0].number != number or kind not in set(Kind):
                    raise Garbage
                if kind == Kind.MEMORY:
                    self._lose(worker, WorkerLoss("out of memory", memory=True))
                    break
                _settle(worker.waiting.popleft(), kind, payload)
                worker.served += 1
                self._time(worker)
        except Garbage:
            self._lose(worker, WorkerLoss("sent an invalid reply"))
        except EOFError:
            self._lose(worker)
        self._assign()

    def _listen(self, worker: Worker) -> None:
        """Read what a worker printed.

        The output is passed on to standard error if the call runs a component, and dropped if it runs the checker.
        """
        heard = worker.listen()
        if not heard:
            self._loop.remove_reader(worker.errors)
        at = worker.waiting[0].limits.guard if worker.waiting else Guard.OFF
        if heard and worker.ready and at is Guard.OFF and sys.stderr is not None:
            with contextlib.suppress(OSError, ValueError):
                sys.stderr.write(heard.decode(errors="replace"))

    def _time(self, worker: Worker) -> None:
        """Start the clock of the worker's current call or, if the worker is still starting, of its start."""
        if worker.clock is not None:
            worker.clock.cancel()
        wall = BEGINNING if not worker.ready else worker.waiting[0].limits.wall if worker.waiting else None
        worker.clock = None if wall is None else self._loop.call_later(wall, self._end_late, worker, wall)

    def _end_late(self, worker: Worker, wall: float) -> None:
        self._lose(worker, WorkerLoss(f"killed after {wall:g} s", late=True))
        self._assign()

    # --- losing a worker ---------------------------------------------------------------------------------------------

    def _lose(self, worker: Worker, why: WorkerLoss | None = None) -> None:
        """End a worker that failed. `why` is None if the worker ended by itself.

        If the worker's current call has attempts left and did not run out of time, it is repeated in a new worker.
        Otherwise the call fails.
        """
        ended = self._let_go(worker)
        guilty = worker.waiting[0] if worker.waiting else None
        loss = why or ended
        # queued calls are not to blame: they go back to the front of the line
        self._pending.extendleft(reversed(list(worker.waiting)[1:]))
        if not worker.ready:
            # it never began the call, so the call keeps its attempts
            self._pending.extendleft([guilty] if guilty else [])
            self._stillborn += 1
            if self._stillborn >= STILLBORN:
                last = worker.said.decode(errors="replace").strip().splitlines()[-1:]
                self._give_up(f"a worker could not start: {': '.join([loss.cause, *last])}")
        elif guilty is not None:
            guilty.attempts -= 1
            # out of time once means out of time again
            if guilty.attempts > 0 and not loss.late:
                guilty.fresh = True
                self._pending.appendleft(guilty)
            else:
                guilty.fail(_fault(guilty, loss))

    def _let_go(self, worker: Worker) -> WorkerLoss:
        """End a worker and stop reading from it. Returns how it ended."""
        self._crew.remove(worker)
        if worker.clock is not None:
            worker.clock.cancel()
        self._loop.remove_reader(worker.replies)
        self._loop.remove_reader(worker.errors)
        self._loop.remove_writer(worker.calls)
        return worker.bury()

    def _give_up(self, why: str) -> None:
        for call in self._pending:
            call.fail(WorkerFault(why, cause=why))
        self._pending.clear()


class Elsewhere(Exception):  # never raised: shown as the cause in a traceback
    """Holds the traceback in the worker. It is the cause of the exception that the call raises in the parent."""

    def __str__(self) -> str:
        return f"\n{self.args[0]}"


def _settle(call: WorkerCall, kind: int, payload: bytes) -> None:
    """Set the result of `call`, or the exception that it raised, from its reply of kind `kind`."""
    if kind == Kind.REFUSED:
        call.fail(_fault(call, WorkerLoss(f"stopped: it tried {payload.decode(errors='replace')}")))
        return
    try:
        found: Any = pickle.loads(payload)  # noqa: S301 (whole, and made by our own worker)
    except Exception as error:
        call.fail(MachineFault(f"the result of {call.name} can't be read here: {type(error).__name__}: {error}"))
        return
    if kind == Kind.RAISED:
        raised, text = found
        if isinstance(raised, StopIteration):  # asyncio futures refuse it
            raised = RuntimeError(f"StopIteration: {raised}")
        raised.__cause__ = Elsewhere(text)
        call.fail(raised)
    elif not call.answer.done():
        call.answer.set_result(found)


def _fault(call: WorkerCall, loss: WorkerLoss) -> WorkerFault:
    message = f"the worker process that ran {call.name} died: {loss.cause}"
    return WorkerFault(message, cause=loss.cause, memory=loss.memory)
