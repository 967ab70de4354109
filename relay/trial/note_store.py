"""The note store of a trial: the notes that stand, and the definitions that they are linked to.

A definition is kept for good, with what it rests on, as soon as a note or a handed-on message is linked to it. What
nothing is linked to when its generation ends is forgotten, so the store grows with its notes and not with the log.
"""

from __future__ import annotations

from collections.abc import Iterable

from relay.notation.statement_reader import StatementReader
from relay.notation.syntax import Definition
from relay.records.events import Credited, Judged, NoteChanged
from relay.schemes.notes.note import Note
from relay.trial.event_meaning import definition_of

__all__ = ["NoteStore"]


class NoteStore:
    """Notes, with what their statements mean and what these are forms of."""

    def __init__(self, reader: StatementReader) -> None:
        self._reader = reader
        self.notes: dict[str, Note] = {}
        """Id -> note, in the order in which notes came into the store."""
        self.definitions: dict[str, Definition] = {}
        """Key -> definition that notes or messages were linked to, or that one of these rests on; each after those that
        it calls."""
        self.credits: dict[str, frozenset[str]] = {}
        """Key of one of these definitions -> concepts that it is a form of."""
        self._judged: dict[str, Judged] = {}
        """Key -> the first definition of this generation that has it."""
        self._credited: dict[str, set[str]] = {}
        """Key -> concepts that it was credited with in this generation."""

    def define(self, event: Judged) -> None:
        """A definition was accepted; a note may be linked to it until the generation ends."""
        self._judged.setdefault(event.key, event)

    def credit(self, event: Credited) -> None:
        """A definition was recognised as a form of a concept."""
        self._credited.setdefault(event.key, set()).add(event.concept)

    def change(self, change: NoteChanged) -> None:
        """A note is written, edited or struck out."""
        if change.text:
            self.notes[change.id] = Note.of(change)
            self.adopt([*change.statements, *change.rests_on.values()])
        elif not change.conflict:
            self.notes.pop(change.id, None)

    def adopt(self, keys: Iterable[str]) -> None:
        """Keep definitions of this generation for good, with what they rest on."""
        for key, event in self._missing(keys).items():
            self.definitions[key] = definition_of(event, self._reader, self.definitions)
            self.credits[key] = frozenset(self._credited.get(key, ()))

    def end_generation(self) -> None:
        """Forget the definitions that nothing is linked to."""
        self._judged = {}
        self._credited = {}

    def _missing(self, keys: Iterable[str]) -> dict[str, Judged]:
        """What of `keys` and all that it rests on is not kept yet, each after those that it calls."""
        found: dict[str, Judged] = {}
        for start in keys:
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
