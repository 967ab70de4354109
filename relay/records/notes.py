"""The notes of a trial as a fold over its note events: the one rule by which a change applies."""

from __future__ import annotations

from typing import TypeVar

from relay.records.events import NoteChanged

__all__ = ["apply_change", "defined_keys"]

Stored = TypeVar("Stored")


def apply_change(notes: dict[str, Stored], change: NoteChanged, note: Stored) -> None:
    """Apply a change to `notes`, which maps ids to notes in the order in which they came. `note` is what is stored of
    the changed note. A change to an empty text strikes the note out, unless it is a conflict: then it has no effect."""
    if change.text:
        notes[change.id] = note
    elif not change.conflict:
        notes.pop(change.id, None)


def defined_keys(change: NoteChanged) -> frozenset[str]:
    """Keys of the definitions whose source is in the text of a changed note."""
    return frozenset(change.rests_on.values()) & frozenset(change.statements)
