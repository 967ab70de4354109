"""How many of something, in words: `1 turn`, `8 turns`."""

from __future__ import annotations

import re

__all__ = ["excerpt", "quantity"]


def quantity(number: float, noun: str, form: str = "") -> str:
    """A number with its noun, which takes an s beside any number but 1; `form` is a format of the number, as `,`."""
    return f"{number:{form}} {noun}{'s' * (number != 1)}"


_HALF = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_REST = re.compile(r"[A-Za-z0-9_]")


def excerpt(text: str, length: int) -> str:
    """The first characters of a text. A word that would be cut in two becomes dots: half of a word can't be known for
    what it is by whoever renames words."""
    start = text[:length]
    if _REST.match(text, length):
        start = _HALF.sub(lambda half: "." * len(half[0]), start)
    return start
