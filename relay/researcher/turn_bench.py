"""The bench as a researcher has it for one attempt at one turn."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from relay.records.task import Given
from relay.researcher.bench import Bench, LocalBench
from relay.researcher.bench.bench import Runner

__all__ = ["TurnBench"]


class TurnBench(Bench):
    """The bench for one attempt at one turn: searches run one after the other, and none after it is closed.

    Two searches side by side would each be promised all that is left.
    """

    def __init__(
        self, runner: Runner, given: Given, left: Callable[[], int], charge: Callable[[int, str], None]
    ) -> None:
        super().__init__(runner, given, self._allowance, charge)
        self._remaining = left
        self._lock = asyncio.Lock()
        self._open = True

    def _allowance(self) -> int:
        return self._remaining() if self._open else 0

    async def run(self, search: Callable[[LocalBench, Any], Any], payload: Any) -> Any:
        """What `search` returns, once those before it are done. Who stops waiting for it pays all the same."""
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
        """Wait for a search that is running, then allow nothing more."""
        async with self._lock:
            self._open = False


def _heard(task: asyncio.Task[Any]) -> None:
    """Nobody waits for this search any more; what it raised is nobody's."""
    if not task.cancelled():
        task.exception()
