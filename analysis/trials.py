"""Read a trial directory: its condition, its task, and one row for each generation.

The log is read event by event, so memory grows with the number of generations and not with the length of the log.
Generations that have not ended are left out, and so is an incomplete last line of a trial that was killed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from analysis.leaps import LeapCount, Leaps
from analysis.usable_answers import FormCount, UsableAnswers
from relay.errors import UsageError
from relay.records.budget import Spent
from relay.records.events import (
    SCHEMA,
    AnyEvent,
    Fault,
    GenerationEnded,
    GenerationStarted,
    TenureEnded,
    TrialEnded,
    TrialStarted,
)
from relay.records.log import read_lines
from relay.records.spec import ComponentSpec
from relay.records.task import Task

FIX = "give the directory of a trial (`relay run` prints it at the start)"
OTHER_RELAY = "use the relay that wrote it (see `versions` in condition.yaml)"


@dataclass(frozen=True)
class GenerationRow:
    """The state after one generation, as the engine logged it. Concept ids are sorted."""

    generation: int
    established: tuple[str, ...]
    """Concepts established in this or an earlier generation."""
    new: tuple[str, ...]
    """Concepts established in this generation for the first time."""
    established_without_leaps: tuple[str, ...]
    """Established concepts that were credited at least once without a leap."""
    retained: tuple[str, ...]
    """Concepts that can be built from the notes."""
    laws: tuple[str, ...]
    explained: tuple[int, ...]
    """Numbers of the phenomena that are explained."""
    measures: dict[str, float]
    """Measure -> value, as logged."""
    spent: Spent
    leaps: Leaps
    """Credits of this generation alone."""
    form: UsableAnswers
    """Unusable output of this generation alone."""
    unannounced: int
    """Tenures whose last turn was not announced to the researcher as the last."""


@dataclass(frozen=True)
class Trial:
    """A trial as read from its directory."""

    directory: str
    condition: dict[str, Any]
    """The content of `condition.yaml`."""
    task: Task
    rows: tuple[GenerationRow, ...]
    """Generations that have ended, in order."""
    agent: ComponentSpec | None = None
    """The agent without default parameters, for titles; None if the caller does not know the defaults, which the files
    of a trial don't contain."""
    task_digest: str = ""
    """Digest of the task in the log; empty if the log has not been started."""
    reason: str | None = None
    """`completed` or `interrupted`; None while the trial has not ended."""
    auc: float = 0.0
    """Mean depth-weighted recall of the retained concepts over the generations that have ended, 0 to 1."""

    @property
    def named(self) -> dict[str, Any]:
        """The condition for titles, with a short spelling of the agent if it is known."""
        return self.condition if self.agent is None else {**self.condition, "agent": self.agent}

    @property
    def seed(self) -> int:
        """The trial's seed."""
        return int(self.condition.get("seed", 0))

    @property
    def currency(self) -> str | None:
        """The currency in which money was counted; None without prices."""
        prices = self.condition.get("prices")
        return str(prices.get("currency")) if isinstance(prices, dict) else None

    @property
    def clocked(self) -> bool:
        """Whether seconds were budgeted, and so counted."""
        budget = self.condition.get("budget")
        return isinstance(budget, dict) and budget.get("seconds") is not None

    @property
    def spent(self) -> Spent:
        """The sum of what all generations that have ended spent."""
        return sum((row.spent for row in self.rows), start=Spent())

    @property
    def unannounced(self) -> int:
        """Tenures of all these generations whose last turn was not announced."""
        return sum(row.unannounced for row in self.rows)

    @property
    def generations(self) -> int:
        """Number of generations in the condition."""
        return int(self.condition.get("generations", len(self.rows)))

    @property
    def established_in(self) -> dict[str, int]:
        """Concept id -> the generation that established it. Concepts that were never established are absent."""
        return {concept: row.generation for row in self.rows for concept in row.new}

    @property
    def leaps(self) -> Leaps:
        """The leaps of the whole trial: those of all generations, combined."""
        return Leaps.together(row.leaps for row in self.rows)

    @property
    def form(self) -> UsableAnswers:
        """Unusable output of all generations together."""
        return UsableAnswers.together(row.form for row in self.rows)

    def row(self, generation: int) -> GenerationRow:
        """Return the row of one generation. Raises `UsageError` if it has not ended or does not exist."""
        for row in self.rows:
            if row.generation == generation:
                return row
        ended = f"1 to {self.rows[-1].generation}" if self.rows else "none"
        raise UsageError(f"{self.directory} has no generation {generation} that has ended (ended: {ended})")


