"""The workers as the rest of relay uses them: `await workers.run(function, *args)`.

`Workers(0)` runs everything in the calling process, without limits. Otherwise processes are started when needed.
Functions must be module-level functions, and arguments must be picklable. An exception of the function is raised by
`run`. If a worker dies, only the call that it was running raises `WorkerFault`. Later calls get another worker.
"""

from __future__ import annotations

import asyncio
import itertools
import pickle
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self, TypeVar

from relay.component_code import loaded_code
from relay.scoring.workers.child import load
from relay.scoring.workers.dispatch import Dispatch
from relay.scoring.workers.limits import OPEN, Limits
from relay.scoring.workers.process import WorkerCall

__all__ = ["Workers"]

T = TypeVar("T")


class Workers:
    """A pool of at most `count` processes, as an async context manager.

    Until the pool is closed, it can be used only in the event loop in which the first call was made.
    """

    def __init__(self, count: int) -> None:
        if count < 0:
            raise ValueError(f"the number of workers must be at least 0, not {count}")
        self.count = count
        self._dispatch: Dispatch | None = None
        self._numbers = itertools.count(1)
        self._preparations: list[bytes] = []
        self._known = 0
        """Number of component files that the processes have been told of."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def prepare(self, function: Callable[..., object], /, *args: Any) -> None:
        """Have every process run `function(*args)` before any later call, so it costs time in each process.

        If it raises, every later call raises its exception.
        """
        if self.count == 0:
            function(*args)
            return
        self._preparations.append(pickle.dumps((function, args)))
        if self._dispatch is not None:
            self._dispatch.prepare(self._preparations[-1])

    async def run(self, function: Callable[..., T], /, *args: Any, limits: Limits = OPEN, attempts: int = 1) -> T:
        """Run `function(*args)` in a worker and return its result. Calls start in the order in which they are made.

        With `attempts` above 1, a call whose worker crashed or ran out of memory is repeated in a new worker. A call
        that took too long is not repeated, since it would take too long again.
        """
        if self.count == 0:
            await asyncio.sleep(0)  # gives other tasks, and Ctrl-C, a turn before this process is busy
            return function(*args)
        if self._dispatch is None:
            self._dispatch = Dispatch(self.count, [self._code(), *self._preparations])
        elif len(loaded_code()) > self._known:  # components were read from files since the last call
            self._dispatch.prepare(self._code(self._known))
        name = getattr(function, "__qualname__", "a function")
        packed = pickle.dumps((function, args))
        answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._dispatch.submit(WorkerCall(next(self._numbers), name, limits, packed, answer, attempts))
        return await answer

    def _code(self, since: int = 0) -> bytes:
        """The preparation that imports the component files of this process, without the first `since`."""
        codes = loaded_code()
        self._known = len(codes)
        return pickle.dumps((load, (codes[since:],)))

    def close(self) -> None:
        """End the processes at once. Calls that are not done raise `MachineFault`. A later call starts new ones."""
        dispatch, self._dispatch = self._dispatch, None
        if dispatch is not None:
            dispatch.close()
