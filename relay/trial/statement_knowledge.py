"""What one tenure knows of statements: the source of its claims, and what it was told of all that it stated or read."""

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
        """Names of its claims -> their source."""
        self.told: dict[str, KnownStatement] = {}
        """Keys of the statements that it stated or could read -> what it was told of them."""

    def state(self, event: Judged) -> None:
        """A well-formed statement of its own was judged."""
        known = self._known(event.key)
        if event.told is not None:
            known.status = event.told
        if event.kind == "claim" and event.name:
            self.claims[event.name] = event.source

    def explain(self, key: str, phenomena: Iterable[int]) -> None:
        """It was told which phenomena a definition explains."""
        self._known(key).explains = tuple(phenomena)

    def read(self, note: Note) -> None:
        """A note was read in full. A status written on a note of several statements is of none in particular."""
        for key in note.statements:
            known = self._known(key)
            if len(note.statements) == 1:
                known.status = known.status or note.sure

    def _known(self, key: str) -> KnownStatement:
        return self.told.setdefault(key, KnownStatement())
