"""The wording of prompts and answers for one model: its tokenizer, chat template and reasoning parser."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

from agents.models.templates import filled, with_template
from agents.models.vllm.imported import imported, one_line, refusals
from relay.errors import UsageError
from relay.researcher.observation import Message

__all__ = ["Wording", "parser", "parted", "prompt"]

KEPT = 256
"""Prompts whose tokens are remembered: each prompt is counted before it is sent."""


class Wording(NamedTuple):
    """All that the wording depends on. Trials with equal values share one tokenizer."""

    tokenizer: str
    """Name or path of the tokenizer."""
    template: str
    """Text of a chat template; empty: the tokenizer's own."""
    reasoning: str
    """vLLM's name of a reasoning parser; empty: none."""
    options: tuple[tuple[str, Any], ...] = ()
    """Further options of the tokenizer, as pairs of name and value."""


@lru_cache(maxsize=KEPT)
def prompt(wording: Wording, messages: tuple[Message, ...]) -> tuple[int, ...]:
    """Tokens of a prompt."""
    return filled(_tokenizer(wording), messages)


def parted(wording: Wording, text: str) -> tuple[str, str]:
    """An answer split into text and reasoning. If it was cut off during its reasoning, the text is empty."""
    found = parser(wording)
    if found is None:
        return text, ""
    reasoning, said = found.extract_reasoning(text, None)
    return said or "", reasoning or ""


def parser(wording: Wording) -> Any:
    """A new reasoning parser, or None if there is none. Each answer gets its own, since a parser may have state. Raises
    `UsageError` for a name that vLLM does not know, and for a tokenizer without the marks that the parser needs."""
    if not wording.reasoning:
        return None
    imported()
    from vllm.reasoning import ReasoningParserManager  # noqa: PLC0415 - an extra

    try:
        return ReasoningParserManager.get_reasoning_parser(wording.reasoning)(_tokenizer(wording))
    except refusals(KeyError, RuntimeError) as error:
        told = str(error.args[0]) if error.args else type(error).__name__
        raise UsageError(f"-M reasoning_parser={wording.reasoning} can't be used: {' '.join(told.split())}") from error


@lru_cache(maxsize=8)
def _tokenizer(wording: Wording) -> Any:
    imported()
    from vllm.tokenizers import get_tokenizer  # noqa: PLC0415 - an extra

    try:
        found = get_tokenizer(wording.tokenizer, **dict(wording.options))
    except refusals(OSError) as error:
        raise UsageError(f"vllm has no tokenizer for `{wording.tokenizer}`: {one_line(error)}") from error
    return with_template(found, wording.tokenizer, wording.template)
