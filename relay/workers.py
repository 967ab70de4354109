"""Processes for what is CPU-bound: `await workers.run(function, *args)`.

`Workers(0)` runs everything in the calling process; otherwise spawned processes do, started at the first call.
Functions are named functions of a module and arguments can be pickled. What a function raises is
raised here. A worker that dies is a `MachineFault`, and the next call gets fresh ones.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from relay.components import load_file, loaded_files
from relay.errors import MachineFault

__all__ = ["Workers"]

T = TypeVar("T")


class Workers:
    """A pool of spawned processes, as an async context manager."""

    def __init__(self, count: int) -> None:
        if count < 0:
            raise ValueError(f"a number of workers is at least 0, not {count}")
        self.count = count
        self._pool: ProcessPoolExecutor | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close(wait=kind is None)

    async def run(self, function: Callable[..., T], /, *args: Any) -> T:
        """`function(*args)`, in a worker."""
        if self.count == 0:
            return function(*args)
        if self._pool is None:
            spawn = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(self.count, spawn, _begin, (loaded_files(),))
        pool = self._pool
        try:
            return await asyncio.wrap_future(pool.submit(function, *args))
        except BrokenProcessPool as error:
            if self._pool is pool:
                self.close(wait=False)
            name = getattr(function, "__qualname__", "a function")
            raise MachineFault(f"the worker process that ran {name} died; it may have run out of memory") from error

    def close(self, *, wait: bool) -> None:
        """End the processes, at once unless `wait` is set; a later `run` starts new ones."""
        pool, self._pool = self._pool, None
        if pool is None:
            return
        running = [] if wait else list((pool._processes or {}).values())
        pool.shutdown(wait=wait, cancel_futures=True)
        for process in running:  # nobody will ask for what they are at, and Python would wait for it
            process.terminate()


def _begin(files: tuple[Path, ...]) -> None:
    """What a worker does first: leave Ctrl-C to its parent, die with it, and know components read from files."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow, daemon=True).start()
    for path in files:
        load_file(path)


def _follow() -> None:
    # A parent that was killed can't close its queues, and its workers would wait on them forever.
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
