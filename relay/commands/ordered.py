"""Run coroutines concurrently and yield their results in order."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Coroutine, Iterable
from typing import Any, TypeVar

__all__ = ["in_order"]

T = TypeVar("T")


async def in_order(work: Iterable[Coroutine[Any, Any, T]], at_once: int) -> AsyncGenerator[T, None]:
    """Yield the results of the coroutines in order, each as soon as it and those before it are done.

    At most `at_once` coroutines (at least one) are started and not yet yielded. While there are so many, no further one
    is taken from `work`, so memory stays constant for any number of them. If a coroutine raises, the exception is
    raised in its turn. A caller that may stop early must close the generator (`contextlib.aclosing`), which cancels the
    rest.
    """
    begun: deque[asyncio.Task[T]] = deque()
    try:
        for piece in work:
            begun.append(asyncio.create_task(piece))
            await asyncio.sleep(0)  # starts the task, and lets the event loop react, to Ctrl-C too
            while begun and (len(begun) >= at_once or begun[0].done()):
                yield await begun.popleft()
        while begun:
            yield await begun.popleft()
    finally:
        for task in begun:
            task.cancel()
        # Wait for the cancelled tasks: otherwise their exceptions are reported as never retrieved.
        await asyncio.gather(*begun, return_exceptions=True)
