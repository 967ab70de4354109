"""Finds the fences marked `relay` in free text, by CommonMark's rules. Other fences and all text outside are prose."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Fence", "fences"]

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})[ \t]*([^\n]*)")


@dataclass(frozen=True, slots=True)
class Fence:
    """The inside of one fence: `text[start:end] == body`."""

    start: int
    end: int
    body: str
    closed: bool = True
    """Whether a closing line follows. If not, the fence extends to the end of the text."""


def fences(text: str) -> list[Fence]:
    """The fences marked ```` ```relay ````, in order. A fence that is never closed extends to the end of the text."""
    found: list[Fence] = []
    mark, wanted, start, offset = "", False, 0, 0
    for line in _LINE.findall(text):
        match = _FENCE.match(line)
        if match is not None:
            marks, info = match.group(1), match.group(2).strip()
            if not mark:
                # CommonMark: a line with another back quote after the opening ones is inline code, not a fence.
                if marks[0] != "`" or "`" not in info:
                    mark, wanted, start = marks, info.split()[:1] == ["relay"], offset + len(line)
            # CommonMark: a closing fence has at least as many marks as the opening one, and nothing after them.
            elif marks.startswith(mark) and not info:
                if wanted:
                    found.append(Fence(start, offset, text[start:offset]))
                mark = ""
        offset += len(line)
    if mark and wanted:
        found.append(Fence(start, len(text), text[start:], closed=False))
    return found
