"""Which probes are subtracted from a trial: those that the user names, or else those in the same parent directory.

A probe must have the trial's task (the same `task.json`) and a comparable researcher; `analysis.probe_match` defines
what must agree.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path

from analysis.probe import Probe, ProbeFindings, is_probe, model_of, probe_findings
from analysis.probe_match import RULES, Mismatch, mismatch
from analysis.trials import Trial, read_trial
from relay.errors import UsageError
from relay.records.event import SCHEMA
from relay.records.files import lines, read_whole
from relay.records.measures import depths
from relay.records.reader import TrialReader
from relay.records.spec import TASK_FILE, ComponentSpec, spell
from relay.records.trial_files import TrialFiles, trials_directory


def given_probes(trial: Trial, directories: Sequence[Path]) -> ProbeFindings:
    """Return the findings of the named probes. Raises `UsageError` if one of them does not match the trial."""
    if is_probe(trial.condition):
        raise UsageError(f"{trial.directory} is a probe itself, and nothing is subtracted from it; leave out --probe")
    found: list[Probe] = []
    for directory in directories:
        other = read_trial(directory)
        probes = probe_findings(other).probes
        fix = f"fix: `{how_to_probe(trial)}`"
        # The task comes first: researchers are comparable only if they have worked on the same task.
        if other.task_digest != trial.task_digest:
            there, here = (f"{_task(each)} with seed {each.seed}" for each in (other, trial))
            problem = f"{other.directory} is a probe of another task, {there}; {trial.directory} has {here}"
            raise UsageError(f"{problem}; {fix}")
        if difference := mismatch(other.condition, trial.condition):
            what = "a probe of another researcher," if difference.another else "not comparable: it has"
            problem = f"{other.directory} is {what} {difference.there}; {trial.directory} has {difference.here}"
            raise UsageError(f"{problem}; {fix}")
        found += probes
    return ProbeFindings(probes=tuple(found), depth=depths(trial.task.concepts))


def find_probes(trial: Trial) -> ProbeFindings | None:
    """Return the findings of the matching probes in the trial's parent directory; None if there are none."""
    found = [
        probe for other, difference in _beside(trial) if difference is None for probe in probe_findings(other).probes
    ]
    return ProbeFindings(probes=tuple(found), depth=depths(trial.task.concepts)) if found else None


def unlike_probes(trial: Trial) -> tuple[tuple[str, Mismatch], ...]:
    """Return the directories of the probes that lie beside `trial` and are not comparable, each with the mismatch.

    Only probes with the trial's task and model are listed. They are not subtracted.
    """
    found = ((other.directory, difference) for other, difference in _beside(trial) if difference is not None)
    return tuple((directory, difference) for directory, difference in found if not difference.another)


def how_to_probe(trial: Trial) -> str:
    """Return the command that makes a matching probe beside the trial."""
    task = shlex.quote(_with_copies(trial, _task(trial)))
    command = ["relay probe", task, *_researcher(trial), f"--seed {trial.seed}"]
    here = Path(trial.directory).resolve().parent
    if here != trials_directory().resolve():  # by default the probe would go elsewhere, and not be found
        command.append(f"--out {shlex.quote(str(_near(here / f'probe-s{trial.seed}')))}")
    return " ".join(command)


def _researcher(trial: Trial) -> Iterator[str]:
    """Yield the options that select the trial's researcher, without defaults if these are known."""
    agent, model = trial.agent or ComponentSpec.model_validate(trial.condition["agent"]), model_of(trial.condition)
    others = {key: value for key, value in agent.parameters.items() if key not in {"model", RULES}}
    disguise = others.pop("disguise", None)
    if not (agent.name == "llm" and not others) and agent.name != "explorer":
        named = str(agent.model_copy(update={"parameters": others}))
        yield f"--agent {shlex.quote(_with_copies(trial, named))}"
    if model:
        yield f"--model {shlex.quote(_with_copies(trial, model))}"
        parameters = ComponentSpec.model_validate(agent.parameters["model"]).parameters
        given = (f"{key}={spell(value)}" for key, value in parameters.items() if key != "name")
        yield from (f"-M {shlex.quote(_with_copies(trial, option))}" for option in given)
    if disguise is not None:
        yield f"--disguise {disguise}"


def _beside(trial: Trial) -> Iterator[tuple[Trial, Mismatch | None]]:
    """Yield the finished probes that lie beside `trial` and have its task, each with its mismatch (None: comparable).

    Directories that hold no trial of this version are skipped. Raises `UsageError` if a probe is not whole.
    """
    if is_probe(trial.condition) or not trial.task_digest:
        return
    try:
        paths = sorted(Path(trial.directory).resolve().parent.iterdir())
    except OSError:
        return
    seen: list[object] = []
    for path in paths:
        other = None if path.name.startswith(".") else _probe_in(path, trial.task_digest)
        # The same probe counts once, however often it was copied or judged again.
        same = None if other is None else {**other.condition, "versions": None}
        if other is not None and same not in seen:
            seen.append(same)
            yield other, mismatch(other.condition, trial.condition)


def _probe_in(path: Path, task_digest: str) -> Trial | None:
    """Return the finished probe of this task in a directory; None if it holds something else."""
    # There may be hundreds of trials beside this one. Cheap tests come first: the log's first line, then one line of
    # the condition as text, then the condition parsed, and last the whole log.
    files = TrialFiles(path)
    try:
        began = json.loads(next(lines(files.events), b""))
        if began.get("task") != task_digest or began.get("v") != SCHEMA:
            return None
        if not re.search(rb"^generations: 1$", read_whole(files.condition), re.MULTILINE):
            return None
    except (OSError, ValueError, AttributeError, UsageError):
        return None
    # From here on an error is raised: a probe that is not whole would change the recalls if it were left out unseen.
    if not is_probe(TrialReader.open(path).condition.model_dump(mode="json")):
        return None
    other = read_trial(_near(path))
    return other if other.rows else None


def _task(trial: Trial) -> str:
    """Return the trial's task as a command-line argument. Parameters that are None are left out: None is their
    default."""
    task = ComponentSpec.model_validate(trial.condition["task"])
    known = {key: value for key, value in task.parameters.items() if value is not None}
    if task.name == TASK_FILE and set(known) == {"path"}:
        return str(known["path"])
    return str(task.model_copy(update={"parameters": known}))


def _with_copies(trial: Trial, text: str) -> str:
    """Return the text with the paths of the trial's copies in place of their names in its condition."""
    names = sorted(trial.condition.get("files") or {}, key=len, reverse=True)
    if not names:
        return text
    here = _near(Path(trial.directory).resolve())
    return re.sub("|".join(map(re.escape, names)), lambda name: str(here / name[0]), text)


def _near(path: Path) -> Path:
    """Return the path relative to the working directory if it is inside; unchanged otherwise."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
