"""`none`: nothing is passed on."""

from __future__ import annotations

from relay.notes.scheme import Layout, Notes, NoteScheme
from relay.tokens import Counter

__all__ = ["Silence"]


class Silence(NoteScheme):
    """No notes: each tenure starts from the brief alone."""

    def instructions(self) -> str:
        """That nothing can be written."""
        return "There are no notes: nothing that you find reaches whoever comes after you."

    def show(self, notes: Notes, room: int, count: Counter) -> Layout:
        """Nothing."""
        return Layout()
