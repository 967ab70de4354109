"""Small pieces of text for people: quantities such as `1 turn` and `8 turns`, and excerpts."""

from __future__ import annotations

import re

__all__ = ["excerpt", "quantity"]


def quantity(number: float, noun: str, form: str = "") -> str:
    """The number and the noun as text. The noun gets an s unless the number is 1. `form` is a format specifier for the
    number, such as `,`."""
    return f"{number:{form}} {noun}{'s' * (number != 1)}"


_HALF = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_REST = re.compile(r"[A-Za-z0-9_]")


def excerpt(text: str, length: int) -> str:
    """The first `length` characters of a text. A word that would be cut is replaced by dots, because code that renames
    words could not recognise a part of one."""
    start = text[:length]
    if _REST.match(text, length):
        start = _HALF.sub(lambda half: "." * len(half[0]), start)
    return start
