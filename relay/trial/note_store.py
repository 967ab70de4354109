"""The note store of a trial: the notes, and the definitions that they are linked to.

When a note or a handed-on message links to a definition, the definition is kept for good with everything that it rests
on. Other definitions are dropped when their generation ends. So the store grows with its notes and not with the log.
"""

from __future__ import annotations

from collections.abc import Iterable

from relay.notation.statement_reader import StatementReader
from relay.notation.syntax import Definition
from relay.records.events import Judged, NoteChanged
from relay.records.intervened import Intervened
from relay.records.notes import apply_change
from relay.records.status_told import StatusTold
from relay.schemes.notes.note import Note, Told
from relay.trial.event_meaning import definition_of

__all__ = ["NoteStore"]


class NoteStore:
    """The notes, and the definitions of their statements."""

    def __init__(self, reader: StatementReader) -> None:
        self._reader = reader
        self.notes: dict[str, Note] = {}
        """Id -> note, in the order in which notes came into the store."""
        self.definitions: dict[str, Definition] = {}
        """Key -> definition that a note, a message or another definition here is linked to. Each definition stands
        after those that it calls."""
        self._told: dict[str, Told] = {}
        """Key of a statement -> what was told of it by an event."""
        self._holders: dict[str, set[str]] = {}
        """Key of a statement -> ids of notes that hold it, or did."""
        self._judged: dict[str, Judged | Intervened] = {}
        """Key -> the first event of this generation that states a definition with that key."""

    def define(self, event: Judged | Intervened) -> None:
        """Remember an accepted definition until the generation ends: a note may be linked to it."""
        self._judged.setdefault(event.key, event)

    def change(self, change: NoteChanged) -> None:
        """Apply a change of a note: written, edited or struck out."""
        apply_change(self.notes, change, self._telling(Note.of(change)))
        for key in change.statements:
            self._holders.setdefault(key, set()).add(change.id)
        if change.text:
            self.adopt([*change.statements, *change.rests_on.values()])

    def tell(self, event: StatusTold) -> None:
        """From now on every note that holds a statement tells what the event tells of it."""
        self._told[event.key] = Told(status=event.status, explains=event.explains)
        for id in sorted(self._holders.get(event.key, ())):
            if id in self.notes:
                self.notes[id] = self._telling(self.notes[id])

    def _telling(self, note: Note) -> Note:
        told = {key: self._told[key] for key in note.statements if key in self._told}
        return note.telling(told) if told else note

    def adopt(self, keys: Iterable[str]) -> None:
        """Keep definitions of this generation for good, with everything that they rest on."""
        for key, event in self._missing(keys).items():
            self.definitions[key] = definition_of(event, self._reader, self.definitions)

    def end_generation(self) -> None:
        """Drop the definitions of this generation that nothing is linked to."""
        self._judged = {}

    def _missing(self, keys: Iterable[str]) -> dict[str, Judged | Intervened]:
        """Key -> the event that states it, for those definitions of `keys`, and of everything that these rest on, that
        are not in `definitions` yet. Each definition stands after those that it calls."""
        found: dict[str, Judged | Intervened] = {}
        for start in keys:
            # Depth-first with an explicit stack: chains of definitions may be longer than Python's limit of
            # recursion. A key is pushed twice: first to expand its callees, then to be added after them.
            stack = [(start, False)]
            while stack:
                key, expanded = stack.pop()
                event = self._judged.get(key)
                if event is None or key in self.definitions or key in found:
                    continue
                if expanded:
                    found[key] = event
                else:
                    stack.append((key, True))
                    stack += [(below, False) for below in event.rests_on.values()]
        return found
