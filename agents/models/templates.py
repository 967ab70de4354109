"""A prompt as a model reads it: messages in its chat template, as tokens.

The tokenizer is one of Hugging Face's, or behaves like one. Nothing is loaded here, and no extra is needed.

What stands in a message is text. A researcher who writes a mark of the template, `<|im_end|>` or `</think>`, into a
note must not end the next one's message with it, and speak as somebody else: such a mark gets a space inside.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from relay.errors import UsageError
from relay.researcher.identity_cache import IdentityCache
from relay.researcher.observation import Message

__all__ = ["filled", "joined", "with_template"]


def joined(messages: tuple[Message, ...]) -> tuple[Message, ...]:
    """Messages of one role that follow each other as one: many templates take no others."""
    found: list[Message] = []
    for message in messages:
        if found and found[-1].role == message.role:
            content = f"{found[-1].content}\n\n{message.content}"
            found[-1] = message.model_copy(update={"content": content})
        else:
            found.append(message)
    return tuple(found)


def filled(tokenizer: Any, messages: tuple[Message, ...]) -> tuple[int, ...]:
    """The tokens of a prompt, with the head of its answer. A template that takes no system message gets it at the head
    of the first message of the user; one that wants the user first gets an answer that stands alone as the user's."""
    chat = joined(messages)
    try:
        return _tokens(tokenizer, chat)
    except Exception:  # whatever a template raises
        mended = _mended(chat)
        if mended is None:
            raise
        return _tokens(tokenizer, mended)


def with_template(tokenizer: Any, name: str, path: str) -> Any:
    """The tokenizer of the model `name` with the chat template of a file, where a path is given. Raises `UsageError`
    when that can't be read, and when the model has none of its own."""
    if path:
        try:
            tokenizer.chat_template = Path(path).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"the chat template {path} can't be read: {error}") from None
    if getattr(tokenizer, "chat_template", True) is None:
        raise UsageError(f"the model `{name}` has no chat template; give one with -M chat_template=FILE")
    return tokenizer


def _tokens(tokenizer: Any, chat: tuple[Message, ...]) -> tuple[int, ...]:
    spelt = [{"role": message.role, "content": _plain(tokenizer, message.content)} for message in chat]
    text = tokenizer.apply_chat_template(spelt, tokenize=False, add_generation_prompt=True)
    return tuple(tokenizer.encode(text, add_special_tokens=False))


def _plain(tokenizer: Any, content: str) -> str:
    """A content in which nothing is a token that means something."""
    marks = _MARKS.of(tokenizer, lambda: _marks(tokenizer))
    return marks.sub(lambda mark: f"{mark[0][0]} {mark[0][1:]}", content) if marks is not None else content


_MARKS: IdentityCache[re.Pattern[str] | None] = IdentityCache()


def _marks(tokenizer: Any) -> re.Pattern[str] | None:
    """The texts that a tokenizer reads as tokens of their own: those that it calls special, and those in angle
    brackets, which some models mark their reasoning and their tools with."""
    added = getattr(tokenizer, "added_tokens_decoder", {}).values()
    found = {str(token) for token in added if token.special or re.fullmatch(r"<.+>", str(token))}
    found.update(getattr(tokenizer, "all_special_tokens", ()))
    longest_first = sorted((mark for mark in found if len(mark) > 1), key=lambda mark: (-len(mark), mark))
    return re.compile("|".join(map(re.escape, longest_first))) if longest_first else None


def _mended(chat: tuple[Message, ...]) -> tuple[Message, ...] | None:
    """What a strict template may take instead."""
    if len(chat) > 1 and chat[0].role == "system":
        return joined((chat[0].model_copy(update={"role": "user"}), *chat[1:]))
    if len(chat) == 1 and chat[0].role != "user":
        return (chat[0].model_copy(update={"role": "user"}),)
    return None
