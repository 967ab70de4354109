"""The rules: the text at the head of every prompt of a language model.

Rules are files. Relay's own are in `agents/llm/prompts/` and have names; any other file is given by its path. A trial
has a copy of its rules.
"""

from __future__ import annotations

from pathlib import Path

from relay.errors import UsageError

__all__ = ["read_rules", "shipped_file", "shipped_rules"]

PROMPTS = Path(__file__).parent / "prompts"


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
        data = (shipped_file(source) or Path(source)).read_bytes()
        return data.decode("utf-8").replace("\r\n", "\n")
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise UsageError(
            f"the rules of the agent `llm` can't be read from `{source}` ({why}); give the path of a UTF-8 text, "
            f"relative to the working directory, or one of relay's own: {', '.join(shipped_rules())}"
        ) from None
