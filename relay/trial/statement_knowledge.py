"""What one tenure knows of statements: the source of its claims, and the reported statuses."""

from __future__ import annotations

from collections.abc import Iterable

from relay.records.events import Judged
from relay.schemes.notes.linking import KnownStatement
from relay.schemes.notes.note import Note

__all__ = ["StatementKnowledge"]


class StatementKnowledge:
    """Statements by key, and claims by name."""

    def __init__(self) -> None:
        self.claims: dict[str, str] = {}
        """Name of a claim of this tenure -> its source."""
        self.told: dict[str, KnownStatement] = {}
        """Key of a statement that the tenure stated or could read -> what was reported about it."""

    def state(self, event: Judged) -> None:
        """Add a well-formed statement that the tenure stated."""
        known = self._known(event.key)
        if event.told is not None:
            known.status = event.told
        if event.kind == "claim" and event.name:
            self.claims[event.name] = event.source

    def explain(self, key: str, phenomena: Iterable[int]) -> None:
        """Add the reported numbers of the phenomena that a definition explains."""
        self._known(key).explains = tuple(phenomena)

    def read(self, note: Note) -> None:
        """Add the statements of a note that the tenure read in full. The status that the note reports (`sure`) is taken
        over only if the note has exactly one statement."""
        for key in note.statements:
            known = self._known(key)
            if len(note.statements) == 1:
                known.status = known.status or note.sure
            if (told := note.told.get(key)) is not None:
                known.status = known.status or told.status
                known.explains = known.explains or told.explains

    def _known(self, key: str) -> KnownStatement:
        return self.told.setdefault(key, KnownStatement())
