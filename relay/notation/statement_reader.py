"""Reading statements that come up again.

A trial meets a statement when it is stated, when a note that has it is written, and when its event is folded into the
state of the tenure and that of the trial.
"""

from __future__ import annotations

from collections.abc import Mapping

from relay.notation.elaborate import read_statement
from relay.notation.scope import Scope
from relay.notation.syntax import Definition, Statement
from relay.records.task import Given

__all__ = ["StatementReader"]

REMEMBERED = 1_024
"""The most statements that are remembered. A generation states a few dozen, and a store holds a few hundred."""


class StatementReader:
    """Reads statements over what one task gives, and remembers those that it read last."""

    def __init__(self, given: Given, remembered: int = REMEMBERED) -> None:
        self.given = given
        self._most = remembered
        self._kept: dict[str, Statement] = {}
        """Source -> the statement that it was last read as. The source that was met last comes last."""

    def read(self, source: str, scope: Scope, statement_size: int | None = None) -> Statement:
        """Read a statement in the scope of its author, and remember it. Raises `NotationError`."""
        statement = read_statement(source, scope, statement_size)
        self._remember(statement)
        return statement

    def reread(self, source: str, called: Mapping[str, Definition]) -> Statement:
        """The statement with this source. It is read anew only if it is not remembered, or if a name that it calls had
        another meaning. `called` holds what each name means that the statement calls; it may hold the statement's own
        name too. Raises `NotationError`."""
        kept = self._kept.get(source.strip())
        if kept is None or not _means(kept, called):
            return self.read(source, Scope(self.given, called))
        self._remember(kept)
        return kept

    def _remember(self, statement: Statement) -> None:
        self._kept.pop(statement.source, None)
        self._kept[statement.source] = statement
        if len(self._kept) > self._most:
            del self._kept[next(iter(self._kept))]


def _means(statement: Statement, called: Mapping[str, Definition]) -> bool:
    """Whether reading the text of `statement` with the meanings `called` would give the same statement. Its text and
    the keys of what it calls decide that. A meaning of its own name makes no difference, unless it calls that name."""
    keys = {name: definition.key for name, definition in called.items()}
    rests_on = dict(statement.rests_on)
    if statement.name is not None and statement.name not in rests_on:
        keys.pop(statement.name, None)
    return keys == rests_on
