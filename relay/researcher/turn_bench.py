"""The bench of a researcher during one attempt at one turn."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from relay.records.task import Given
from relay.researcher.bench import Bench, LocalBench, Reach
from relay.researcher.bench.bench import Runner

__all__ = ["TurnBench"]


class TurnBench(Bench):
    """The bench for one attempt at one turn. Searches run one after the other, and none runs after `close`.

    Two searches at the same time would each get the whole remaining allowance.
    """

    def __init__(
        self,
        runner: Runner,
        given: Given,
        left: Callable[[], int],
        charge: Callable[[int, str], None],
        reached: Callable[[Reach], None] | None = None,
    ) -> None:
        super().__init__(runner, given, self._allowance, charge, reached)
        self._remaining = left
        self._lock = asyncio.Lock()
        self._open = True

    def _allowance(self) -> int:
        return self._remaining() if self._open else 0

    async def run(self, search: Callable[[LocalBench, Any], Any], payload: Any) -> Any:
        """Run a search after the earlier ones and return its result. If the caller is cancelled, the search goes on and
        is charged all the same."""
        running = asyncio.create_task(self._alone(search, payload))
        try:
            return await asyncio.shield(running)
        except asyncio.CancelledError:
            running.add_done_callback(_heard)
            raise

    async def _alone(self, search: Callable[[LocalBench, Any], Any], payload: Any) -> Any:
        async with self._lock:
            return await super().run(search, payload)

    async def close(self) -> None:
        """Wait for a running search, then allow no further evaluations."""
        async with self._lock:
            self._open = False


def _heard(task: asyncio.Task[Any]) -> None:
    """Retrieve the error of a search without a caller. Otherwise asyncio would log it as never retrieved."""
    if not task.cancelled():
        task.exception()
