"""Workers: `await workers.run(function, *args)`.

`Workers(0)` runs everything in the calling process, without limits; otherwise processes do, started when they are
needed. Functions are named functions of a module and arguments can be pickled. What a function raises is raised here.
A worker that dies is a `WorkerFault` for the call that it was at and for no other; the next call gets another worker.
"""

from __future__ import annotations

import asyncio
import itertools
import pickle
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self, TypeVar

from relay.components import loaded_files
from relay.scoring.workers.child import load
from relay.scoring.workers.dispatch import Dispatch
from relay.scoring.workers.limits import OPEN, Limits
from relay.scoring.workers.process import WorkerCall

__all__ = ["Workers"]

T = TypeVar("T")


class Workers:
    """A number of processes, as an async context manager. From the first call until they are closed they belong to the
    event loop of that call."""

    def __init__(self, count: int) -> None:
        if count < 0:
            raise ValueError(f"a number of workers is at least 0, not {count}")
        self.count = count
        self._dispatch: Dispatch | None = None
        self._numbers = itertools.count(1)
        self._preparations: list[bytes] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def prepare(self, function: Callable[..., object], /, *args: Any) -> None:
        """Have every process do this before any call that is made from now on, at its own cost in time. What it raises
        every call raises."""
        if self.count == 0:
            function(*args)
            return
        self._preparations.append(pickle.dumps((function, args)))
        if self._dispatch is not None:
            self._dispatch.prepare(self._preparations[-1])

    async def run(self, function: Callable[..., T], /, *args: Any, limits: Limits = OPEN, attempts: int = 1) -> T:
        """`function(*args)`, in a worker. Calls begin in the order in which they are made.

        With more than one attempt, a call whose worker crashed or had no memory left is made again in a worker that has
        done nothing else; one that took too long is not, since it would again.
        """
        if self.count == 0:
            await asyncio.sleep(0)  # work in this process would otherwise keep Ctrl-C, and everybody else, waiting
            return function(*args)
        if self._dispatch is None:
            files = pickle.dumps((load, (loaded_files(),)))
            self._dispatch = Dispatch(self.count, [files, *self._preparations])
        name = getattr(function, "__qualname__", "a function")
        packed = pickle.dumps((function, args))
        answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._dispatch.submit(WorkerCall(next(self._numbers), name, limits, packed, answer, attempts))
        return await answer

    def close(self) -> None:
        """End the processes at once; calls that are not done raise `MachineFault`. A later call starts new ones."""
        dispatch, self._dispatch = self._dispatch, None
        if dispatch is not None:
            dispatch.close()
