"""How far the trials of a study are, from its directory alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from relay.errors import UsageError
from relay.records.budget import Spent
from relay.records.events import AnyEvent, GenerationEnded
from relay.records.reader import TrialReader
from relay.records.study import StudyLayout, TrialRecord, read_layout

__all__ = ["StudyStatus", "TrialStatus", "study_status"]

STATES = ("completed", "running or stopped", "interrupted", "not begun", "damaged")


@dataclass(frozen=True)
class TrialStatus:
    """One trial."""

    record: TrialRecord
    state: str
    """One of `STATES`."""
    generations: int
    """Number that have ended."""
    spent: Spent
    error: str = ""
    """What is wrong with a damaged one."""


@dataclass(frozen=True)
class StudyStatus:
    """All trials of a study, in the order of its layout."""

    directory: Path
    layout: StudyLayout
    trials: tuple[TrialStatus, ...]

    def counts(self, arm: str | None = None) -> dict[str, int]:
        """State -> number of trials, of one arm or of all; only states that occur."""
        found = Counter(one.state for one in self.trials if arm in (None, one.record.arm))
        return {state: found[state] for state in STATES if found[state]}

    def record(self) -> dict[str, Any]:
        """Return the status as JSON data."""
        return {
            "study": self.layout.study.study,
            "directory": str(self.directory),
            "counts": self.counts(),
            "arms": {arm.name: self.counts(arm.name) for arm in self.layout.arms},
            "trials": [
                {
                    "arm": one.record.arm,
                    "theory": one.record.theory,
                    "replicate": one.record.replicate,
                    "directory": one.record.directory,
                    "state": one.state,
                    "generations_ended": one.generations,
                    "tokens": one.spent.tokens,
                    "evaluations": one.spent.evaluations,
                    "error": one.error or None,
                }
                for one in self.trials
            ],
        }


def study_status(directory: Path) -> StudyStatus:
    """Read how far the study in a directory is. Raises `UsageError` if there is none."""
    layout = read_layout(directory)
    return StudyStatus(directory, layout, tuple(_each(directory, layout)))


def _each(directory: Path, layout: StudyLayout) -> Iterator[TrialStatus]:
    for record in layout.trials:
        place = directory / record.directory
        if not (place / "condition.yaml").exists():
            yield TrialStatus(record, "not begun", 0, Spent())
            continue
        spent: list[Spent] = []

        def take(event: AnyEvent, spent: list[Spent] = spent) -> None:
            if isinstance(event, GenerationEnded):
                spent.append(event.spent)

        try:
            reason = TrialReader.open(place).read(take).reason
        except UsageError as error:
            yield TrialStatus(record, "damaged", 0, Spent(), str(error))
            continue
        state = reason if reason in ("completed", "interrupted") else "running or stopped"
        yield TrialStatus(record, state, len(spent), sum(spent, start=Spent()))
