"""How a model's prompts are worded, and its answers read: its tokenizer, chat template and reasoning parser."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from agents.models.vllm.imported import imported, one_line
from relay.errors import UsageError
from relay.observation import Message

__all__ = ["Wording", "parser", "parted", "prompt"]

KEPT = 256
"""Prompts whose tokens are remembered: each is counted before it is asked."""


class Wording(NamedTuple):
    """What it depends on. Many trials have the same, and its tokenizer is read once for all of them."""

    tokenizer: str
    """Its name or path."""
    template: str
    """The path of a chat template; empty: the tokenizer's own."""
    reasoning: str
    """vLLM's name for a reasoning parser; empty: none."""
    options: tuple[tuple[str, Any], ...] = ()
    """Of the tokenizer."""


@lru_cache(maxsize=KEPT)
def prompt(wording: Wording, messages: tuple[Message, ...]) -> tuple[int, ...]:
    """The tokens of a prompt. Messages of one role that follow each other are one; a template that takes no system
    message gets it at the head of the first message of the user."""
    tokenizer = _tokenizer(wording)
    chat: list[dict[str, str]] = []
    for message in messages:
        if chat and chat[-1]["role"] == message.role:
            chat[-1]["content"] += f"\n\n{message.content}"
        else:
            chat.append({"role": message.role, "content": message.content})
    try:
        return _filled(tokenizer, chat)
    except Exception:  # whatever a template raises
        if len(chat) < 2 or chat[0]["role"] != "system":
            raise
        first = {"role": "user", "content": f"{chat[0]['content']}\n\n{chat[1]['content']}"}
        return _filled(tokenizer, [first, *chat[2:]])


def parted(wording: Wording, text: str) -> tuple[str, str]:
    """An answer, and the reasoning before it. What was cut off in its reasoning is reasoning alone."""
    found = parser(wording)
    if found is None:
        return text, ""
    reasoning, said = found.extract_reasoning(text, None)
    return said or "", reasoning or ""


def parser(wording: Wording) -> Any:
    """A reasoning parser, or None; it may have a state, so each answer gets its own. Raises `UsageError` for a name
    that vLLM doesn't have, and for a tokenizer that lacks what the parser looks for."""
    if not wording.reasoning:
        return None
    imported()
    from vllm.reasoning import ReasoningParserManager  # noqa: PLC0415 - an extra

    try:
        return ReasoningParserManager.get_reasoning_parser(wording.reasoning)(_tokenizer(wording))
    except (KeyError, RuntimeError, ValueError) as error:
        told = str(error.args[0]) if error.args else type(error).__name__
        raise UsageError(f"-M reasoning_parser={wording.reasoning} can't be had: {' '.join(told.split())}") from error


@lru_cache(maxsize=8)
def _tokenizer(wording: Wording) -> Any:
    imported()
    from vllm.tokenizers import get_tokenizer  # noqa: PLC0415 - an extra

    try:
        found = get_tokenizer(wording.tokenizer, **dict(wording.options))
    except (OSError, ValueError) as error:
        raise UsageError(f"vllm has no tokenizer for `{wording.tokenizer}`: {one_line(error)}") from error
    if wording.template:
        try:
            found.chat_template = Path(wording.template).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"the chat template {wording.template} can't be read: {error}") from None
    if getattr(found, "chat_template", True) is None:
        raise UsageError(f"the model `{wording.tokenizer}` has no chat template; give one with -M chat_template=FILE")
    return found


def _filled(tokenizer: Any, chat: list[dict[str, str]]) -> tuple[int, ...]:
    text = tokenizer.apply_chat_template(chat, tokenize=False, add_generation_prompt=True)
    return tuple(tokenizer.encode(text, add_special_tokens=False))
