"""The notes that one tenure was shown, may open, or wrote."""

from __future__ import annotations

from relay.records.events import NoteChanged
from relay.schemes.notes.note import Note
from relay.trial.opening import Opening

__all__ = ["NotesInReach"]


class NotesInReach:
    """The notes that the tenure was shown or may open, as they were at the start of the generation. Only the tenure's
    own changes are applied to them."""

    def __init__(self, opening: Opening) -> None:
        self.notes: dict[str, Note] = dict(opening.notes)
        """Id -> note, in the order in which they came into the store."""
        self.room = opening.room
        """Most tokens of the notes that the tenure was shown."""
        self.tenure = opening.tenure
        """The tenure's place in its generation, from 1."""
        self.read: set[str] = set()
        """Ids of the notes that the tenure read in full or wrote."""
        self.changes: list[NoteChanged] = []
        """The tenure's changes, in order. They are applied to the store when the generation ends."""

    def take_in(self, id: str) -> Note:
        """Mark a note as read in full and return it. Raises `KeyError` if there is no note with this id."""
        note = self.notes[id]
        self.read.add(id)
        return note

    def change(self, event: NoteChanged) -> None:
        """Apply the tenure's own change of a note."""
        self.changes.append(event)
        # a change without text strikes the note out
        self.notes.pop(event.id, None)
        if event.text:
            self.notes[event.id] = Note.of(event)
            self.read.add(event.id)

    @property
    def written(self) -> int:
        """Number of notes that the tenure created."""
        return sum(change.version == 1 for change in self.changes)
