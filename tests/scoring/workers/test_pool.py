"""A pool does the same with processes and without: it returns, raises, and outlives a call that ends a process."""

from __future__ import annotations

import asyncio
import os

import pytest

from relay.errors import MachineFault
from relay.scoring.workers import Workers


def double(number: int) -> int:
    return 2 * number


def fail() -> None:
    raise ValueError("inside")


def die() -> None:
    os._exit(3)


@pytest.mark.parametrize("count", [0, 1])
def test_calls_return_raise_and_die(count: int) -> None:
    async def use() -> None:
        async with Workers(count) as workers:
            assert await workers.run(double, 4) == 8
            with pytest.raises(ValueError, match="inside"):
                await workers.run(fail)
            if count:
                with pytest.raises(MachineFault, match="die died"):
                    await workers.run(die)
                assert await asyncio.gather(*(workers.run(double, number) for number in range(4))) == [0, 2, 4, 6]

    asyncio.run(use())
