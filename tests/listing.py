"""Collect an async generator in a list, for tests without an event loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import TypeVar

T = TypeVar("T")


def listed(given: AsyncGenerator[T, None]) -> list[T]:
    """Run the generator on a new event loop and return all its items."""

    async def collect() -> list[T]:
        async with aclosing(given):
            return [item async for item in given]

    return asyncio.run(collect())
