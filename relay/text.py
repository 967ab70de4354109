"""Small pieces of text for people: quantities such as `1 turn` and `8 turns`, durations, spans of numbers, excerpts,
and text that is safe to print."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

__all__ = ["about", "duration", "excerpt", "printable", "printable_json", "quantity", "rounded", "spans"]


def quantity(number: float, noun: str, form: str = "") -> str:
    """The number and the noun as text. The noun gets an s unless the number is 1. `form` is a format specifier for the
    number, such as `,`."""
    return f"{number:{form}} {noun}{'s' * (number != 1)}"


def duration(seconds: float) -> str:
    """A duration as text, in its two largest units: `0.4 s`, `12 s`, `3 min 12 s`, `2 h 5 min`."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours:,} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def rounded(number: int) -> str:
    """A number as short text: `9,999`, `41k`, `1.2M`."""
    if number < 10_000:
        return f"{number:,}"
    return f"{number / 1_000:.0f}k" if number < 999_500 else f"{number / 1_000_000:.1f}M"


def about(number: int) -> str:
    """A number as text that tells its first digit only: `7`, `more than 60`, `more than 5,000`."""
    if number < 10:
        return str(number)
    unit: int = 10 ** (len(str(number)) - 1)
    return f"more than {(number - 1) // unit * unit or unit - 1:,}"


def spans(numbers: Iterable[int], most: int = 12) -> str:
    """Ascending numbers as text, with those that follow each other joined: `1, 4 to 7`. At most `most` spans are named;
    the other numbers are counted."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    named = ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs[:most])
    others = sum(map(len, runs[most:]))
    return f"{named} and {others} more" if others else named


_HALF = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_REST = re.compile(r"[A-Za-z0-9_]")


def excerpt(text: str, length: int) -> str:
    """The first `length` characters of a text. A word that would be cut is replaced by dots, because code that renames
    words could not recognise a part of one."""
    start = text[:length]
    if _REST.match(text, length):
        start = _HALF.sub(lambda half: "." * len(half[0]), start)
    return start


_UNSEEN = re.compile(
    "["
    r"\x00-\x08\x0b-\x1f\x7f-\x9f"  # controls (C0 and C1), which a terminal takes as commands
    r"\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164"
    r"\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    r"\ud800-\udfff"  # halves of characters, which no encoding can write
    "]"
)
"""Characters that a terminal could take as commands, and those that hide or reorder text ("Trojan Source",
Boucher and Anderson, 2021); but no ends of lines and no tabs."""


def printable(text: str) -> str:
    """The text with unseen characters spelt as escapes such as `\\x1b`, so that it sends no commands to a terminal."""
    return _UNSEEN.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def printable_json(text: str) -> str:
    """JSON text with unseen characters spelt as JSON escapes such as `\\u001b`. It says the same as before."""
    return _UNSEEN.sub(lambda found: json.dumps(found[0])[1:-1], text)
