"""Finds: the results of a search that are worth stating."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Find:
    """A statement, with the reason for it in words."""

    source: str
    remark: str
    worth: float = 0.0
    """A score from laws, explained phenomena and length. Only scores of the same search can be compared."""


def name_for(text: str, stem: str = "t") -> str:
    """Return a name without meaning: `stem` and a hash of `text`. Different texts get different names."""
    return f"{stem}_{hashlib.sha256(text.encode()).hexdigest()[:6]}"
