"""What an async generator gives, for tests that want all of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import TypeVar

T = TypeVar("T")


def listed(given: AsyncGenerator[T, None]) -> list[T]:
    """All of it, on an event loop of its own."""

    async def collect() -> list[T]:
        async with aclosing(given):
            return [item async for item in given]

    return asyncio.run(collect())
