"""Tokens are counted by one rule where no model counts them."""

from __future__ import annotations

from relay.researcher.observation import Message
from relay.researcher.tokens import count_messages, count_text


def test_tokens_are_a_quarter_of_the_bytes() -> None:
    assert [count_text(text) for text in ("", "a", "abcd", "abcde", "é" * 2, "\ud800")] == [0, 1, 1, 2, 1, 1]
    assert count_messages((Message(role="user", content="abcde"), Message(role="user", content=""))) == 10
