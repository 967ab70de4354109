"""A note at one of its versions, as stored."""

from __future__ import annotations

from typing import Any

from relay.records.events import NoteChanged, NoteRef
from relay.records.record import Record, later

__all__ = ["Note"]


class Note(Record):
    """A note after one `note_changed` event."""

    id: str
    version: int
    author: str
    generation: int = 0
    """Of the change; 0 if the note comes from none."""
    text: str
    rests_on: dict[str, str] = {}
    """Name as written in the text -> key of the definition that it means: names that it defines and names that it
    calls."""
    statements: tuple[str, ...] = ()
    """Keys of the statements whose source is in the text, in order."""
    sure: str = ""
    explains: tuple[int, ...] = ()
    """Numbers of the phenomena that its statements explain, as reported to an author."""
    data: dict[str, Any] = {}
    foreign: bool = later(False)
    """Whether it is of another trial. A scheme lays it out like any note, and nothing in it can be called, edited or
    struck."""

    @property
    def ref(self) -> NoteRef:
        """The note and its version."""
        return NoteRef(id=self.id, version=self.version)

    @property
    def defines(self) -> dict[str, str]:
        """Name as written in the text -> key of a definition whose source is in the text."""
        return {name: key for name, key in self.links.items() if key in self.statements}

    @property
    def links(self) -> dict[str, str]:
        """Name as written in the text -> key of the definition that a reader could call by it; none in a note of
        another trial."""
        return {} if self.foreign else self.rests_on

    @classmethod
    def of(cls, change: NoteChanged) -> Note:
        """The note after a change."""
        return cls(
            id=change.id,
            version=change.version,
            author=change.author,
            generation=change.generation,
            text=change.text,
            rests_on=change.rests_on,
            statements=change.statements,
            sure=change.sure,
            explains=change.explains,
            data=change.data,
        )
