"""Record the requests that an engine of vLLM receives, and repeat them.

This is a module of its own for its state: a model given as a file, as in `serving.py:Heard`, is loaded from the file
again, so the module-level variables of `serving.py` exist twice. A module that both import exists once.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from time import perf_counter
from typing import Any, TypeVar

from relay.researcher.model import Request

T = TypeVar("T")

SENT: list[Request] = []
"""The requests of trials to their model, in order of arrival."""
WORDS: dict[int, str] = {}
"""Seed of a request -> the text that replaces the engine's answer. Other requests keep the engine's answer."""


@dataclass
class Recorded:
    """A request to the engine, and its outcome."""

    prompt: Any
    """The prompt as tokens, as the engine takes it."""
    sampling: Any
    """The sampling parameters: seed, schema and length of the answer."""
    more: dict[str, Any]
    """Further arguments of `generate`."""
    output: Any = None
    """The engine's last output, which contains the whole answer."""
    seconds: float = 0.0
    """Time from the request to the end of the answer."""

    @property
    def written(self) -> list[int]:
        """The tokens of the answer."""
        return list(self.output.outputs[0].token_ids)


class Door:
    """Replaces `AsyncLLM.generate`: records each request and passes it on to the engine."""

    def __init__(self, generate: Callable[..., AsyncIterator[Any]]) -> None:
        self._generate = generate
        self._engine: Any = None
        self._names = itertools.count()
        self.asked: list[Recorded] = []
        """The requests since the last call of `opened`, in order of arrival."""

    async def ask(self, engine: Any, prompt: Any, sampling: Any, name: str, **more: Any) -> AsyncIterator[Any]:
        """Record a request, pass it to the engine, and yield the engine's outputs."""
        self._engine = engine
        one = Recorded(prompt, sampling, more)
        self.asked.append(one)
        began = perf_counter()
        async for output in self._generate(engine, prompt, sampling, name, **more):
            one.output = output
            yield output
        one.seconds = perf_counter() - began

    async def opened(self) -> None:
        """Start a new recording, and make the engine forget all cached prefixes. Raises `RuntimeError` if it can't."""
        self.asked = []
        if not await self._engine.reset_prefix_cache():
            raise RuntimeError("the engine would not forget its prefixes")

    def close(self) -> None:
        """Drop the reference to the engine, so that its memory can be freed."""
        self._engine = None

    async def again(self, one: Recorded) -> None:
        """Repeat a recorded request."""
        async for _ in self.ask(self._engine, one.prompt, one.sampling, f"again-{next(self._names)}", **one.more):
            pass


@contextlib.contextmanager
def watched() -> Iterator[Door]:
    """Record the requests to every engine of this process while the body runs, and yield the recorder."""
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
    """Call `ask` for each item in order, with at most `at_once` calls in flight."""
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
