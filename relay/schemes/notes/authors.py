"""Who wrote a note, when, and how sure of it: what every reader is told of a note."""

from __future__ import annotations

import re

from relay.schemes.notes.note import Note
from relay.schemes.notes.scheme import Linked

__all__ = ["LONG_AUTHOR", "heading", "told_of"]

LONG_AUTHOR = "g1000-t100"
"""Stands for an author whose name is not known yet, where a note is counted before it is written."""

_AUTHOR = re.compile(r"g(\d+)-t(\d+)")


def heading(note: Note, noun: str, title: str = "", *, told: str = "") -> str:
    """The line above a note: its id and title, who wrote it, how sure of it the author was, what was `told` of it, and
    what was told of it since it was written."""
    author = _AUTHOR.fullmatch(note.author)
    by = (
        f"by researcher {author[2]} of generation {author[1]}" if author else f"by {note.author}" if note.author else ""
    )
    sure = note.data.get("sure", "")
    words = "; ".join(filter(None, (by, f"{sure}" if isinstance(sure, str) else "", told, note.told_since)))
    return " ".join(filter(None, (noun, f"[{note.id}]", title, f"({words})" if words else "")))


def told_of(linked: Linked) -> str:
    """What was reported of the statements in a text, each status once."""
    return ", ".join(sorted({told for told in linked.told if told}))