def read_trial(directory: Path) -> Trial:
    """Read a trial directory. Raises `UsageError` if a file is missing or unreadable."""
    condition = read_condition(directory)
    task = read_task(directory)
    rows: list[GenerationRow] = []
    known: frozenset[str] = frozenset()
    reason: str | None = None
    task_digest, unannounced = "", 0
    form, leaps = FormCount(), LeapCount()
    for event in events(directory):
        form.take(event)
        leaps.take(event)
        if isinstance(event, TrialStarted):
            task_digest = event.task
        elif isinstance(event, GenerationStarted):  # each generation counts alone; a killed one is started again
            form, leaps, unannounced = FormCount(), LeapCount(), 0
        elif isinstance(event, TenureEnded):
            unannounced += event.unannounced
        elif isinstance(event, GenerationEnded):
            rows.append(_row(event, known, leaps.leaps(), form.form(), unannounced))
            known = known.union(event.established)
        elif isinstance(event, TrialEnded):
            reason = event.reason
    auc = sum(row.measures.get("depth_weighted_recall", 0.0) for row in rows) / len(rows) if rows else 0.0
    return Trial(
        directory=str(directory),
        condition=condition,
        task=task,
        task_digest=task_digest,
        rows=tuple(rows),
        reason=reason,
        auc=auc,
    )


def last_fault(directory: Path) -> str:
    """Return the message of the machine's fault that interrupted a tenure; empty if there was none.

    The logs of unfinished tenures are in `open/`. A fault that interrupted a tenure is the last event of its log.
    """
    for path in sorted((directory / "open").glob("*.jsonl")):
        last = deque(read_lines(path), maxlen=1)  # reads the whole log, but keeps one event in memory
        if last and isinstance(last[0][0], Fault) and last[0][0].side == "machine":
            return last[0][0].message
    return ""


def read_condition(directory: Path) -> dict[str, Any]:
    """Read the resolved condition as plain data. Raises `UsageError` if it can't be read."""
    path = directory / "condition.yaml"
    try:
        data = YAML(typ="safe", pure=True).load(_text(path, directory))
    except YAMLError as error:
        raise UsageError(f"{path} is not YAML ({str(error).splitlines()[0]}); {FIX}") from error
    if not isinstance(data, dict):
        raise UsageError(f"{path} holds no condition (expected a mapping); {FIX}")
    return data


def read_task(directory: Path) -> Task:
    """Read the task with its hidden graph. Raises `UsageError` if it can't be read."""
    path = directory / "task.json"
    try:
        return Task.model_validate_json(_text(path, directory))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the whole"
        raise UsageError(f"{path} holds no task ({where}: {first['msg']}); {FIX}") from error


def events(directory: Path) -> Iterator[AnyEvent]:
    """Yield the events of `events.jsonl`; none if the log has not been started.

    Raises `UsageError` if an event has another schema version.
    """
    path = directory / "events.jsonl"
    for event, _ in read_lines(path):
        if event.v != SCHEMA:
            raise UsageError(f"{path} was written with schema version {event.v}, expected {SCHEMA}; {OTHER_RELAY}")
        yield event


def _row(
    event: GenerationEnded, known: frozenset[str], leaps: Leaps, form: UsableAnswers, unannounced: int
) -> GenerationRow:
    return GenerationRow(
        generation=event.generation,
        established=tuple(sorted(event.established)),
        new=tuple(sorted(set(event.established) - known)),
        established_without_leaps=tuple(sorted(event.established_without_leaps)),
        retained=tuple(sorted(event.retained)),
        laws=event.laws,
        explained=event.explained,
        measures=event.measures,
        spent=event.spent,
        leaps=leaps,
        form=form,
        unannounced=unannounced,
    )


def _text(path: Path, directory: Path) -> str:
    if not directory.is_dir():  # a misspelt directory is more likely than a missing file, so name the directory
        raise UsageError(f"{directory} is not a directory; {FIX}")
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise UsageError(f"{directory} is not a trial: it has no {path.name}; {FIX}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} can't be read ({error}); {FIX}") from error
