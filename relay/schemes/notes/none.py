"""`none`: no notes are passed on."""

from __future__ import annotations

from relay.researcher.tokens import Counter
from relay.schemes.notes.scheme import Layout, Notes, NoteScheme

__all__ = ["NoNotes"]


class NoNotes(NoteScheme):
    """No notes: each tenure starts from the brief alone."""

    def instructions(self) -> str:
        """A sentence that says that there are no notes to read or write. It says nothing of what the memory scheme
        passes on."""
        return "There are no notes: none were left for you, and you can leave none behind."

    def show(self, notes: Notes, room: int, count: Counter) -> Layout:
        """An empty layout."""
        return Layout()
