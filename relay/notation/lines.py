"""Where a statement ends: at the end of a line, unless a bracket is open or the line ends with `=` or `:`.

A line that begins with the word `define` or `claim` always begins a new statement, so that an unclosed bracket spoils
only its own statement. The time is linear in the length of the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from relay.errors import NotationError

__all__ = ["Located", "check_single", "split_statements"]

_BEGINS = re.compile(r"[ \t]*(?:define|claim)(?![A-Za-z0-9_])")
# A final `=` or `:`, but no `==`, `!=`, `<=`, `>=`, `:=` or `::`.
_CONTINUES = re.compile(r"(?:[^=!<>:]|^)[=:]$")


@dataclass(frozen=True, slots=True)
class Located:
    """One statement of a longer text, and the line, from 1, on which it begins."""

    source: str
    line: int


def split_statements(text: str) -> list[Located]:
    """The statements of a text, in order.

    Nothing is checked. Lines that are no statement are returned as one that can't be read; they do not affect the
    others.
    """
    statements: list[Located] = []
    current: list[str] = []
    start, depth, goes_on = 1, 0, False
    for number, line in enumerate(text.split("\n"), 1):
        code = line.partition("#")[0].rstrip()
        if current and (not goes_on or _BEGINS.match(line)):
            statements.append(Located(_joined(current), start))
            current, depth = [], 0
        if not current:
            if not code.strip():
                continue
            start = number
        current.append(line)
        for opening, closing in ("()", "[]"):
            depth += code.count(opening) - code.count(closing)
        # A blank line or a comment leaves an open statement open.
        goes_on = depth > 0 or bool(_CONTINUES.search(code)) or (not code.strip() and goes_on)
    if current:
        statements.append(Located(_joined(current), start))
    return statements


def _joined(lines: list[str]) -> str:
    """The lines as one text, without blank lines and comments at the end."""
    end = len(lines)
    while end > 1 and not lines[end - 1].partition("#")[0].strip():
        end -= 1
    return "\n".join(lines[:end]).rstrip()


def check_single(source: str) -> None:
    """Raise `NotationError` if `source` holds more than one statement."""
    if "\n" not in source.strip():
        return
    statements = split_statements(source)
    if len(statements) > 1:
        second = statements[1]
        if _BEGINS.match(second.source):
            raise NotationError("a second statement begins here; state one at a time", line=second.line)
        raise NotationError(
            "the statement ended with the line before; it goes on over a line's end only while a bracket is open, or "
            "after `=` or `:`. Put round brackets around the term",
            line=second.line,
        )
