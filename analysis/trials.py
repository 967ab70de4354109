"""Read a trial: its condition, its task, one row for each generation, and how far its open tenures are.

`relay.records.reader` verifies everything. The log is read event by event, so memory grows with the number of
generations and not with the length of the log.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from analysis.crossing import CROSSING_EVENTS, Crossing, CrossingCount
from analysis.drift import Drift, DriftCount
from analysis.leaps import LeapCount, Leaps
from analysis.opinions import OpinionCount, Opinions
from analysis.planted import PlantedCount, PlantedError
from analysis.searches import Searches
from analysis.timings import time_taken
from analysis.usable_answers import FORM_EVENTS, FormCount, UsableAnswers
from relay.errors import UsageError
from relay.records.budget import Budget, Spent
from relay.records.condition import digest
from relay.records.consulted import Consulted
from relay.records.events import (
    AnyEvent,
    Credited,
    Fault,
    GenerationEnded,
    GenerationStarted,
    Judged,
    NoteChanged,
    Searched,
    TenureEnded,
    TenureStarted,
)
from relay.records.intervened import Intervened
from relay.records.kept import CharterKept
from relay.records.measures import TenureTally
from relay.records.reader import Ending, TrialReader
from relay.records.spec import ComponentSpec, named_task, read_spec
from relay.records.status_told import StatusTold
from relay.records.task import Task
from relay.text import printable


@dataclass(frozen=True)
class ToldOfTruth:
    """What became of the truth of statements."""

    opinions: Opinions
    drift: Drift
    late: int
    """Statements of earlier generations, or of this one, of which something was told at its end."""


@dataclass(frozen=True)
class GenerationRow:
    """The state after one generation, as the engine logged it. Concept ids are sorted."""

    generation: int
    established: tuple[str, ...]
    """Concepts established in this or an earlier generation."""
    new: tuple[str, ...]
    """Concepts established in this generation for the first time."""
    credited: tuple[tuple[str, ...], ...]
    """For each tenure of this generation, the concepts that it was credited with."""
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
    searches: Searches
    """Searches of this generation alone."""
    crossed: tuple[Crossing, ...]
    """For each tenure of this generation, what it was handed."""
    told: ToldOfTruth
    """What was told of claims in this generation, and what of it stands in the notes at its end."""
    charters: tuple[CharterKept, ...] = ()
    """How this generation kept each charter."""


@dataclass(frozen=True)
class RunningTenure:
    """How far a tenure is that has not ended, or whose generation has not. Nothing of its credit is known yet."""

    generation: int
    tenure: int
    spent: Spent
    over: bool = False
    """Whether it has ended, and waits for the other tenures of its generation."""
    fault: Fault | None = None
    """The latest fault, of the model or of the machine."""
    interrupted: bool = False
    """Whether this fault is one of the machine, and nothing has happened since."""


@dataclass(frozen=True)
class Trial:
    """A trial as read from its directory."""

    directory: str
    condition: dict[str, Any]
    """The content of `condition.yaml`."""
    task: Task
    rows: tuple[GenerationRow, ...]
    """Generations that have ended, in order."""
    running: tuple[RunningTenure, ...] = ()
    """The tenures of the next generation that have begun."""
    agent: ComponentSpec | None = None
    """The agent without default parameters, for titles; None if the caller does not know the defaults, which the files
    of a trial don't contain."""
    task_digest: str = ""
    """SHA-256 of the task's canonical JSON, as in the log."""
    reason: str | None = None
    """`completed` or `interrupted`; `rescored` if it was judged again before it had ended; None if it has not
    ended."""
    auc: float = 0.0
    """Mean depth-weighted recall of the retained concepts over the generations that have ended, 0 to 1."""
    planted: tuple[PlantedError, ...] = ()
    """The errors that a control planted in the notes, and what became of them."""
    seconds_taken: float | None = None
    """For how many seconds processes were at work on the trial; None if it has no times. No result depends on it."""

    @property
    def named(self) -> dict[str, Any]:
        """The condition for titles: a task that is read from a file has its own name, and the agent has a short
        spelling if it is known."""
        task = self.condition.get("task")
        named = {} if task is None else {"task": named_task(read_spec(task), self.task.name)}
        agent = {} if self.agent is None else {"agent": self.agent}
        return {**self.condition, **named, **agent}

    @property
    def budget(self) -> Budget:
        """The budget of each tenure."""
        return Budget.model_validate(self.condition.get("budget") or {})

    @property
    def last_fault(self) -> str:
        """The message of the machine's fault that interrupted an open tenure; empty if there was none."""
        return next((tenure.fault.message for tenure in self.running if tenure.interrupted and tenure.fault), "")

    @property
    def how_to_resume(self) -> str:
        """The command that resumes the trial."""
        agent = self.condition.get("agent")
        runs = isinstance(agent, dict) and "command" in (agent.get("parameters") or ())
        runs = runs or any(name.endswith(".py") for name in self.condition.get("files", ()))
        return printable(f"relay resume {shlex.quote(self.directory)}{' --trust' if runs else ''}")

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
        return self.budget.seconds is not None

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
    def too_long(self) -> int:
        """Definitions that have the values of a phenomenon or of a concept, and are too long to explain it."""
        return sum(row.form.too_long for row in self.rows)

    @property
    def leaps(self) -> Leaps:
        """The leaps of the whole trial: those of all generations, combined."""
        return Leaps.together(row.leaps for row in self.rows)

    @property
    def searches(self) -> Searches:
        """The searches of all generations together."""
        return Searches.together(row.searches for row in self.rows)

    @property
    def opinions(self) -> Opinions:
        """What was told of claims in all generations together."""
        return Opinions.together(row.told.opinions for row in self.rows)

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
    """Read and verify a trial. Raises `UsageError` if there is none, or if it is not whole."""
    reader = TrialReader.open(directory)
    rows = _Rows()
    planted = PlantedCount()

    def take(event: AnyEvent) -> None:
        rows.take(event)
        planted.take(event)

    ending = reader.read(take if reader.condition.interventions else rows.take)
    running = tuple(_running(reader, ending))
    auc = sum(row.measures["depth_weighted_recall"] for row in rows.rows) / len(rows.rows) if rows.rows else 0.0
    return Trial(
        directory=str(directory),
        condition=reader.condition.model_dump(mode="json"),
        task=reader.task,
        task_digest=digest(reader.task),
        rows=tuple(rows.rows),
        running=running,
        reason=ending.reason,
        auc=auc,
        planted=planted.errors(ending.generation),
        seconds_taken=time_taken(directory),
    )


