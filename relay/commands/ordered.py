"""Work that is done side by side and told in order."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Coroutine, Iterable
from typing import Any, TypeVar

__all__ = ["in_order"]

T = TypeVar("T")


async def in_order(work: Iterable[Coroutine[Any, Any, T]], at_once: int) -> AsyncGenerator[T, None]:
    """What the pieces of work return, in their order, each as soon as it and those before it are done.

    At most `at_once` pieces, and at least one, are begun and not told yet; no further one is taken from `work` until
    then, so memory stays flat however many there are. What a piece raises is raised in its turn. Whoever leaves early
    closes the generator (`contextlib.aclosing`): that cancels what was begun.
    """
    begun: deque[asyncio.Task[T]] = deque()
    try:
        for piece in work:
            begun.append(asyncio.create_task(piece))
            await asyncio.sleep(0)  # it begins; what came meanwhile is heard, Ctrl-C too
            while begun and (len(begun) >= at_once or begun[0].done()):
                yield await begun.popleft()
        while begun:
            yield await begun.popleft()
    finally:
        for task in begun:
            task.cancel()
        await asyncio.gather(*begun, return_exceptions=True)
