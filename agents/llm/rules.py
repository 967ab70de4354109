"""The rules: the text at the head of every prompt of a language model, and its hash, which the log records.

Rules are files. Relay's own are in `agents/llm/prompts/` and have names; any other file is given by its path.
"""

from __future__ import annotations

import hashlib
from importlib.resources import files
from pathlib import Path

from relay.errors import UsageError
from relay.records.record import Record

__all__ = ["Rules", "read_rules", "shipped_rules"]

PROMPTS = files("agents.llm").joinpath("prompts")


class Rules(Record):
    """The text of a rules file."""

    text: str
    """May contain `{actions}` and `{notation}`, which are replaced in the prompt."""
    sha256: str
    """Hash of the file's bytes, in hexadecimal."""


def shipped_rules() -> tuple[str, ...]:
    """Names of the rules that come with relay, sorted."""
    return tuple(sorted(file.name.removesuffix(".md") for file in PROMPTS.iterdir() if file.name.endswith(".md")))


def read_rules(source: str, expected: str = "") -> Rules:
    """The rules that `source` names: one of relay's own names, or the path of a file.

    Raises `UsageError` if the file can't be read. If `expected` is given and is not the file's hash, the file was
    changed after the condition was resolved, and `UsageError` is raised too.
    """
    own = shipped_rules()
    try:
        data = (PROMPTS.joinpath(f"{source}.md") if source in own else Path(source)).read_bytes()
        text = data.decode("utf-8").replace("\r\n", "\n")
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise UsageError(
            f"the rules of the agent `llm` can't be read from `{source}` ({why}); give the path of a UTF-8 text, "
            f"relative to the working directory, or one of relay's own: {', '.join(own)}"
        ) from None
    found = Rules(text=text, sha256=hashlib.sha256(data).hexdigest())
    if expected not in ("", found.sha256):
        mend = "use the version of relay that wrote it" if source in own else "restore it"
        raise UsageError(
            f"the prompt file `{source}` of the agent `llm` was changed since the trial began: its SHA-256 is "
            f"{found.sha256[:12]}..., not {expected[:12]}...; {mend}, or start a new trial in another directory"
        )
    return found
