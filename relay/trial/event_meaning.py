"""What logged events mean to the folds over them."""

from __future__ import annotations

from collections.abc import Mapping

from relay.errors import UsageError
from relay.notation.statement_reader import StatementReader
from relay.notation.syntax import Definition
from relay.records.events import TOO_LONG, Answered, Fault, Judged


def definition_of(event: Judged, reader: StatementReader, definitions: Mapping[str, Definition]) -> Definition:
    """The definition that `event` speaks of. `definitions` maps keys to definitions, and must have those that it calls.

    Raises `UsageError` if the definition no longer has the logged key.
    """
    called = {name: definitions[key] for name, key in event.rests_on.items() if key in definitions}
    statement = reader.reread(event.source, called)
    if not isinstance(statement, Definition) or statement.key != event.key:
        raise UsageError(
            f"the log's definition `{event.name}` no longer has the logged key {event.key}; "
            "use the version of relay that wrote the log"
        )
    return statement


def lost_turn(fault: Fault) -> str:
    """The reply to a researcher about a lost turn."""
    return f"The turn is lost: {fault.message}"


def seen_answer(answered: Answered) -> str:
    """An answer as later prompts show it. An answer beyond its allowance is empty there: it would fill every later
    prompt."""
    return "" if answered.finish_reason == TOO_LONG else answered.text
