"""How many tokens a text has, where no model's own tokenizer says: one rule, written here and nowhere else.

A text has a quarter of its UTF-8 bytes, rounded up; a message has its content's, plus 4 for its role and its ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from relay.researcher.observation import Message

__all__ = ["MESSAGE_OVERHEAD", "Counter", "count_messages", "count_text"]

Counter = Callable[[str], int]
"""Counts the tokens of a text."""

MESSAGE_OVERHEAD = 4
"""Tokens that a message has beside its content."""


def count_text(text: str) -> int:
    """Tokens of a text by the rule."""
    return -(-len(text.encode("utf-8", "replace")) // 4)


def count_messages(messages: Iterable[Message]) -> int:
    """Tokens of a prompt by the rule."""
    return sum(count_text(message.content) + MESSAGE_OVERHEAD for message in messages)
