"""The trials of a study: each with its resolved condition, and its directory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from relay.errors import UsageError
from relay.records.condition import Condition, digest
from relay.records.files import write_whole
from relay.records.reader import TrialReader, read_condition
from relay.records.spec import ComponentSpec
from relay.records.study import LAYOUT, Study, StudyLayout, TrialRecord, read_layout
from relay.studies.controls import FOREIGN
from relay.studies.fields import resolved, with_field, with_step
from relay.studies.grid import Arm, arms, folder
from relay.trial.differences import differences

__all__ = ["PlannedTrial", "StudyPlan", "has_ended", "lay_out", "write_layout"]

STRIDE = 1_000_003
"""Between the trial seeds of replicates on one theory: more than any number of theories."""


@dataclass(frozen=True)
class PlannedTrial:
    """One trial of a study."""

    record: TrialRecord
    condition: Condition
    """Of a trial that waits for another one, the condition of the arm that it controls."""
    waits_for: str = ""
    """The directory of the trial whose notes it is shown, while that has not ended; empty for others."""
    problem: str = ""
    """Why it can't be run, though the study is sound."""


@dataclass(frozen=True)
class StudyPlan:
    """A study with all of its trials."""

    study: Study
    arms: tuple[Arm, ...]
    trials: tuple[PlannedTrial, ...]
    """Theory by theory, so that whatever has ended is paired."""

    @property
    def layout(self) -> StudyLayout:
        """What is written beside the trials."""
        return StudyLayout(
            study=self.study,
            arms=tuple(arm.record() for arm in self.arms),
            trials=tuple(trial.record for trial in self.trials),
        )


def lay_out(study: Study, directory: Path | None = None) -> StudyPlan:
    """Return a study with all of its trials. Raises `UsageError` on any mistake in it; nothing is written.

    Trials of the control `foreign` need others of the study: those that have ended in `directory` are used, and what
    needs the others waits for them.
    """
    every = arms(study)
    return StudyPlan(study, every, tuple(_trials(study, every, directory)))


def _trials(study: Study, every: tuple[Arm, ...], directory: Path | None) -> Iterator[PlannedTrial]:
    theories = study.theories
    for number, theory in enumerate(theories):
        # the one before, so that theories can be added
        other = theories[number - 1 if number else 1] if len(theories) > 1 else theory
        for replicate in range(1, study.replicates + 1):
            for arm in every:
                planned = _planned(study, arm, theory, replicate)
                if not arm.foreign:
                    yield planned
                    continue
                needed = f"{folder(arm.of)}/{_name(study, other, replicate)}"
                yield _foreign(study, arm, planned, None if directory is None else directory / needed, needed)


def _planned(study: Study, arm: Arm, theory: int, replicate: int) -> PlannedTrial:
    fields, seed = arm.fields, theory
    if study.replicates > 1:
        fields, seed = with_field(fields, "task.seed", theory), theory + STRIDE * (replicate - 1)
    condition = resolved(fields, seed)
    record = TrialRecord(
        arm=arm.name,
        theory=theory,
        replicate=replicate,
        directory=f"{folder(arm.name)}/{_name(study, theory, replicate)}",
        condition=digest(condition),
    )
    return PlannedTrial(record, condition)


def _foreign(study: Study, arm: Arm, planned: PlannedTrial, place: Path | None, needed: str) -> PlannedTrial:
    """The trial with the notes of the one in `place`, if that has ended."""
    later = planned.record.model_copy(update={"condition": ""})
    if place is None or not has_ended(place):
        return replace(planned, record=later, waits_for=needed)
    step = ComponentSpec(name=FOREIGN, parameters={"trial": str(place)})
    shown = replace(arm, fields=with_step(arm.fields, "handover", step))
    try:
        return _planned(study, shown, later.theory, later.replicate)
    except UsageError as error:
        return replace(planned, record=later, problem=str(error))


def _name(study: Study, theory: int, replicate: int) -> str:
    return f"s{theory}" if study.replicates == 1 else f"s{theory}r{replicate}"


def has_ended(place: Path) -> bool:
    """Return whether the trial in a directory has ended. Raises `UsageError` if it is damaged."""
    return (place / "condition.yaml").exists() and TrialReader.open(place).read().reason == "completed"


def write_layout(plan: StudyPlan, directory: Path) -> None:
    """Write the layout of a study into its directory, where trials of an earlier layout may lie.

    Seeds, arms and controls may be added. Raises `UsageError`, and writes nothing, if the study in the directory has
    another name or another primary endpoint, or if a trial there began otherwise.
    """
    if (directory / LAYOUT).exists():
        _check_same(read_layout(directory).study, plan.study, directory)
    for trial in plan.trials:
        place = directory / trial.record.directory
        if trial.record.condition and (place / "condition.yaml").exists():
            there = read_condition(place)
            if digest(there) != trial.record.condition:
                told = differences(there, trial.condition) or ["its condition is another"]
                raise UsageError(
                    f"the trial in {place} began otherwise: {'; '.join(told)}; give the study another directory with "
                    "--out, or remove the trial"
                )
    directory.mkdir(parents=True, exist_ok=True)
    write_whole(directory / LAYOUT, plan.layout.model_dump_json(indent=1))


def _check_same(there: Study, here: Study, directory: Path) -> None:
    if there.study != here.study:
        raise UsageError(f"{directory} holds the study `{there.study}`; give another directory with --out")
    if there.primary != here.primary:
        raise UsageError(
            f"the primary endpoint of the study in {directory} was named before it ran, and is another now "
            f"({_primary(there)} before, {_primary(here)} now); name it as it was, or give another directory with --out"
        )


def _primary(study: Study) -> str:
    named = study.primary
    return f"{named.measure} {named.over} against {named.against or 'the default'}, margin {named.margin:g}"
