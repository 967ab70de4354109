"""Small parts: tokens, measures, workers."""

from __future__ import annotations

import asyncio
import os

import pytest

from relay.errors import MachineFault
from relay.researcher.observation import Message
from relay.researcher.tokens import count_messages, count_text
from relay.scoring.workers import Workers
from relay.trial.measures import depth_50, depth_weighted_recall

DEPTH = {"a": 1, "b": 1, "c": 2, "d": 2, "e": 3}


def test_tokens_are_a_quarter_of_the_bytes() -> None:
    assert [count_text(text) for text in ("", "a", "abcd", "abcde", "é" * 2, "\ud800")] == [0, 1, 1, 2, 1, 1]
    assert count_messages((Message(role="user", content="abcde"), Message(role="user", content=""))) == 10


def test_measures() -> None:
    assert depth_weighted_recall({"a", "e"}, DEPTH) == pytest.approx(4 / 9)
    assert depth_weighted_recall(set(), {}) == 0.0
    assert [depth_50(found, DEPTH) for found in ("", "a", "ac", "ace", "ce", "abd")] == [0, 1, 2, 3, 0, 2]


def double(number: int) -> int:
    return 2 * number


def fail() -> None:
    raise ValueError("inside")


def die() -> None:
    os._exit(3)


@pytest.mark.parametrize("count", [0, 1])
def test_workers(count: int) -> None:
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
