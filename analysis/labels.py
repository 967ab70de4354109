"""Words for a condition: how its components are spelt in titles and tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from relay.errors import UsageError
from relay.records.spec import read_spec


def spelling(component: Any) -> str:
    """A component of `condition.yaml` as the command line spells it: `ledger` or `ledger(cap=2000)`, a model as
    `provider/name`, hashes shortened.

    Takes the shapes that a condition may hold: a spelling, `{name, parameters}`, or `{NAME: parameters}`.
    """
    try:
        return read_spec(component).briefly()
    except UsageError:
        return str(component)


def titles(condition: Mapping[str, Any]) -> tuple[str, str]:
    """Two lines that tell trials apart: the task, and what was done about it."""
    task = spelling(condition.get("task", "?"))
    parts = [f"{key} {spelling(condition[key])}" for key in ("notes", "memory", "truth", "agent") if key in condition]
    return task, " · ".join([*parts, f"seed {condition.get('seed', '?')}"])
