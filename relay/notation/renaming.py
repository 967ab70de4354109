"""Renaming of what a text calls, token by token, without reading it."""

from __future__ import annotations

import re
from collections.abc import Mapping

__all__ = ["rename_calls"]

_TOKEN = re.compile(
    r"#[^\n]*|[0-9]+|(?P<claim>\bclaim[ \t\r\n]+)?(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?P<call>[ \t\r\n]*\()?"
)


def rename_calls(source: str, names: Mapping[str, str]) -> str:
    """`source` with new names for what it calls, and for what it defines: every name right before an opening bracket
    that is in `names`. Variables, comments and the names of claims stay, even if they are spelt alike."""

    def renamed(match: re.Match[str]) -> str:
        name = match.group("name")
        if name is None or match.group("call") is None or match.group("claim") is not None or name not in names:
            return match.group()
        return names[name] + match.group("call")

    return _TOKEN.sub(renamed, source)
