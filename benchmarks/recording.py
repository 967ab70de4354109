"""What comes to an engine is written down at its door, and can be put to it again.

It is a module of its own because a model that is named by its file is read from that file once more: only what both
import is the same.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from time import perf_counter
from typing import Any, TypeVar

from agents.models.model import Request

T = TypeVar("T")

SENT: list[Request] = []
"""What trials asked their model, in order of arrival."""
WORDS: dict[int, str] = {}
"""Seed of a request -> what its researcher says; one that is not here says what the engine wrote."""


@dataclass
class Asked:
    """A request as it came to the engine, and what came of it."""

    prompt: Any
    """As the engine takes it: tokens."""
    sampling: Any
    """With seed, schema and length of the answer."""
    more: dict[str, Any]
    output: Any = None
    """The last that the engine gave, which has all of the answer."""
    seconds: float = 0.0
    """In which it was in flight."""

    @property
    def written(self) -> list[int]:
        """The tokens of the answer."""
        return list(self.output.outputs[0].token_ids)


class Door:
    """Stands before `AsyncLLM.generate` and writes down what passes."""

    def __init__(self, generate: Callable[..., AsyncIterator[Any]]) -> None:
        self._generate = generate
        self._engine: Any = None
        self._names = itertools.count()
        self.asked: list[Asked] = []
        """Since it was last `opened`, in order of arrival."""

    async def ask(self, engine: Any, prompt: Any, sampling: Any, name: str, **more: Any) -> AsyncIterator[Any]:
        """What the engine says to a request."""
        self._engine = engine
        one = Asked(prompt, sampling, more)
        self.asked.append(one)
        began = perf_counter()
        async for output in self._generate(engine, prompt, sampling, name, **more):
            one.output = output
            yield output
        one.seconds = perf_counter() - began

    async def opened(self) -> None:
        """Nothing has passed yet, and the engine has forgotten all prefixes."""
        self.asked = []
        if not await self._engine.reset_prefix_cache():
            raise RuntimeError("the engine would not forget its prefixes")

    def close(self) -> None:
        """Let go of the engine."""
        self._engine = None

    async def again(self, one: Asked) -> None:
        """Put to the engine what came to it before."""
        async for _ in self.ask(self._engine, one.prompt, one.sampling, f"again-{next(self._names)}", **one.more):
            pass


@contextlib.contextmanager
def watched() -> Iterator[Door]:
    """The door of every engine of this process."""
    from vllm.v1.engine.async_llm import AsyncLLM  # noqa: PLC0415 - an extra

    plain = AsyncLLM.generate
    door = Door(plain)

    def generate(engine: Any, prompt: Any, sampling: Any, name: str, **more: Any) -> AsyncIterator[Any]:
        return door.ask(engine, prompt, sampling, name, **more)

    AsyncLLM.generate = generate
    try:
        yield door
    finally:
        AsyncLLM.generate = plain
        door.close()


async def in_order(ask: Callable[[T], Awaitable[None]], every: Iterable[T], at_once: int) -> None:
    """Ask for each in turn, as soon as fewer than `at_once` are in flight."""
    room = asyncio.Semaphore(at_once)

    async def asked(one: T) -> None:
        try:
            await ask(one)
        finally:
            room.release()

    async with asyncio.TaskGroup() as group:
        for one in every:
            await room.acquire()
            group.create_task(asked(one))
