"""Text broken to a terminal's width. Prompts come broken for a wider page, and tables unbroken."""

from __future__ import annotations

import re
from textwrap import TextWrapper

from relay.text import printable

__all__ = ["MARKS", "laid_out"]

MARKS = r"(?m)^ {0,3}(?:`{3}|~{3}).*$"
"""Lines at which a fence opens or closes."""

FENCE = re.compile(MARKS)
PROSE = re.compile(r"(?!define |claim )[A-Za-z`'\"({]")
"""Beginning of a line of prose."""
COLUMN = re.compile(r" +(?:\S.*\S {3,}(?=\S))?")
"""The part of an indented line before its last column."""
NARROWEST = 24
"""Smallest width, in characters, of a column that is kept as one."""
JOINED = "\N{NO-BREAK SPACE}"
"""Stands for a space at which a line must not be broken."""


def laid_out(text: str, width: int) -> str:
    """The text with lines of at most `width` characters, except in fences, whose lines are kept whole for copying.

    Unseen characters are spelt as escapes, which count for the width.
    """
    lines: list[str] = []
    fenced = False
    for line in _rejoined(printable(text), width):
        mark = FENCE.match(line) is not None
        lines += [line] if fenced or mark or len(line) <= width else _broken(line, width)
        fenced = fenced != mark
    return "\n".join(lines)


def _rejoined(text: str, width: int) -> list[str]:
    """The lines of `text`. If a line of prose is longer than `width`, the lines of its paragraph are joined to one
    line."""
    lines: list[str] = []
    long = False
    for line in text.split("\n"):
        # the rest of a paragraph that was broken for a wider page
        if long and PROSE.match(line):
            lines[-1] = f"{lines[-1]} {line}"
        else:
            lines.append(line)
        long = len(line) > width and PROSE.match(line) is not None
    return lines


def _broken(line: str, width: int) -> list[str]:
    """The parts of a line that is broken to `width`. A table is broken only between its rows, and the parts after the
    first are indented to the line's last column."""
    if line.count(" -> ") > 1 and "; " in line:
        # a table of rows `a -> b; c -> d`: breaks are allowed after `;` only
        line = re.sub(r"(?<!;) ", JOINED, line)
    column = COLUMN.match(line)
    indent = len(column.group()) if column else 0
    wrapper = TextWrapper(
        width,
        subsequent_indent=" " * (indent if width - indent >= NARROWEST else 4),
        replace_whitespace=False,
        break_on_hyphens=False,
    )
    return [part.replace(JOINED, " ") for part in wrapper.wrap(line)]
