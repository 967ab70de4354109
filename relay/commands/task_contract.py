"""The contract of tasks: what every component that builds a task keeps."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from relay.commands.arguments import worker_count
from relay.commands.task_inspection import inspect
from relay.commands.task_report import ConceptReport
from relay.components import build
from relay.records.condition import Condition
from relay.records.record import Record
from relay.records.task import Task
from relay.scoring.judge import PooledJudge
from relay.scoring.theory import Theory
from relay.scoring.workers import Workers
from relay.trial.asking import ask
from relay.trial.contract import reciter
from relay.trial.contract.rule import BrokenError, Contract, ContractRule
from relay.trial.contract.short_trial import BUDGET, SEED, ShortTrial, lived
from relay.trial.resolve import Schemes, resolve_condition

__all__ = ["CONTRACT"]

SEEDS = (1, 2)
"""Seeds that a task is built with."""
RECITER = {"name": f"{Path(reciter.__file__).resolve()}:Reciter", "parameters": {}}
CONTEXT = 60_000
"""Tokens for the prompt of any task."""


@dataclass(frozen=True)
class TaskSubject(ShortTrial):
    """A task and a folder for its trial."""

    def condition(self) -> Condition:
        """The condition of a trial on the task in which nobody does anything."""
        budget = BUDGET.model_copy(update={"context": CONTEXT, "tokens": CONTEXT})
        return resolve_condition(
            self.source, agent=RECITER, schemes=Schemes(), budget=budget, generations=1, width=1, seed=SEED
        )

    @cached_property
    def component(self) -> Record:
        """The component that builds the task."""
        made: Record = build("relay.tasks", self.source)
        return made

    def built(self, seed: int) -> Task:
        """The task of a seed."""
        task: Task = ask(self.component, "build", Task, seed)
        return task

    async def reports(self) -> list[ConceptReport]:
        """What `relay task check` finds, without the score of the laws."""
        task = self.built(SEEDS[0])
        async with Workers(worker_count(None)) as pool:
            return [report async for report in inspect(task, PooledJudge(pool, task), 0, at_once=4)]


def _built(subject: TaskSubject) -> None:
    for seed in SEEDS:
        Theory.read(subject.built(seed))


def _seeded(subject: TaskSubject) -> None:
    for seed in SEEDS:
        if subject.built(seed).model_dump_json() != subject.built(seed).model_dump_json():
            raise BrokenError(f"it builds two different tasks with the seed {seed}")


def _sound(subject: TaskSubject) -> None:
    for report in asyncio.run(subject.reports()):
        if faults := report.faults():
            raise BrokenError(f"the concept `{report.id}` has a fault: {faults[0].strip()}")


CONTRACT: Contract[TaskSubject] = Contract(
    noun="task",
    subject=TaskSubject,
    first=(ContractRule("built", "It builds a theory from any seed.", _built),),
    then=(
        ContractRule("seeded", "The same seed gives the same task, byte for byte.", _seeded),
        ContractRule("sound", "`relay task check` finds no fault in it.", _sound),
        ContractRule("lived", "It can be written down and read back, and a trial on it comes to its end.", lived),
    ),
)
