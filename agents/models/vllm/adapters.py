"""The weight adapters (LoRA) of an engine: loaded before anything is asked with them.

An adapter that can't be loaded would end the engine in the middle of everybody's answers; asked for beforehand it is an
error of its own. On a CPU a request without an adapter that shares a batch with others is worked out with whatever lies
in the engine's last slot. So there the engine has one slot more than the user asked for, and what is loaded never
reaches it: an adapter that nobody uses makes room for the next.
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
"""Seconds after which it is looked whether an engine that has not answered is alive: vLLM waits for a dead one."""

_HUB = re.compile(r"[\w.-]+/[\w.-]+")


def with_a_spare_slot(options: dict[str, Any]) -> dict[str, Any]:
    """An engine's options with one slot for adapters more."""
    if not options.get("enable_lora"):
        return options
    slots = options.get("max_loras", 1) + 1
    in_memory = options.get("max_cpu_loras")
    return {**options, "max_loras": slots, "max_cpu_loras": None if in_memory is None else max(in_memory, slots)}


def dead() -> MachineFault:
    """What is said of an engine that died."""
    return MachineFault("the engine died; it is started again", kind="engine")


class Adapters:
    """Of one engine that runs."""

    def __init__(self, engine: Any, spare: bool) -> None:
        """`spare`: whether its last slot has to stay empty."""
        self._engine, self._spare = engine, spare
        self._numbers: dict[str, int] = {}
        """Of those that are loaded; those that were used last come last."""
        self._users: Counter[str] = Counter()
        self._loading, self._freed, self._count = asyncio.Lock(), asyncio.Event(), count(1)

    @asynccontextmanager
    async def lent(self, path: str) -> AsyncIterator[Any]:
        """What a request is asked with, loaded and kept so meanwhile. Raises `UsageError` where it can't be loaded."""
        async with self._loading:
            if path not in self._numbers:
                await self._load(path)
            self._numbers[path] = self._numbers.pop(path)
            self._users[path] += 1
        try:
            yield self._request(path, self._numbers[path])
        finally:
            self._users[path] -= 1
            self._freed.set()

    async def _load(self, path: str) -> None:
        config = self._engine.vllm_config.lora_config
        if config is None:
            raise UsageError(f"the engine takes no adapter such as {path}; start it with -M enable_lora=true")
        if not _HUB.fullmatch(path) and not (Path(path).expanduser() / "adapter_config.json").is_file():
            raise UsageError(f"there is no adapter at {path}: it has no adapter_config.json; give the directory of one")
        while self._spare and len(self._numbers) >= config.max_loras - 1:
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
        except Exception as error:  # vLLM has no narrower one for it
            if self._engine.errored:
                raise dead() from error
            raise UsageError(f"the adapter {path} can't be loaded: {one_line(error)}") from error
        self._numbers[path] = number

    async def _answered(self, asked: Any) -> None:
        """Wait for the engine's word, as long as it lives."""
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
