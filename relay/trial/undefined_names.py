"""Names that an answer failed to define: its later actions that need them are skipped, free of charge."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from relay.errors import NotationError
from relay.notation import Scope, read_match, read_term
from relay.notation.statement_reader import StatementReader
from relay.records.events import Acted
from relay.researcher.actions import Action, Evaluate, Match, Role, State, note_action

__all__ = ["UndefinedNames"]

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_STATEMENT = re.compile(r"\s*(define|claim)\b")
_DEFINED = re.compile(r"\s*define\s+([A-Za-z_][A-Za-z0-9_]*)")


class UndefinedNames:
    """The names that one answer failed to define so far."""

    def __init__(self, reader: StatementReader, statement_size: int) -> None:
        self._reader, self._most = reader, statement_size
        self._names: set[str] = set()

    def __bool__(self) -> bool:
        return bool(self._names)

    def needed_by(self, action: Action, scope: Scope) -> str:
        """The first of these names that an action needs; empty if it needs none. `scope`: what the researcher can
        call in a term."""
        for text in _texts(action):
            own = _defined(text)
            named = [word for word in _WORD.findall(text) if word in self._names and word != own]
            if named and not self._reads(action, text, scope):
                return str(named[0])
        return ""

    def follow(self, event: Acted) -> None:
        """Take note of what became of an action."""
        if event.action["action"] == "state" and (name := _defined(str(event.action.get("source")))):
            (self._names.discard if event.ok else self._names.add)(name)

    def _reads(self, action: Action, text: str, scope: Scope) -> bool:
        """Whether `text` can be read without these names: it may use them for a variable. A name may still have an
        older meaning, which the author did not intend."""
        known = {name: known for name, known in scope.definitions.items() if name not in self._names}
        older = any(word in self._names and word in scope.definitions for word in _WORD.findall(text))
        scope = replace(scope, definitions=known)
        try:
            if isinstance(action, State):
                self._reader.read(text, replace(scope, seen=None), self._most)
            elif isinstance(action, Evaluate):
                read_term(text, scope, statement_size=self._most)
            elif isinstance(action, Match):
                read_match(text, scope, self._most)
            else:  # a note scheme tells itself which of several names it does not know
                return text.strip() not in self._names and not _STATEMENT.match(text) and not older
        except NotationError:
            return False
        return True


def _defined(text: str) -> str:
    """The name that a definition gives; empty if `text` is none."""
    found = _DEFINED.match(text)
    return str(found[1]) if found else ""


def _texts(action: Action) -> Iterator[str]:
    """The parts of an action that are statements or terms."""
    match action:
        case State():
            yield action.source
        case Evaluate() | Match():
            yield action.term
        case _:
            for field in note_action(type(action)).fields:
                if field.role is Role.STATEMENT:
                    yield str(getattr(action, field.name))
