"""Controls by name: what each of them changes in the condition of an arm."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from relay.components import available
from relay.errors import UsageError
from relay.records.budget import Budget
from relay.records.condition import Condition
from relay.records.spec import code_reference, read_spec
from relay.studies.fields import Fields, with_step

__all__ = ["BUNDLE", "CONTROLS", "FOREIGN", "Control", "read_control"]

SHARED = ("turns", "tokens", "evaluations", "seconds", "money")
"""The parts of a budget that are spent; the others bound a single prompt or answer."""

FOREIGN = "foreign"
"""The hand-over step with the notes of another trial. As a control without a parameter, the study chooses the trial."""

BUNDLE = ("flat", "none", "shuffled", "blank")
"""The controls that `--controls` adds."""


@dataclass(frozen=True)
class Control:
    """A control."""

    spelling: str
    """As the study names it."""
    alone: bool
    """Whether it passes nothing on, so that it is the same for all arms that differ in what they pass on."""
    change: Callable[[Fields, Condition], Fields]
    """From the fields of an arm, and its resolved condition, to those of the control."""
    foreign: bool = False
    """Whether it shows the notes of the arm's trial on another theory, which has to run first."""


def _flat(fields: Fields, condition: Condition) -> Fields:
    """One researcher with the budget of the whole trial."""
    people = condition.generations * condition.width
    budget = condition.budget
    values = {part: getattr(budget, part) for part in Budget.model_fields}
    whole = {part: values[part] * people for part in SHARED if values[part] is not None}
    kept = {part: value for part, value in values.items() if value is not None}
    return {**_nothing(fields, condition), "generations": 1, "width": 1, "budget": {**kept, **whole}}


def _nothing(fields: Fields, condition: Condition) -> Fields:
    """As many researchers, and nothing is passed on."""
    return {**fields, "notes": "none", "memory": "fresh", "handover": [], "interventions": []}


def _added(field: str, spelling: str, fields: Fields, condition: Condition) -> Fields:
    """One more step or intervention."""
    return with_step(fields, field, spelling)


CONTROLS = {"flat": _flat, "none": _nothing}
"""Name -> the control, for those that are no hand-over step and no intervention."""


def read_control(spelling: str) -> Control:
    """Return the control that a study names. Raises `UsageError` if there is none.

    It is `flat` (one researcher with the whole budget), `none` (nothing is passed on), `foreign` (the notes of the
    arm's own trial on another theory of the study), a hand-over step such as `lost(p=0.2)`, or an intervention such as
    `junk(k=16)`.
    """
    spec = read_spec(spelling)
    if spec.name in CONTROLS:
        if spec.parameters:
            raise UsageError(f"the control `{spec.name}` has no parameters; write `{spec.name}`")
        return Control(spelling, True, CONTROLS[spec.name])
    if spec.name == FOREIGN and not spec.parameters:
        return Control(spelling, False, lambda fields, condition: fields, foreign=True)
    for field in ("handover", "interventions"):
        if spec.name in available(f"relay.{field}"):
            return Control(spelling, False, partial(_added, field, spelling))
    if code_reference(spec.name) is not None:
        return Control(spelling, False, partial(_added, "handover", spelling))
    known = sorted({*CONTROLS, *available("relay.handover"), *available("relay.interventions")})
    raise UsageError(f"there is no control `{spec.name}`; there are {', '.join(known)}, or path/to/file.py:Name")
