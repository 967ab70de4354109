"""The spelling of a condition's components in titles and tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from relay.errors import UsageError
from relay.records.spec import read_spec
from relay.text import printable


def spelling(component: Any) -> str:
    """Spell a component of `condition.yaml` as on the command line: `ledger` or `ledger(cap=2000)`.

    A model becomes `provider/name`, and hashes are shortened. `component` may be a spelling, `{name, parameters}`, or
    `{NAME: parameters}`. Anything else is converted with `str`, since a title must not make a trial unreadable.
    """
    try:
        return read_spec(component).briefly()
    except UsageError:
        return str(component)


def titles(condition: Mapping[str, Any]) -> tuple[str, str]:
    """Return two lines for the top of a view or figure: the task, and the rest of the condition with its seed."""
    task = spelling(condition.get("task", "?"))
    parts = [f"{key} {spelling(condition[key])}" for key in ("notes", "memory", "truth", "agent") if key in condition]
    return printable(task), printable(" · ".join([*parts, *controls(condition), f"seed {condition.get('seed', '?')}"]))


def controls(condition: Mapping[str, Any]) -> list[str]:
    """Return what makes a trial a control, and who its researchers are, in words, in order; empty if nothing does."""
    found = [f"hand-over {spelling(step)}" for step in condition.get("handover") or ()]
    found += [f"intervention {spelling(each)}" for each in condition.get("interventions") or ()]
    personas = ", ".join(str(name).removeprefix("files/") for name in condition.get("personas") or ())
    return found + ([f"personas {personas}"] if personas else [])
