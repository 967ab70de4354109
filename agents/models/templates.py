"""A prompt as a model reads it: messages in its chat template, as tokens.

The tokenizer is one of Hugging Face's, or behaves like one. Nothing is loaded here, and no extra is needed.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from relay.errors import UsageError
from relay.observation import Message

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
    spelt = [{"role": message.role, "content": message.content} for message in chat]
    text = tokenizer.apply_chat_template(spelt, tokenize=False, add_generation_prompt=True)
    return tuple(tokenizer.encode(text, add_special_tokens=False))


def _mended(chat: tuple[Message, ...]) -> tuple[Message, ...] | None:
    """What a strict template may take instead."""
    if len(chat) > 1 and chat[0].role == "system":
        return joined((chat[0].model_copy(update={"role": "user"}), *chat[1:]))
    if len(chat) == 1 and chat[0].role != "user":
        return (chat[0].model_copy(update={"role": "user"}),)
    return None
