"""The trials of several arms: of a study, or of directories that were run one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from analysis.stall.curves import Frontier
from analysis.stateless import best_stateless, is_stateless
from analysis.trials import Trial, read_trial
from relay.errors import UsageError
from relay.records.spec import named_task, read_spec
from relay.records.study import LAYOUT, Primary, StudyLayout, read_layout

__all__ = ["BEST", "ArmTrial", "Arms", "curve_of", "read_arms"]

BEST = "best of {}"
"""The name of an arm whose trials count as the best of their researchers, of whom each was alone."""

Reader = Callable[[Path], Trial]


@dataclass(frozen=True)
class ArmTrial:
    """One trial that has ended, as far as a comparison needs it."""

    theory: str
    """What its pairs have in common: the seed of its theory in a study, and else its task."""
    replicate: int
    directory: str
    curve: tuple[float, ...]
    """The endpoint's measure after each generation."""
    first_share: float | None
    """The measure after generation 1 by that after the last; None where the last is 0."""
    frontier: Frontier | None = None
    """How deep the frontier was after each generation; None where that is not the trial's own."""


@dataclass(frozen=True)
class Arms:
    """The arms of a comparison."""

    title: str
    primary: Primary
    reference: str
    """The arm that the others are compared with."""
    trials: Mapping[str, tuple[ArmTrial, ...]]
    """Arm -> its trials that have ended."""
    unfinished: Mapping[str, int]
    """Arm -> number of trials that have not ended, or not begun; without those that have none."""
    named: bool
    """Whether the endpoint was named before the trials ran."""
    controls: frozenset[str] = frozenset()
    """Arms that are controls."""

    @cached_property
    def best(self) -> frozenset[str]:
        """Arms that count as the best of stateless researchers."""
        return frozenset(name for name in self.trials if name.startswith(BEST.format("")))

    def value(self, trial: ArmTrial) -> float:
        """The endpoint of one trial."""
        return trial.curve[-1] if self.primary.over == "last" else sum(trial.curve) / len(trial.curve)


def curve_of(trial: Trial, measure: str) -> tuple[float, ...]:
    """Return a measure of a trial after each generation. Raises `UsageError` if its log does not hold it."""
    try:
        return tuple(row.measures[measure] for row in trial.rows)
    except KeyError:
        raise UsageError(f"{trial.directory} has no measure `{measure}`") from None


def read_arms(places: Sequence[Path], primary: Primary | None = None, read: Reader = read_trial) -> Arms:
    """Read the study in a directory, or the trials in several. Raises `UsageError` if they can't be compared.

    `primary` replaces the endpoint of trials that belong to no study; a study has named its own.
    """
    if len(places) == 1 and not (places[0] / "condition.yaml").exists():
        layout = read_layout(places[0])
        return _of_study(places[0], layout, primary or layout.study.primary, read)
    studies = [place for place in places if (place / LAYOUT).exists()]
    if studies:
        raise UsageError(f"{studies[0]} is a study, which is compared by itself; give it alone, or trials' directories")
    # the same directory twice is one trial
    once = {place.resolve(): place for place in reversed(places)}
    return _of_directories(tuple(reversed(once.values())), primary or Primary(), read)


def _of_study(directory: Path, layout: StudyLayout, primary: Primary, read: Reader) -> Arms:
    trials: dict[str, list[ArmTrial]] = {arm.name: [] for arm in layout.arms}
    unfinished: dict[str, int] = {}
    for record in layout.trials:
        place = directory / record.directory
        trial = read(place) if (place / "condition.yaml").exists() else None
        if trial is None or trial.reason != "completed":
            unfinished[record.arm] = unfinished.get(record.arm, 0) + 1
            continue
        for name, taken in _taken(record.arm, trial, str(record.theory), record.replicate, primary):
            trials.setdefault(name, []).append(taken)
    reference = primary.against or layout.reference
    named = primary.measure == layout.study.primary.measure and reference == layout.reference
    found = _arms(layout.study.study, primary, reference, trials, unfinished, named)
    return replace(found, controls=frozenset(arm.name for arm in layout.arms if arm.control))


def _of_directories(places: Sequence[Path], primary: Primary, read: Reader) -> Arms:
    found = [read(place) for place in places]
    names = _names([trial.condition for trial in found], [trial.named for trial in found])
    trials: dict[str, list[ArmTrial]] = {}
    unfinished: dict[str, int] = {}
    for name, trial in zip(names, found, strict=True):
        if trial.reason != "completed":
            unfinished[name] = unfinished.get(name, 0) + 1
            continue
        replicate = 1 + sum(one.theory == trial.task_digest for one in trials.get(name, ()))
        for arm, taken in _taken(name, trial, trial.task_digest, replicate, primary):
            trials.setdefault(arm, []).append(taken)
    reference = primary.against or next(iter(trials), "")
    return _arms(", ".join(dict.fromkeys(names)), primary, reference, trials, unfinished, False)


def _arms(
    title: str,
    primary: Primary,
    reference: str,
    trials: Mapping[str, Iterable[ArmTrial]],
    unfinished: Mapping[str, int],
    named: bool,
) -> Arms:
    if not any(trials.values()):
        raise UsageError("no trial has ended yet, so there is nothing to compare")
    if reference not in trials:
        raise UsageError(f"there is no arm `{reference}` to compare with; there are {', '.join(trials) or 'none'}")
    kept = {name: tuple(sorted(each, key=lambda one: (one.theory, one.replicate))) for name, each in trials.items()}
    return Arms(title, primary, reference, kept, dict(unfinished), named)


def _taken(name: str, trial: Trial, theory: str, replicate: int, primary: Primary) -> Iterable[tuple[str, ArmTrial]]:
    """Yield the arms in which a trial counts: its own, and where nothing is passed on the best of its researchers."""
    curve = curve_of(trial, primary.measure)
    share = curve[0] / curve[-1] if curve[-1] else None
    alone = is_stateless(trial)
    # researchers who are each alone are no chain, so there is nothing that could stall
    yield name, ArmTrial(theory, replicate, trial.directory, curve, share, None if alone else Frontier.of(trial))
    people = len(trial.rows) * max(len(row.credited) for row in trial.rows)
    if alone and people > 1 and primary.measure == "established_depth_weighted_recall":
        yield BEST.format(name), ArmTrial(theory, replicate, trial.directory, (best_stateless(trial),), None)


def _names(conditions: Sequence[Mapping[str, Any]], named: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return for each condition what tells it apart from the others, apart from its seed."""
    spelt = [{field: _spelling(field, value, told) for field, value in condition.items()} for condition, told in
             zip(conditions, named, strict=True)]  # fmt: skip
    fields = [
        field
        for field in dict.fromkeys(key for each in spelt for key in each)
        if field not in ("seed", "files", "versions", "v") and len({each.get(field) for each in spelt}) > 1
    ]
    return [
        " ".join((", ".join(each.get(field) or "nothing" for field in fields) or "trials").split()) for each in spelt
    ]


def _spelling(field: str, value: Any, named: Mapping[str, Any]) -> str:
    if field == "task":
        return named_task(read_spec(value), str(named["task"].name)).briefly()
    if isinstance(value, dict) and set(value) == {"name", "parameters"}:
        return read_spec(value).briefly()
    if isinstance(value, dict):
        return " ".join(f"{key} {part}" for key, part in value.items() if part is not None)
    if isinstance(value, list):
        return " ".join(_spelling("", each, named) for each in value)
    return str(value)
