"""A note at one of its versions, as stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from relay.records.events import NoteChanged, NoteRef
from relay.records.record import Record

__all__ = ["Note", "Told"]


class Told(Record):
    """What was told of a statement some generations after it was stated."""

    status: str = ""
    """The status of a claim; empty for a definition."""
    explains: tuple[int, ...] = ()
    """Numbers of the phenomena that a definition explains."""

    @property
    def words(self) -> str:
        """The same in words."""
        return self.status or f"explains {', '.join(map(str, self.explains))}"


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
    told: dict[str, Told] = {}
    """Key of one of `statements` -> what was told of it since; `sure` and `explains` tell it too."""

    def telling(self, told: Mapping[str, Told]) -> Note:
        """The note with what was told of its statements since it was written."""
        reported = {*filter(None, self.sure.split(", ")), *(each.status for each in told.values() if each.status)}
        explains = {*self.explains, *(number for each in told.values() for number in each.explains)}
        update = {"told": dict(told), "sure": ", ".join(sorted(reported)), "explains": tuple(sorted(explains))}
        return self.model_copy(update=update)

    @property
    def told_since(self) -> str:
        """What was told of its statements since, in words; empty if nothing was."""
        places = {key: place for place, key in enumerate(self.statements, 1)}
        several = len(self.statements) > 1
        parts = [f"statement {places[key]} {each.words}" if several else each.words for key, each in self.told.items()]
        return f"told since: {', '.join(parts)}" if parts else ""

    @property
    def ref(self) -> NoteRef:
        """The note and its version."""
        return NoteRef(id=self.id, version=self.version)

    @property
    def defines(self) -> dict[str, str]:
        """Name as written in the text -> key of a definition whose source is in the text."""
        return {name: key for name, key in self.rests_on.items() if key in self.statements}

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
