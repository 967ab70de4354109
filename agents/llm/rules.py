"""The rules: the text at the head of every prompt of a language model.

Rules are files. Relay's own are in `agents/llm/prompts/` and have names; any other file is given by its path. A trial
has a copy of its rules.

A sentence between `<!-- NAME -->` and `<!-- /NAME -->` can be left out by its name, to see what it is worth. One that
begins with `<!-- NAME if CONDITION -->` stands only in the prompts of tasks that it has a meaning in.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

from relay.errors import UsageError
from relay.records.user_files import read_user_file

__all__ = ["CONDITIONS", "put_together", "read_rules", "sentences", "shipped_file", "shipped_rules"]

PROMPTS = Path(__file__).parent / "prompts"

CONDITIONS = ("scalars", "sorts")
"""What a sentence may depend on: whether the task has scalars, or sorts."""

_SENTENCE = re.compile(r"<!-- (\w+)(?: if (\w+))? -->\n?(.*?)<!-- /\1 -->\n?", re.DOTALL)


def shipped_rules() -> tuple[str, ...]:
    """Names of the rules that come with relay, sorted."""
    return tuple(sorted(file.stem for file in PROMPTS.glob("*.md")))


def shipped_file(name: str) -> Path | None:
    """The file of the rules that come with relay under this name; None if there are none."""
    return PROMPTS / f"{name}.md" if name in shipped_rules() else None


def read_rules(source: str) -> str:
    """The text of the rules that `source` names: one of relay's own names, or the path of a file. It may contain
    `{actions}` and `{notation}`, which are replaced in the prompt.

    Raises `UsageError` if the file can't be read.
    """
    try:
        data = read_user_file(shipped_file(source) or Path(source))
        text = data.decode("utf-8").replace("\r\n", "\n")
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise UsageError(
            f"the rules of the agent `llm` can't be read from `{source}` ({why}); give the path of a UTF-8 text, "
            f"relative to the working directory, or one of relay's own: {', '.join(shipped_rules())}"
        ) from None
    if unknown := [condition for condition in sentences(text).values() if condition and condition not in CONDITIONS]:
        raise UsageError(
            f"`{source}` has a sentence with `if {unknown[0]}`; the conditions are: {', '.join(CONDITIONS)}"
        )
    return text


def sentences(rules: str) -> dict[str, str]:
    """Name of each sentence that can be left out of the rules -> its condition, or nothing. In the rules' order."""
    return {found[1]: found[2] or "" for found in _SENTENCE.finditer(rules)}


def put_together(rules: str, conditions: Collection[str], without: Collection[str] = ()) -> str:
    """The rules without the sentences in `without`, and without those whose condition is not in `conditions`."""

    def kept(found: re.Match[str]) -> str:
        name, condition, text = found.groups()
        return "" if name in without or (condition and condition not in conditions) else text

    return re.sub(r"\n{3,}", "\n\n", _SENTENCE.sub(kept, rules)).strip()
