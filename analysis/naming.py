"""Words for a condition: how its components are spelt in titles, tables and directory names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


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
    return f"{name}({', '.join(f'{key}={_value(key, value)}' for key, value in known.items())})"


def titles(condition: Mapping[str, Any]) -> tuple[str, str]:
    """Two lines that tell trials apart: the task, and what was done about it."""
    task = spelling(condition.get("task", "?"))
    parts = [f"{key} {spelling(condition[key])}" for key in ("notes", "memory", "truth", "agent") if key in condition]
    return task, " · ".join([*parts, f"seed {condition.get('seed', '?')}"])


def _value(key: str, value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return str(value).lower()
    if isinstance(value, Mapping) and "name" in value:
        return spelling(value)
    return str(value)[:8] if key.endswith("_sha256") else str(value)
