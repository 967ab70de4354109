"""Ends of a conversation, which memory schemes hand on."""

from __future__ import annotations

from collections.abc import Sequence

from relay.researcher.tokens import Counter
from relay.schemes.memory.scheme import Remembered

__all__ = ["is_end", "longest_end"]


def longest_end(remembered: tuple[Remembered, ...], room: int, count: Counter) -> tuple[Remembered, ...]:
    """The longest end of a conversation that fits into `room` tokens and begins with a message to the researcher, since
    models expect that a conversation begins with a user's message."""
    start = len(remembered)
    for at in range(len(remembered) - 1, -1, -1):
        room -= remembered[at].tokens(count)
        if room < 0:
            break
        if remembered[at].message.role == "user":
            start = at
    return remembered[start:]


def is_end(messages: Sequence[Remembered], remembered: Sequence[Remembered]) -> bool:
    """Whether `messages` are the last ones of `remembered`, or none."""
    return len(messages) <= len(remembered) and tuple(messages) == tuple(remembered[len(remembered) - len(messages) :])
