"""What a search found worth stating."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Find:
    """A statement, and in words why it is stated."""

    source: str
    remark: str
    worth: float = 0.0
    """Laws kept, phenomena explained, length saved: comparable within one search."""


def name_for(text: str, stem: str = "t") -> str:
    """A name without meaning that two different texts hardly share."""
    return f"{stem}_{hashlib.sha256(text.encode()).hexdigest()[:6]}"
