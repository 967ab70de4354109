"""What logged events mean to the folds over them."""

from __future__ import annotations

from collections.abc import Mapping

from relay.errors import UsageError
from relay.notation.statement_reader import StatementReader
from relay.notation.syntax import Definition
from relay.records.events import SUMMARY, Acted, Answered, AnyEvent, Cut, Fault, Judged
from relay.records.intervened import Intervened
from relay.researcher.observation import Reply
from relay.researcher.prompting import SUMMARISED, WAS_CUT, WAS_CUT_OFF


def definition_of(
    event: Judged | Intervened, reader: StatementReader, definitions: Mapping[str, Definition]
) -> Definition:
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


def told(event: AnyEvent) -> Reply | None:
    """What a researcher reads because of `event`, among the replies to its answer; None if it reads nothing."""
    match event:
        case Acted():
            name = str(event.action["action"])
            return Reply(action=name, ok=event.ok, text=event.reply, data=event.data, needs=event.needs)
        case Fault(side="model"):
            return Reply(action="", ok=False, text=f"The turn is lost: {event.message}")
        case Answered() if event.purpose == SUMMARY and not event.fault:
            return Reply(action="", ok=True, text=SUMMARISED)
        case Cut():
            words = WAS_CUT if event.about else WAS_CUT_OFF
            return Reply(action="", ok=False, text=words.format(whole=event.whole, about=event.about))
        case _:
            return None
