"""A note at one of its versions, as the store holds it."""

from __future__ import annotations

from typing import Any

from relay.records.events import NoteChanged, NoteRef
from relay.records.record import Record

__all__ = ["Note"]


class Note(Record):
    """What one `note_changed` event left standing."""

    id: str
    version: int
    author: str
    text: str
    rests_on: dict[str, str] = {}
    """Names as spelt in the text -> keys of the definitions that they mean: those it defines and those it calls."""
    statements: tuple[str, ...] = ()
    """Keys of the statements whose source stands in the text, in order."""
    sure: str = ""
    data: dict[str, Any] = {}

    @property
    def ref(self) -> NoteRef:
        """The note and its version."""
        return NoteRef(id=self.id, version=self.version)

    @property
    def defines(self) -> dict[str, str]:
        """Names as spelt in the text -> keys of the definitions whose source stands in it."""
        return {name: key for name, key in self.rests_on.items() if key in self.statements}

    @classmethod
    def of(cls, change: NoteChanged) -> Note:
        """The note that a change leaves."""
        return cls(
            id=change.id,
            version=change.version,
            author=change.author,
            text=change.text,
            rests_on=change.rests_on,
            statements=change.statements,
            sure=change.sure,
            data=change.data,
        )
