"""What a researcher is told of what it did. Nothing here depends on credit or on other tenures."""

from __future__ import annotations

from typing import Any

from relay.checker.verdict import Verdict
from relay.notation import print_type
from relay.notation.syntax import Definition
from relay.records.events import Acted
from relay.researcher.actions import Action

__all__ = ["NOTHING_LEFT", "WITHHELD", "acted", "of_definition", "of_verdict"]

NOTHING_LEFT = "Nothing was done: no evaluations are left."
WITHHELD = "The claim is well formed and has been noted; its status is not told."


def acted(action: Action, ok: bool, reply: str, evaluations: int = 0, **data: Any) -> Acted:
    """The event of an action with its reply; `data` is the same for programs."""
    return Acted(action=action.model_dump(mode="json"), ok=ok, reply=reply, data=data, evaluations=evaluations)


def of_verdict(verdict: Verdict) -> str:
    """A status with its reason, and a counterexample where there is one."""
    status = verdict.status.value
    words = verdict.message if verdict.message.startswith(status) else f"{status}: {verdict.message}"
    if verdict.counterexample and verdict.counterexample not in verdict.message:
        words += f" {verdict.counterexample}"
    return words


def of_definition(definition: Definition) -> str:
    """That a definition was accepted, and its signature."""
    parameters = ", ".join(f"{parameter.name}: {print_type(parameter.type)}" for parameter in definition.parameters)
    return f"defined: {definition.name}({parameters}) -> {print_type(definition.result)}."
