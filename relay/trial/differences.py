"""How a condition differs from that of a trial that exists, in words, one phrase for each difference."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from relay.records.budget import Budget
from relay.records.condition import FILES, Condition, FileCopy
from relay.records.prices import Prices
from relay.records.spec import ComponentSpec, spell
from relay.trial.versions import told_versions

__all__ = ["differences"]

NOUNS = {
    "task": "task",
    "agent": "agent",
    "notes": "note scheme",
    "memory": "memory scheme",
    "truth": "truth scheme",
    "handover": "hand-over step",
    "interventions": "intervention",
    "generations": "number of generations",
    "width": "number of researchers in a generation",
}
"""Field of a condition -> what it is called."""

LONGEST = 60
"""Most characters of a value in a phrase."""


def differences(there: Condition, here: Condition, versions: bool = True) -> list[str]:
    """How `here` differs from `there`, the condition of an existing trial; empty if they are equal. Without `versions`,
    versions are not compared."""
    found = [*_files(there.files, here.files)]
    for field in Condition.model_fields:
        old, new = getattr(there, field), getattr(here, field)
        if old == new or field == "files":
            continue
        if field == "versions":
            found += told_versions(old, new) if versions else []
        elif field == "prices":
            found.append(_prices(old, new))
        elif isinstance(old, Budget):
            found += _each("the budget's", old.model_dump(), new.model_dump())
        elif isinstance(old, ComponentSpec):
            found += _specs(NOUNS[field], old, new)
        else:
            found.append(_changed(f"the {NOUNS.get(field, field)}", _listed(old), _listed(new)))
    if not found and there.files != here.files:
        found.append(f"the files were {', '.join(there.files)}, and are {', '.join(here.files)}")
    return found


def _files(there: Mapping[str, FileCopy], here: Mapping[str, FileCopy]) -> Iterator[str]:
    # a file that only one of them has comes with another difference, which says more
    for name in sorted(there.keys() & here.keys()):
        if there[name].sha256 != here[name].sha256:
            yield f"{_label(name, here[name])} has changed since the trial began"


def _label(name: str, copy: FileCopy) -> str:
    short = re.sub(rf"^{FILES}/(?:\d+/|relay/)?", "", name)
    if copy.noun != "file":
        return f"the {copy.noun} {short}"
    users = [NOUNS.get(field, field) for field in copy.used_by]
    return f"the {' and '.join(users)}'s file {short}"


def _specs(noun: str, there: ComponentSpec, here: ComponentSpec) -> Iterator[str]:
    if there.name != here.name:
        yield _changed(f"the {noun}", str(there), str(here))
        return
    for key in sorted(there.parameters.keys() | here.parameters.keys()):
        old, new = there.parameters.get(key), here.parameters.get(key)
        if old == new:
            continue
        if _is_spec(old) and _is_spec(new):
            yield from _specs(key, ComponentSpec.model_validate(old), ComponentSpec.model_validate(new))
        else:
            yield _changed(f"the {noun}'s {key}", spell(old), spell(new))


def _each(whose: str, there: Mapping[str, Any], here: Mapping[str, Any]) -> Iterator[str]:
    for key in there:
        if there[key] != here[key]:
            yield _changed(f"{whose} {key}", _spelt(there[key]), _spelt(here[key]))


def _prices(there: Prices | None, here: Prices | None) -> str:
    if there is None or here is None:
        return _changed("the model's prices", _listed(there), _listed(here))
    return "; ".join(_each("the model's price:", there.model_dump(), here.model_dump()))


def _changed(what: str, old: str, new: str) -> str:
    return f"{what} ({_short(old)} before, {_short(new)} now)"


def _listed(value: Any) -> str:
    if isinstance(value, Prices):
        return ", ".join(f"{key} {part}" for key, part in value.model_dump().items())
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "none"
    return _spelt(value)


def _spelt(value: Any) -> str:
    return "none" if value is None else str(value)


def _is_spec(value: Any) -> bool:
    return isinstance(value, Mapping) and set(value) == {"name", "parameters"}


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}..."
