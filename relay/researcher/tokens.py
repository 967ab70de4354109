"""The number of tokens of a text, for agents without a model's tokenizer. This is the only place with the rule.

A text has one token for every four of its UTF-8 bytes, rounded up. A message has the tokens of its content, plus 4 for
its role and its ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from relay.researcher.observation import Message

__all__ = ["MESSAGE_OVERHEAD", "Counter", "count_messages", "count_text"]

Counter = Callable[[str], int]
"""Counts the tokens of a text."""

MESSAGE_OVERHEAD = 4
"""Tokens of a message beside its content."""


def count_text(text: str) -> int:
    """Number of tokens of a text by this module's rule."""
    # ASCII text has as many bytes as characters, and is counted several times a turn
    size = len(text) if text.isascii() else len(text.encode("utf-8", "replace"))
    return -(-size // 4)


def count_messages(messages: Iterable[Message]) -> int:
    """Number of tokens of a prompt by this module's rule."""
    tokens = 0
    for message in messages:  # a generator would take half as long again
        content = message.content
        size = len(content) if content.isascii() else len(content.encode("utf-8", "replace"))
        tokens += MESSAGE_OVERHEAD - (-size // 4)
    return tokens
