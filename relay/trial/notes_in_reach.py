"""The notes that one tenure was shown, may open, or wrote."""

from __future__ import annotations

from relay.records.events import NoteChanged
from relay.schemes.notes.note import Note
from relay.trial.opening import Opening

__all__ = ["NotesInReach"]


class NotesInReach:
    """Notes as one tenure has them: those of the store as it stood when its generation began, and its own changes."""

    def __init__(self, opening: Opening) -> None:
        self.notes: dict[str, Note] = dict(opening.notes)
        """Id -> note."""
        self.read: set[str] = set()
        """Ids of those that it has read in full, or wrote."""
        self.changes: list[NoteChanged] = []
        """What it did to them, in order; applied to the store when the generation ends."""

    def take_in(self, id: str) -> Note:
        """A note is read in full; `KeyError` where there is none of that id."""
        note = self.notes[id]
        self.read.add(id)
        return note

    def change(self, event: NoteChanged) -> None:
        """A note is written, edited or struck out."""
        self.changes.append(event)
        self.notes.pop(event.id, None)
        if event.text:
            self.notes[event.id] = Note.of(event)
            self.read.add(event.id)

    @property
    def written(self) -> int:
        """How many notes of its own it has written."""
        return sum(change.version == 1 for change in self.changes)
