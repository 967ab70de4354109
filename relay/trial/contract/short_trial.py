"""A component prepared for the rules of its contract: a short trial under it, whole, and killed and resumed."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from relay.records.budget import Budget
from relay.records.condition import Condition
from relay.records.events import AnyEvent, GenerationEnded
from relay.records.log import read_chain
from relay.records.reader import TrialReader
from relay.seeds import generator
from relay.trial.contract import improviser
from relay.trial.contract.rule import BrokenError
from relay.trial.directory import condition_in
from relay.trial.resolve import Schemes, Source, resolve_condition
from relay.trial.retry import Retry
from relay.trial.setup import TrialSetup
from relay.trial.state import TrialState
from relay.trial.trial import run_trial

__all__ = ["IMPROVISER", "ShortTrial", "lived", "resumes", "short_condition"]

TASK = "alien(q=3, layers=1)"
GENERATIONS = 4
WIDTH = 2
BUDGET = Budget(turns=3, tokens=60_000, context=8_000, evaluations=60)
SEED = 11
KILLS = 4
"""How often the trial is killed and resumed."""
QUICK = Retry(limit=1, pause=0.0)
IMPROVISER: dict[str, Any] = {"name": f"{Path(improviser.__file__).resolve()}:Improviser", "parameters": {}}


class _Killed(BaseException):
    """Ends a trial at a moment that is no end."""


def short_condition(schemes: Schemes, **options: Any) -> Condition:
    """The condition of a short trial, in which researchers use and misuse every action."""
    usual = {"agent": IMPROVISER, "budget": BUDGET, "generations": GENERATIONS, "width": WIDTH, "seed": SEED}
    return resolve_condition(TASK, schemes=schemes, **{**usual, **options})


@dataclass(frozen=True)
class ShortTrial(ABC):
    """A component and a folder for its trials."""

    source: Source
    folder: Path

    @abstractmethod
    def condition(self) -> Condition:
        """The condition of the trial."""

    @cached_property
    def setup(self) -> TrialSetup:
        """The components of the trial."""
        reader = TrialReader.open(self._whole)
        return TrialSetup.of(condition_in(reader.files, reader.condition), reader.task)

    @cached_property
    def _whole(self) -> Path:
        self._run(self.folder / "whole")
        return self.folder / "whole"

    @cached_property
    def events(self) -> list[AnyEvent]:
        """The events of the trial."""
        return [line.event for line in read_chain(self._whole / "events.jsonl", "")]

    @property
    def log(self) -> bytes:
        """The log of the trial."""
        return (self._whole / "events.jsonl").read_bytes()

    @cached_property
    def again(self) -> bytes:
        """The log of another trial of the same condition."""
        self._run(self.folder / "again")
        return (self.folder / "again" / "events.jsonl").read_bytes()

    def resumed(self) -> Iterator[bytes]:
        """The logs of trials of the same condition, each of which was killed once and resumed."""
        condition = self.condition()
        moments = condition.generations * condition.width * condition.budget.turns
        rng = generator(SEED, "kills")
        for number in range(KILLS):
            where = self.folder / f"killed {number}"
            self._run(where, kill_at=1 + int(rng.integers(moments)), keep=float(rng.random()))
            self._run(where)
            yield (where / "events.jsonl").read_bytes()

    def _run(self, where: Path, kill_at: int = 0, keep: float = 1.0) -> None:
        """Run a trial, or go on with it. `kill_at`: the moment at which it is killed, if it is above 0. `keep`: the
        share of the open tenures' files that is on the disk by then."""
        told = 0

        def count(*_: Any) -> None:
            nonlocal told
            told += 1
            if told == kill_at:
                raise _Killed

        try:
            asyncio.run(run_trial(self.condition(), where, on_progress=count if kill_at else None, retry=QUICK))
        except _Killed:
            for path in sorted((where / "open").glob("*.jsonl")):
                path.write_bytes(path.read_bytes()[: int(keep * path.stat().st_size)])

    @cached_property
    def states(self) -> list[TrialState]:
        """The trial before each of its generations, and after the last."""
        ends = [event.generation for event in self.events if isinstance(event, GenerationEnded)]
        return [self._state(until) for until in (0, *ends)]

    def _state(self, until: int) -> TrialState:
        state = TrialState(self.setup.reader, transcripts=self.setup.memory.transcripts)
        for event in self.events:
            if event.generation <= until and event.type != "trial_ended":
                state.apply(event)
        return state


def lived(subject: ShortTrial) -> None:
    """A rule of every contract: the trial comes to its end."""
    if subject.states[-1].generation < subject.setup.condition.generations:
        raise BrokenError("it stopped before its last generation")


def resumes(subject: ShortTrial) -> None:
    """A rule of every contract: a killed trial goes on byte for byte."""
    for log in subject.resumed():
        if log != subject.log:
            raise BrokenError("a trial that was killed and resumed has another log")
