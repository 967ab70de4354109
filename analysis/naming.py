"""Words for a condition: how its components are spelt in titles, tables and directory names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

LONGEST = 60
"""Characters of a task's spelling that a title has room for."""


def spelling(component: Any) -> str:
    """A component of `condition.yaml` as the command line spells it: `ledger` or `ledger(cap=2000)`.

    Takes the shapes that a condition may hold: a spelling, `{name, parameters}`, or `{NAME: parameters}`.
    """
    if isinstance(component, str):
        return component
    if not isinstance(component, Mapping):
        return str(component)
    if "name" in component:
        name, parameters = str(component["name"]), component.get("parameters") or {}
    else:
        name, parameters = next(((str(key), value or {}) for key, value in component.items()), ("?", {}))
    known = {key: value for key, value in parameters.items() if value is not None}
    if not known:
        return name
    return f"{name}({', '.join(f'{key}={_value(value)}' for key, value in known.items())})"


def bare(component: Any) -> str:
    """Only the name of a component."""
    return spelling(component).partition("(")[0]


def title(condition: Mapping[str, Any]) -> str:
    """One line that tells trials apart: task, notes, agent, seed."""
    task = condition.get("task", "?")
    parts = [task if len(task := spelling(task)) <= LONGEST else bare(task)]
    parts += [f"{key} {bare(condition[key])}" for key in ("notes", "memory", "agent") if key in condition]
    return " · ".join([*parts, f"seed {condition.get('seed', '?')}"])


def _value(value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return str(value).lower()
    return str(value)
