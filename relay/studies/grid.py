"""The arms of a study: all combinations of the values of its axes, and the controls of each, every arm once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any

from relay.errors import UsageError
from relay.records.condition import Condition, digest
from relay.records.spec import read_spec, spell
from relay.records.study import ArmRecord, Study
from relay.studies.controls import Control, read_control
from relay.studies.fields import Fields, resolved, with_field

__all__ = ["Arm", "arms"]

MOST = 10_000
"""Most arms of a study."""
LONGEST = 150
"""Most letters of a directory's name."""


@dataclass(frozen=True)
class Arm:
    """An arm: a condition without its seed."""

    name: str
    fields: Fields
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Axis -> the label of its value."""
    control: str = ""
    of: str = ""
    aliases: tuple[str, ...] = ()
    foreign: bool = False
    """Whether it is shown the notes of the arm that it controls, on another theory."""

    def record(self) -> ArmRecord:
        """Return the arm as the layout has it."""
        return ArmRecord(
            name=self.name,
            settings=dict(self.settings),
            control=self.control,
            of=self.of,
            aliases=self.aliases,
        )


def arms(study: Study) -> tuple[Arm, ...]:
    """Return the arms of a study: those of the grid first, then their controls, each once. Arms that would run the same
    condition are one arm, under the first name.

    Raises `UsageError` if a condition can't be resolved, if two values of an axis are the same condition, or if the
    study names an arm that it does not have.
    """
    seed = study.theories[0]
    found: dict[str, Arm] = {}
    """Digest of the condition with the first seed -> its arm."""
    conditions: dict[str, Condition] = {}
    grid = tuple(_grid(study))
    for arm in grid:
        condition = _resolved(arm, seed)
        key = digest(condition)
        if key in found:
            raise UsageError(
                f"the arms `{found[key].name}` and `{arm.name}` of the study are the same condition; leave out the "
                "value, or the axis, that changes nothing"
            )
        found[key], conditions[arm.name] = arm, condition
    for arm, control in _controls(study, grid, conditions):
        controlled = replace(arm, fields=control.change(arm.fields, conditions[arm.name]), control=control.spelling)
        name = control.spelling if control.alone else f"{arm.name} + {control.spelling}"
        if control.alone:
            controlled = replace(controlled, settings={})
        controlled = replace(controlled, name=name, of="" if control.alone else arm.name)
        if control.foreign:
            if len(study.theories) < 2:
                raise UsageError(
                    "the control `foreign` shows the notes of another theory, and the study has one; give more"
                )
            controlled = replace(controlled, foreign=True)
        key = f"foreign {arm.name}" if control.foreign else digest(_resolved(controlled, seed))
        if key not in found:
            taken = sum(one.name == name or one.name.startswith(f"{name} (") for one in found.values())
            found[key] = replace(controlled, name=f"{name} ({arm.name})" if taken else name)
        elif name != found[key].name and name not in found[key].aliases:
            found[key] = replace(found[key], aliases=(*found[key].aliases, name))
    every = tuple(found.values())
    _check_names(study, every)
    return every


def _grid(study: Study) -> Iterator[Arm]:
    axes = [[(axis, *each) for each in _values(axis, values)] for axis, values in study.vary.items()]
    count = 1
    for axis in axes:
        count *= len(axis)
    if count > MOST:
        raise UsageError(f"the study has {count:,} arms, more than {MOST:,}; split it")
    for chosen in product(*axes):
        fields: Fields = study.condition
        for _, _, settings in chosen:
            for name, value in settings.items():
                fields = with_field(fields, name, value)
        settings = {axis: label for axis, label, _ in chosen}
        labels = [
            label if len(axes) == 1 or not label[:1].isdigit() else f"{axis} {label}" for axis, label, _ in chosen
        ]
        yield Arm(name=", ".join(labels) or _only(study), fields=fields, settings=settings)


def _only(study: Study) -> str:
    """Return the name of the one arm of a study without axes."""
    return read_spec(study.condition["notes"]).name if "notes" in study.condition else study.study


def _values(axis: str, values: list[Any] | dict[str, dict[str, Any]]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield each value of an axis: its label, and the fields that it sets."""
    if isinstance(values, dict):
        yield from ((" ".join(label.split()), settings) for label, settings in values.items())
        return
    for value in values:
        yield _label(value), {axis: value}


def _label(value: Any) -> str:
    if isinstance(value, Mapping):
        value = str(read_spec(value))
    if isinstance(value, list):
        return " ".join(_label(each) for each in value) or "nothing"
    return re.sub(r"[^\s'\"=,(]*/(?=[^/]+\.py:)", "", value) if isinstance(value, str) else spell(value)


def _controls(
    study: Study, grid: tuple[Arm, ...], conditions: Mapping[str, Condition]
) -> Iterator[tuple[Arm, Control]]:
    """Yield each control with each arm that it is for."""
    names = [arm.name for arm in grid]
    for entry in study.controls:
        if isinstance(entry, str):
            control, of = read_control(entry), names
        else:
            control, of = _chosen(entry, names)
        for arm in grid:
            if arm.name not in of:
                continue
            # where nothing is passed on, a control of what is passed on changes nothing
            if control.alone or conditions[arm.name].notes.name != "none" or "of" in entry:
                yield arm, control


def _chosen(entry: Mapping[str, Any], names: list[str]) -> tuple[Control, list[str]]:
    sound = set(entry) <= {"control", "of"} and isinstance(entry.get("control"), str)
    if not sound or not isinstance(entry.get("of", []), list):
        raise UsageError(f"a control is `NAME` or `{{control: NAME, of: [ARM, ...]}}`, not {dict(entry)!r}")
    if "of" not in entry:
        return read_control(entry["control"]), names
    for name in entry["of"]:
        if name not in names:
            raise UsageError(f"the control `{entry['control']}` names the arm `{name}`; there are {_some(names)}")
    return read_control(entry["control"]), entry["of"]


def _resolved(arm: Arm, seed: int) -> Condition:
    try:
        return resolved(arm.fields, seed)
    except UsageError as error:
        raise UsageError(f"the arm `{arm.name}`: {error}") from None


def _check_names(study: Study, every: tuple[Arm, ...]) -> None:
    names = [arm.name for arm in every]
    against = study.primary.against
    if against and against not in names:
        raise UsageError(f"the primary endpoint is against the arm `{against}`; the arms are {_some(names)}")
    folders: dict[str, str] = {}
    for name in names:
        # some file systems take upper and lower case for the same
        if folder(name).lower() in folders:
            other = folders[folder(name).lower()]
            same = (
                f"two arms are called `{name}`" if other == name else f"`{other}` and `{name}` would share a directory"
            )
            raise UsageError(f"{same}; give labels, as `vary: {{scheme: {{first: {{notes: ...}}, second: ...}}}}`")
        folders[folder(name).lower()] = name


def folder(name: str) -> str:
    """Return the name of an arm's directory."""
    plain = name.replace(" + ", "+").replace("=", "")
    return re.sub(r"[^A-Za-z0-9.+]+", "-", plain).strip("-.")[:LONGEST] or "arm"


def _some(names: list[str], most: int = 12) -> str:
    return ", ".join(f"`{name}`" for name in names[:most]) + (f" and {len(names) - most} more" if names[most:] else "")