class _Rows:
    """Makes one row of each generation that has ended."""

    def __init__(self) -> None:
        self.rows: list[GenerationRow] = []
        self._known: frozenset[str] = frozenset()
        """Concepts established before the present generation."""
        self._long: set[str] = set()
        """Keys of the definitions so far that were too long."""
        self._drift = DriftCount()
        self._begin()

    def _begin(self) -> None:
        """Begin to count a generation."""
        self._form, self._leaps, self._crossed, self._unannounced = FormCount(), LeapCount(), CrossingCount(), 0
        self._searches, self._before = Searches(), len(self._long)
        self._opinions, self._late = OpinionCount(), 0
        self._charters: list[CharterKept] = []
        self._credited: dict[int, set[str]] = {}
        """Tenure -> concepts that it was credited with."""

    def take(self, event: AnyEvent) -> None:
        """Count one event, and make a row at the end of a generation."""
        if type(event) in FORM_EVENTS:  # first, since most events of a log are of these types
            self._form.take(event)
            if isinstance(event, Judged):
                self._judge(event)
        elif isinstance(event, Credited):
            self._leaps.take(event)
            self._credited[event.tenure].add(event.concept)
        elif isinstance(event, Searched):
            self._searches = Searches.together((self._searches, Searches.of(event)))
        elif isinstance(event, TenureStarted):
            self._credited[event.tenure] = set()
        elif isinstance(event, Consulted):
            self._opinions.consult(event)
        elif isinstance(event, StatusTold):
            self._late += 1
        elif isinstance(event, NoteChanged | Intervened):
            self._drift.take(event)
        elif type(event) in CROSSING_EVENTS:
            self._crossed.take(event)
        elif isinstance(event, CharterKept):
            self._charters.append(event)
        elif isinstance(event, TenureEnded):
            self._unannounced += event.unannounced
        elif isinstance(event, GenerationStarted):
            self._begin()
        elif isinstance(event, GenerationEnded):
            self.rows.append(self._row(event))
            self._drift.take(event)
            self._known = self._known.union(event.established)

    def _judge(self, event: Judged) -> None:
        if event.too_long:
            self._long.add(event.key)
        self._opinions.judge(event)
        self._drift.take(event)

    def _row(self, ended: GenerationEnded) -> GenerationRow:
        return GenerationRow(
            generation=ended.generation,
            established=ended.established,
            new=tuple(sorted(set(ended.established) - self._known)),
            credited=tuple(tuple(sorted(concepts)) for concepts in self._credited.values()),
            established_without_leaps=ended.established_without_leaps,
            retained=ended.retained,
            laws=ended.laws,
            explained=ended.explained,
            measures=ended.measures,
            spent=ended.spent,
            leaps=self._leaps.leaps(),
            form=replace(self._form.form(), too_long=len(self._long) - self._before),
            unannounced=self._unannounced,
            searches=self._searches,
            crossed=self._crossed.crossings(),
            told=ToldOfTruth(self._opinions.opinions(), self._drift.drift(), self._late),
            charters=tuple(self._charters),
        )


def _running(reader: TrialReader, ending: Ending) -> Iterator[RunningTenure]:
    for number, lines in reader.open_tenures(ending):
        tally = TenureTally(())
        fault = None
        for line in lines:
            tally.apply(line.event)
            fault = line.event if isinstance(line.event, Fault) else fault
        last = lines[-1].event if lines else None
        yield RunningTenure(
            generation=ending.generation + 1,
            tenure=number,
            spent=tally.spent,
            over=isinstance(last, TenureEnded),
            fault=fault,
            interrupted=isinstance(last, Fault) and last.side == "machine",
        )
