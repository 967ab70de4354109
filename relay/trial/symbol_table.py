"""The definitions that one tenure can read and call, and the names that it has for them."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping

from relay.notation import Scope
from relay.notation.dependencies import grounded
from relay.notation.statement_reader import StatementReader
from relay.notation.syntax import Definition
from relay.records.events import Judged, NoteOpened
from relay.trial.event_meaning import definition_of
from relay.trial.opening import Opening

__all__ = ["SymbolTable"]


class SymbolTable:
    """Names and what they mean. It begins with what the opening shows and grows with what is defined and opened."""

    def __init__(self, opening: Opening, reader: StatementReader) -> None:
        self._reader = reader
        self._inherited = opening.definitions
        self._own: dict[str, Definition] = {}
        """Key -> definition that this tenure made."""
        self.definitions: Mapping[str, Definition] = ChainMap(self._own, dict(opening.definitions))
        """Everything that its names can mean."""
        self.names = dict(opening.names)
        """Names that have a meaning for it -> keys."""
        self.labels = dict(opening.labels)
        """The same with names that it has only seen called: nothing that it opens may mean something else by them."""
        self._read = set(opening.names.values())
        self.readable = grounded(self._read, opening.definitions)
        """Keys of the definitions that it may call because it can read them."""

    def define(self, event: Judged) -> None:
        """A definition of its own was accepted."""
        if event.key not in self._own:
            self._own[event.key] = definition_of(event, self._reader, self.definitions)
        self.names[event.name] = self.labels[event.name] = event.key

    def read(self, event: NoteOpened) -> None:
        """A note was opened: what it defines can be called where all that it rests on can be read too."""
        self.names.update(event.names)
        self.labels |= event.called | event.names
        self._read.update(event.names.values())
        self.readable = grounded(self._read, self._inherited)

    @property
    def scope(self) -> Scope:
        """What its statements may call."""
        callable_names = {
            name: self.definitions[key]
            for name, key in sorted(self.names.items())
            if key in self._own or key in self.readable
        }
        return Scope(self._reader.given, callable_names)

    def linkable(self) -> dict[str, str]:
        """Names that a statement in a note may use -> keys: those that it can call, and those that it only reads."""
        return {name: key for name, key in self.names.items() if key in self.definitions}
