"""Which probes are subtracted from a trial: those that are named, else those that stand beside it.

A probe speaks of the trials of the same task (the same `task.json`) that the same model worked on, or the same agent as
it is configured, where there is no model.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from analysis.frontier import depths
from analysis.probe import Probe, Probed, is_probe, model_of, probed
from analysis.reading import Trial, read_condition, read_trial
from relay.errors import UsageError
from relay.place import trials_directory
from relay.spelling import Spelling


def given_probes(trial: Trial, directories: Sequence[Path]) -> Probed:
    """The probes that somebody names; `UsageError` when one does not speak of the trial."""
    if is_probe(trial.condition):
        raise UsageError(f"{trial.directory} is a probe itself, and nothing is subtracted from it; leave out --probe")
    found: list[Probe] = []
    for directory in directories:
        other = read_trial(directory)
        probes = probed(other).probes
        if other.task_digest != trial.task_digest:
            there, here = (f"{_task(each)} with seed {each.seed}" for each in (other, trial))
            raise _of_another("task", other, there, here, trial)
        if _researcher(other.condition) != _researcher(trial.condition):
            there, here = _words(other.condition), _words(trial.condition)
            raise _of_another("researcher", other, there, here, trial)
        found += probes
    return Probed(probes=tuple(found), depth=depths(trial.task.concepts))


def find_probes(trial: Trial) -> Probed | None:
    """The probes that stand in the same directory as a trial and speak of it; None where there are none."""
    if is_probe(trial.condition) or not trial.task_digest:
        return None
    try:
        beside = sorted(Path(trial.directory).resolve().parent.iterdir())
    except OSError:
        return None
    found = [probe for path in beside for probe in _that_speaks_of(trial, path)]
    return Probed(probes=tuple(found), depth=depths(trial.task.concepts)) if found else None


def how_to_probe(trial: Trial) -> str:
    """The command that makes a probe of a trial's task and researcher."""
    agent, model = trial.condition["agent"], model_of(trial.condition)
    words = [shlex.quote(_task(trial))]
    if model:
        words.append(f"--model {shlex.quote(model)}")
    elif agent["name"] != "explorer":
        words.append(f"--agent {shlex.quote(str(Spelling.model_validate(agent)))}")
    words.append(f"--seed {trial.seed}")
    here = Path(trial.directory).resolve().parent
    if here != trials_directory().resolve():  # where the probe would not be found beside the trial
        words.append(f"--out {shlex.quote(str(_near(here / f'probe-s{trial.seed}')))}")
    return " ".join(["relay probe", *words])


def _that_speaks_of(trial: Trial, path: Path) -> tuple[Probe, ...]:
    """The probe in a directory, if it holds one that speaks of the trial; what is broken there holds none.

    Hundreds of trials may stand beside each other, so what is cheap to see is looked at first.
    """
    try:
        with (path / "events.jsonl").open("rb") as log:
            if json.loads(log.readline()).get("task") != trial.task_digest:
                return ()
        if not re.search(r"^generations: 1$", (path / "condition.yaml").read_text(encoding="utf-8"), re.MULTILINE):
            return ()
        condition = read_condition(path)
        if is_probe(condition) and _researcher(condition) == _researcher(trial.condition):
            return probed(read_trial(_near(path))).probes
    except (OSError, ValueError, AttributeError, UsageError):
        pass
    return ()


def _researcher(condition: Mapping[str, Any]) -> Any:
    """What is the same where one researcher was at work."""
    return model_of(condition) or condition.get("agent")


def _of_another(what: str, other: Trial, there: str, here: str, trial: Trial) -> UsageError:
    return UsageError(
        f"{other.directory} is a probe of another {what}, {there}; {trial.directory} has {here}; "
        f"mend: `{how_to_probe(trial)}`"
    )


def _task(trial: Trial) -> str:
    """A trial's task as the command line takes it: what keeps its default of none is left out."""
    task = Spelling.model_validate(trial.condition["task"])
    known = {key: value for key, value in task.parameters.items() if value is not None}
    if task.name == "file" and set(known) == {"path"}:
        return str(known["path"])
    return str(task.model_copy(update={"parameters": known}))


def _words(condition: Mapping[str, Any]) -> str:
    return model_of(condition) or str(Spelling.model_validate(condition["agent"]))


def _near(path: Path) -> Path:
    """A path as a person would give it from here."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
