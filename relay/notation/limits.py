"""The checks of one linear scan before any other work: length, ASCII, brackets.

Nesting of operators is checked while nodes are built (`relay.notation.raw`), numerals when they are read
(`relay.notation.terms`).
"""

from __future__ import annotations

import re

from relay.errors import NotationError
from relay.notation.raw import NESTING

__all__ = ["CHARACTERS", "NUMERAL", "check_limits", "position"]

CHARACTERS = 4_000
"""The most characters of a statement."""
NUMERAL = 1_000_000
"""The largest numeral."""

# A comment is matched as a whole, so that brackets inside it do not count.
_BRACKETS = re.compile(r"[()\[\]]|#[^\n]*")
# Some programs take these for line breaks: a comment could look like lines of its own to them.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)")
_CLOSING = {"(": ")", "[": "]"}
# Characters of typeset mathematics, and how the notation writes them.
_LOOKALIKES = {
    "\u2212": "-", "\u2013": "-", "\u00b7": "*", "\u00d7": "*", "\u22c5": "*", "\u2217": "*",
    "\u2264": "<=", "\u2265": ">=", "\u2260": "!=", "\u2261": "==", "\u2192": "->", "\u21d2": "implies(a, b)",
    "\u2227": "and", "\u2228": "or", "\u00ac": "not", "\u2208": "in", "\u00b2": "** 2", "\u00b3": "** 3",
    "\u2211": "sum(... for i in range(n))", "\u220f": "prod(... for i in range(n))",
    "\u2200": "all(... for x in ...)", "\u2203": "any(... for x in ...)", "\u00a0": "a plain space",
}  # fmt: skip


def position(source: str, offset: int) -> tuple[int, int]:
    """The line and column, both from 1, of the character at `offset`."""
    return source.count("\n", 0, offset) + 1, offset - source.rfind("\n", 0, offset)


def _error(source: str, offset: int, message: str) -> NotationError:
    line, column = position(source, offset)
    return NotationError(message, line=line, column=column)


def check_limits(source: str) -> None:
    """Raise `NotationError` unless `source` is short and ASCII without control characters, and its brackets match and
    nest within the limit."""
    if len(source) > CHARACTERS:
        raise NotationError(
            f"the statement has {len(source)} characters; at most {CHARACTERS} are allowed; move parts of it "
            "into definitions of their own"
        )
    if not source.isascii():
        offset = next(index for index, character in enumerate(source) if not character.isascii())
        character = source[offset]
        mend = f"; write `{_LOOKALIKES[character]}`" if character in _LOOKALIKES else ""
        raise _error(source, offset, f"the notation is ASCII only; found U+{ord(character):04X}{mend}")
    if (found := _CONTROL.search(source)) is not None:
        message = f"found the control character U+{ord(found[0][0]):04X}; write a space or a line break"
        raise _error(source, found.start(), message)
    open_brackets: list[re.Match[str]] = []
    for match in _BRACKETS.finditer(source):
        bracket = match.group()
        if bracket in _CLOSING:
            open_brackets.append(match)
            if len(open_brackets) > NESTING:
                message = f"brackets nest deeper than {NESTING}; move a part into a definition of its own"
                raise _error(source, match.start(), message)
        elif bracket in (")", "]"):
            if not open_brackets:
                message = f"`{bracket}` closes nothing; remove it, or open a bracket before it"
                raise _error(source, match.start(), message)
            opened = open_brackets.pop()
            if _CLOSING[opened.group()] != bracket:
                line, column = position(source, opened.start())
                raise _error(
                    source,
                    match.start(),
                    f"`{bracket}` can't close the `{opened.group()}` of line {line}, column {column}; "
                    f"expected `{_CLOSING[opened.group()]}`",
                )
    if open_brackets:
        opened = open_brackets[-1]
        raise _error(source, opened.start(), f"`{opened.group()}` is never closed; add `{_CLOSING[opened.group()]}`")
