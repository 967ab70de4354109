"""The definitions that one tenure can read and call, and its names for them."""

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
    """Names and their definitions. The table starts with the opening and grows by what the tenure defines and opens."""

    def __init__(self, opening: Opening, reader: StatementReader) -> None:
        self._reader = reader
        self._own: dict[str, Definition] = {}
        """Key -> definition of this tenure's own."""
        self.definitions: Mapping[str, Definition] = ChainMap(self._own, dict(opening.definitions))
        """Key -> definition, for everything that the tenure's names can mean."""
        self.names = dict(opening.names)
        """Name that the tenure may use in notes or statements -> key."""
        self.labels = dict(opening.labels)
        """The entries of `names`, and also those of names that the tenure only saw called. A note opened later must not
        use any of these names for anything else."""
        self._read = set(opening.names.values())
        self.readable = grounded(self._read, opening.definitions)
        """Keys of inherited definitions that the tenure may call, because it can read them, and can read or has defined
        everything they rest on."""

    def define(self, event: Judged) -> None:
        """Add an accepted definition of this tenure."""
        if event.key not in self._own:
            self._own[event.key] = definition_of(event, self._reader, self.definitions)
            if len(self.readable) < len(self._read):  # what it read may rest on this
                self._ground()
        self.names[event.name] = self.labels[event.name] = event.key

    def read(self, event: NoteOpened) -> None:
        """Add an opened note. Its definitions can be called if everything that they rest on can be read too."""
        self.names.update(event.names)
        self.labels |= event.called | event.names
        self._read.update(event.names.values())
        self._ground()

    def _ground(self) -> None:
        self.readable = grounded({*self._read, *self._own}, self.definitions) & self._read

    @property
    def scope(self) -> Scope:
        """The names that this tenure's statements may call."""
        callable_names = {
            name: self.definitions[key]
            for name, key in sorted(self.names.items())
            if key in self._own or key in self.readable
        }
        return Scope(self._reader.given, callable_names)

    def linkable(self) -> dict[str, str]:
        """Name that a statement in a note may use -> key, whether the tenure can call it or only read it."""
        return {name: key for name, key in self.names.items() if key in self.definitions}
