"""A prompt as a model reads it: messages in its chat template, as tokens.

The tokenizer is one of Hugging Face's, or behaves like one. Nothing is loaded here, and no extra is needed.

Messages are treated as plain text. A researcher could write a mark of the template, such as `<|im_end|>` or `</think>`,
into a note, and so end a successor's message and speak in another role. Therefore such marks get a space inside.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from relay.errors import UsageError
from relay.records.user_files import read_user_file
from relay.researcher.identity_cache import IdentityCache
from relay.researcher.observation import Message

__all__ = ["filled", "joined", "read_template", "with_template"]


def joined(messages: tuple[Message, ...]) -> tuple[Message, ...]:
    """Consecutive messages of one role joined into one, since many templates accept no others."""
    found: list[Message] = []
    for message in messages:
        if found and found[-1].role == message.role:
            content = f"{found[-1].content}\n\n{message.content}"
            found[-1] = message.model_copy(update={"content": content})
        else:
            found.append(message)
    return tuple(found)


def filled(tokenizer: Any, messages: tuple[Message, ...]) -> tuple[int, ...]:
    """Tokens of a prompt, including the head of the answer.

    If the template rejects the messages, they are tried in another form: a system message is put at the head of the
    first user message. If the only message is not a user message, it becomes one.
    """
    chat = joined(messages)
    try:
        return _tokens(tokenizer, chat)
    except Exception:  # a template may raise anything
        mended = _mended(chat)
        if mended is None:
            raise
        return _tokens(tokenizer, mended)


def read_template(path: str) -> str:
    """The chat template in a file; empty without a path. Raises `UsageError` if the file can't be read."""
    if not path:
        return ""
    try:
        return read_user_file(Path(path)).decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"the chat template {path} can't be read: {error}") from None


def with_template(tokenizer: Any, name: str, template: str) -> Any:
    """The tokenizer of the model `name`, with a chat template unless that is empty. Raises `UsageError` if there is no
    template at all."""
    if template:
        tokenizer.chat_template = template
    if getattr(tokenizer, "chat_template", True) is None:
        raise UsageError(f"the model `{name}` has no chat template; give one with -M chat_template=FILE")
    return tokenizer


def _tokens(tokenizer: Any, chat: tuple[Message, ...]) -> tuple[int, ...]:
    spelt = [{"role": message.role, "content": _plain(tokenizer, message.content)} for message in chat]
    text = tokenizer.apply_chat_template(spelt, tokenize=False, add_generation_prompt=True)
    return tuple(tokenizer.encode(text, add_special_tokens=False))


def _plain(tokenizer: Any, content: str) -> str:
    """`content` with its marks made harmless: a space is put after the first character of each mark."""
    marks = _MARKS.of(tokenizer, lambda: _marks(tokenizer))
    return marks.sub(lambda mark: f"{mark[0][0]} {mark[0][1:]}", content) if marks is not None else content


_MARKS: IdentityCache[re.Pattern[str] | None] = IdentityCache()


def _marks(tokenizer: Any) -> re.Pattern[str] | None:
    """A pattern for the texts that a tokenizer reads as single tokens with a meaning: its special tokens, and added
    tokens in angle brackets, with which some models mark their reasoning and tools. None if there are none."""
    added = getattr(tokenizer, "added_tokens_decoder", {}).values()
    found = {str(token) for token in added if token.special or re.fullmatch(r"<.+>", str(token))}
    found.update(getattr(tokenizer, "all_special_tokens", ()))
    # longest first, so that a mark that begins with another one is matched as a whole
    longest_first = sorted((mark for mark in found if len(mark) > 1), key=lambda mark: (-len(mark), mark))
    return re.compile("|".join(map(re.escape, longest_first))) if longest_first else None


def _mended(chat: tuple[Message, ...]) -> tuple[Message, ...] | None:
    """The messages in a form that a strict template may accept; None if there is no other form."""
    if len(chat) > 1 and chat[0].role == "system":
        return joined((chat[0].model_copy(update={"role": "user"}), *chat[1:]))
    if len(chat) == 1 and chat[0].role != "user":
        return (chat[0].model_copy(update={"role": "user"}),)
    return None
