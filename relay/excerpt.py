"""The beginning of a text, where all of it is too long to be shown."""

from __future__ import annotations

import re

__all__ = ["excerpt"]

_HALF = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_REST = re.compile(r"[A-Za-z0-9_]")


def excerpt(text: str, length: int) -> str:
    """The first characters of a text. A word that would be cut in two becomes dots: half of a word can't be known for
    what it is by whoever renames words."""
    start = text[:length]
    if _REST.match(text, length):
        start = _HALF.sub(lambda half: "." * len(half[0]), start)
    return start
