"""Counting the prompts of a model behind an endpoint, with the model's own tokenizer if the user names it.

The tokenizer is loaded with the library `transformers`, an extra. No weights are loaded, and no code that comes with
the tokenizer is run.
"""

from __future__ import annotations

import os
from functools import lru_cache
from typing import Any

from agents.models.templates import filled, with_template
from relay.errors import UsageError
from relay.researcher.model import one_line
from relay.researcher.observation import Message
from relay.researcher.tokens import count_messages

__all__ = ["count_prompt"]

KEPT = 256
"""Prompts whose counts are remembered: each prompt is counted several times before it is sent."""


def count_prompt(tokenizer: str, template: str, messages: tuple[Message, ...]) -> int:
    """Number of tokens of a prompt.

    `tokenizer` is a name on the Hugging Face hub or a directory; if it is empty, `relay.researcher.tokens` counts.
    `template` is the text of a chat template; if it is empty, the tokenizer's own is used. Raises `UsageError`.
    """
    if not tokenizer:
        if template:
            raise UsageError("-M chat_template=... needs a tokenizer to count with; give -M tokenizer=NAME_OR_PATH too")
        return count_messages(messages)
    return _counted(tokenizer, template, messages)


@lru_cache(maxsize=KEPT)
def _counted(name: str, template: str, messages: tuple[Message, ...]) -> int:
    tokenizer = _loaded(name, template)
    try:
        return len(filled(tokenizer, messages))
    except Exception as error:  # a template may raise anything
        raise UsageError(
            f"the chat template of `{name}` can't be filled in: {one_line(error).rstrip('.')}; "
            "give another with -M chat_template=FILE"
        ) from error


@lru_cache(maxsize=8)
def _loaded(name: str, template: str) -> Any:
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")  # before the import, which reads it
    try:
        import jinja2  # noqa: F401, PLC0415 - an extra
        from transformers import AutoTokenizer  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise UsageError(
            f"-M tokenizer=... needs the extra `tokenizer`: pip install 'relay-instrument[tokenizer]' "
            f"({one_line(error).rstrip('.')})"
        ) from error
    try:
        found = AutoTokenizer.from_pretrained(name, trust_remote_code=False)
    except Exception as error:  # files can be missing or damaged in many ways, each with an exception of its own
        raise UsageError(
            f"there is no tokenizer `{name}`: {one_line(error).rstrip('.')}; give a name on the Hugging Face "
            "hub, or a directory with a tokenizer"
        ) from error
    return with_template(found, name, template)
