"""Replies to a researcher's actions. They do not depend on credit or on other tenures."""

from __future__ import annotations

from relay.notation import print_type
from relay.notation.syntax import Definition
from relay.records.events import Acted
from relay.records.reply_data import ReplyData
from relay.researcher.actions import Action

__all__ = ["NOTHING_LEFT", "WITHHELD", "acted", "of_definition"]

NOTHING_LEFT = "Nothing was done: no evaluations are left."
WITHHELD = "The claim is well formed and has been noted; its status is not told."


def acted(action: Action, ok: bool, reply: str, data: ReplyData | None = None, evaluations: int = 0) -> Acted:
    """The event of an action with its reply. `data` says the same as the reply, for programs."""
    return Acted(action=action.model_dump(mode="json"), ok=ok, reply=reply, data=data, evaluations=evaluations)


def of_definition(definition: Definition) -> str:
    """The reply to an accepted definition: its signature."""
    parameters = ", ".join(f"{parameter.name}: {print_type(parameter.type)}" for parameter in definition.parameters)
    return f"defined: {definition.name}({parameters}) -> {print_type(definition.result)}."
