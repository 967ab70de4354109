"""The weight adapters (LoRA) of an engine, loaded before any request that uses them.

An adapter that can't be loaded would end the engine while it computes other answers. Loaded in advance, it is an error
of its own. There is a second problem on CPUs: there, a request without an adapter in a batch with others is computed
with the weights in the engine's last slot. So on a CPU the engine gets one slot more than the user requested, which
stays empty: when the other slots are taken, an unused adapter is removed before the next one is loaded.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any

from agents.models.vllm.imported import one_line
from relay.errors import MachineFault, UsageError

__all__ = ["Adapters", "dead", "with_a_spare_slot"]

HEARTBEAT = 1.0
"""Seconds between checks whether a silent engine is still alive: vLLM would wait for a dead one forever."""

_HUB = re.compile(r"[\w.-]+/[\w.-]+")


def with_a_spare_slot(options: dict[str, Any]) -> dict[str, Any]:
    """An engine's options with one more slot for adapters, if adapters are enabled."""
    if not options.get("enable_lora"):
        return options
    slots = options.get("max_loras", 1) + 1
    in_memory = options.get("max_cpu_loras")
    return {**options, "max_loras": slots, "max_cpu_loras": None if in_memory is None else max(in_memory, slots)}


def dead() -> MachineFault:
    """The fault of an engine that died."""
    return MachineFault("the engine died; it is started again", kind="engine")


class Adapters:
    """The adapters of one running engine."""

    def __init__(self, engine: Any, spare: bool) -> None:
        """`spare`: whether the last slot must stay empty."""
        self._engine, self._spare = engine, spare
        self._numbers: dict[str, int] = {}
        """Path -> number of each loaded adapter, least recently used first."""
        self._users: Counter[str] = Counter()
        self._loading, self._freed, self._count = asyncio.Lock(), asyncio.Event(), count(1)

    @asynccontextmanager
    async def lent(self, path: str) -> AsyncIterator[Any]:
        """The adapter for a request, kept loaded during the context. Raises `UsageError` if it can't be loaded."""
        async with self._loading:
            if path not in self._numbers:
                await self._load(path)
            self._numbers[path] = self._numbers.pop(path)  # to the end: most recently used
            self._users[path] += 1
        try:
            yield self._request(path, self._numbers[path])
        finally:
            self._users[path] -= 1
            self._freed.set()

    async def _load(self, path: str) -> None:
        config = self._engine.vllm_config.lora_config
        if config is None:
            raise UsageError(
                f"the engine can't use the adapter {path}, since adapters are off; give -M enable_lora=true"
            )
        if not _HUB.fullmatch(path) and not (Path(path).expanduser() / "adapter_config.json").is_file():
            raise UsageError(
                f"there is no adapter at {path}: adapter_config.json is missing; give the directory of an adapter"
            )
        while self._spare and len(self._numbers) >= config.max_loras - 1:
            # the least recently used adapter that no running request uses
            idle = next((other for other in self._numbers if not self._users[other]), None)
            if idle is not None:
                await self._answered(self._engine.remove_lora(self._numbers.pop(idle)))
            else:
                self._freed.clear()
                await self._freed.wait()
        number = next(self._count)
        try:
            await self._answered(self._engine.add_lora(self._request(path, number)))
        except MachineFault:
            raise
        except Exception as error:  # vLLM raises nothing more specific
            if self._engine.errored:
                raise dead() from error
            raise UsageError(f"the adapter {path} can't be loaded: {one_line(error)}") from error
        self._numbers[path] = number

    async def _answered(self, asked: Any) -> None:
        """Wait for the engine's reply. Raises `MachineFault` if the engine dies meanwhile."""
        task = asyncio.ensure_future(asked)
        try:
            while not (await asyncio.wait({task}, timeout=HEARTBEAT))[0]:
                if self._engine.errored:
                    raise dead()
            task.result()
        finally:
            task.cancel()

    @staticmethod
    def _request(path: str, number: int) -> Any:
        from vllm.lora.request import LoRARequest  # noqa: PLC0415 - an extra

        return LoRARequest(path, number, path)
