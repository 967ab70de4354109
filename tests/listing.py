"""Lists the items of an async generator, for tests that need all of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import TypeVar

T = TypeVar("T")


def listed(given: AsyncGenerator[T, None]) -> list[T]:
    """All items, collected on an event loop of its own."""

    async def collect() -> list[T]:
        async with aclosing(given):
            return [item async for item in given]

    return asyncio.run(collect())
