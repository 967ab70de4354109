"""How `relay rescore` judges a trial again, and what it prints."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path
from typing import Any

from relay.commands.arguments import task_spec
from relay.commands.cache import open_cache
from relay.commands.output import echo, print_json, say
from relay.commands.progress import progress_line
from relay.errors import UsageError
from relay.records.events import GenerationEnded
from relay.records.reader import TrialReader
from relay.scoring.judge import PooledJudge
from relay.scoring.workers import Workers
from relay.text import quantity
from relay.trial.rescore import RescoreReport, check_same_world, rescore
from relay.trial.rescored_task import rescored_task

MOST = 12
"""Most statements that are listed as judged otherwise; `--json` has all of them."""
COMPARED = {"retained": "", "established": "established_"}
"""Sets of concepts whose recall is compared -> prefix of the measure."""


@dataclass(frozen=True)
class Rescoring:
    """What `relay rescore` was asked for."""

    directory: Path
    out: Path
    task: str | None
    own_task: bool
    trust: bool
    workers: int
    cached: bool

    async def run(self, json: bool, quiet: bool) -> None:
        """Judge the trial again and print what changed."""
        if self.task is not None and self.own_task:
            raise UsageError("--task and --own-task exclude each other; give one of them")
        reader = TrialReader.open(self.directory)
        wanted = None if self.task is None else task_spec(self.task)
        condition, task = rescored_task(reader, wanted, self.own_task, self.trust)
        check_same_world(reader.task, task)
        with progress_line("generation", "", hidden=quiet) as progress, open_cache(self.cached) as cache:
            async with Workers(self.workers) as pool:
                judge = PooledJudge(pool, task, cache)
                report = await rescore(reader, self.out, condition, task, judge, progress, trust=self.trust)
        if json:
            print_json({"directory": str(self.directory), "out": str(self.out), **record(report)})
        elif not quiet:
            echo("\n".join(words(report)))
            if reader.condition.generations > len(report.generations):
                say(
                    f"{self.directory} has not ended: {len(report.generations)} of {reader.condition.generations} "
                    "generations were judged; rescore it again when it has"
                )
            say(f"the new trial is in {self.out}; `relay show {shlex.quote(str(self.out))}` shows it")


def free_name(directory: Path) -> Path:
    """The first free name beside a trial's directory for the trial that is judged again."""
    place = directory if directory.name not in ("", "..") else directory.resolve()
    names = (place.with_name(f"{place.name}-rescored{f'-{number}' * (number > 1)}") for number in count(1))
    return next(name for name in names if not name.exists() and not name.is_symlink())


def record(report: RescoreReport) -> dict[str, Any]:
    """The data that `relay rescore --json` prints."""
    data: dict[str, Any] = {
        "same": report.same,
        "statements": report.statements,
        "changed": [asdict(one) for one in report.changed],
    }
    for field in ("established", "retained", "laws"):
        gained, lost = report.difference(field)
        data[field] = {"gained": list(gained), "lost": list(lost)}
    data["generations"] = [
        {"generation": now.generation, "before": _recalls(before), "after": _recalls(now)}
        for before, now in report.generations
    ]
    return data


def words(report: RescoreReport) -> list[str]:
    """What changed, in lines."""
    judged = quantity(report.statements, "statement", ",")
    if report.same:
        return [f"{judged} judged again: nothing changed"]
    lines = [f"{judged} judged again, {len(report.changed) or 'none'} of them otherwise"]
    for one in report.changed[:MOST]:
        where = f"g{one.generation}-t{one.tenure}, turn {one.turn}"
        lines.append(f"  {where}: `{one.statement}` was {one.before} and is {one.after}")
    if len(report.changed) > MOST:
        lines.append(f"  and {len(report.changed) - MOST} more (--json lists all of them)")
    for field in ("established", "retained", "laws"):
        gained, lost = report.difference(field)
        if gained or lost:
            lines.append(f"{field}: {_listed('+', gained)}{'; ' if gained and lost else ''}{_listed('-', lost)}")
    for name, prefix in COMPARED.items():
        before, now = ([end.measures[f"{prefix}depth_weighted_recall"] for end in ends] for ends in _columns(report))
        if before != now:
            lines.append(f"mean recall of the {name}: {_mean(before):.3f} before, {_mean(now):.3f} now")
    return lines


def _columns(report: RescoreReport) -> tuple[list[GenerationEnded], list[GenerationEnded]]:
    return [before for before, _ in report.generations], [now for _, now in report.generations]


def _recalls(end: GenerationEnded) -> dict[str, Any]:
    return {
        "established": list(end.established),
        "retained": list(end.retained),
        "laws": list(end.laws),
        **{name: value for name, value in end.measures.items() if not name.startswith("orientation")},
    }


def _listed(sign: str, ids: Sequence[str]) -> str:
    return ", ".join(f"{sign}{one}" for one in ids)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
