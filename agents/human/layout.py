"""Text broken for a terminal's width. Prompts are broken for a page that is wider, and tables for none."""

from __future__ import annotations

import re
from textwrap import TextWrapper

__all__ = ["MARKS", "laid_out"]

MARKS = r"(?m)^ {0,3}(?:`{3}|~{3}).*$"
"""Where a fence opens or closes."""

FENCE = re.compile(MARKS)
PROSE = re.compile(r"(?!define |claim )[A-Za-z`'\"({]")
COLUMN = re.compile(r" +(?:\S.*\S {3,}(?=\S))?")
"""What stands before the last column of an indented line."""
NARROWEST = 24
"""Characters that a column needs."""
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""What would be an order to the terminal."""
JOINED = "\N{NO-BREAK SPACE}"


def laid_out(text: str, width: int) -> str:
    """The text with no line longer than `width`, except in fences: what is copied from there has to stay whole. What a
    note holds can give the terminal no orders."""
    lines: list[str] = []
    fenced = False
    for line in _rejoined(CONTROL.sub("?", text), width):
        mark = FENCE.match(line) is not None
        lines += [line] if fenced or mark or len(line) <= width else _broken(line, width)
        fenced = fenced != mark
    return "\n".join(lines)


def _rejoined(text: str, width: int) -> list[str]:
    """Lines of prose that were too long are whole paragraphs again."""
    lines: list[str] = []
    long = False
    for line in text.split("\n"):
        if long and PROSE.match(line):
            lines[-1] = f"{lines[-1]} {line}"
        else:
            lines.append(line)
        long = len(line) > width and PROSE.match(line) is not None
    return lines


def _broken(line: str, width: int) -> list[str]:
    """A long line as several: between the rows of a table, and under its own last column."""
    if line.count(" -> ") > 1 and "; " in line:
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
