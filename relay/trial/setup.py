"""All that is fixed for a trial, built once from its condition: components, task, theory, the order of phenomena."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from relay.components import build
from relay.notation.statement_reader import StatementReader
from relay.records.budget import Budget, Spent
from relay.records.condition import Condition
from relay.records.task import Task
from relay.researcher.actions import answer_schema
from relay.researcher.agent import Agent
from relay.researcher.disguise import Disguise
from relay.researcher.observation import Message, PublicPhenomenon, number_phenomena
from relay.researcher.prompting import describe_given
from relay.researcher.text_agent import TextAgent
from relay.researcher.vocabulary import Vocabulary
from relay.schemes.handover.step import HandoverStep
from relay.schemes.memory.scheme import MemoryScheme
from relay.schemes.notes.scheme import NoteScheme
from relay.schemes.truth.scheme import TruthScheme
from relay.scoring.theory import Theory
from relay.trial.allowance import Allowance

__all__ = ["TrialSetup"]


@dataclass(frozen=True)
class TrialSetup:
    """One trial's fixed parts."""

    condition: Condition
    task: Task
    theory: Theory
    agent: Agent
    notes: NoteScheme
    memory: MemoryScheme
    truth: TruthScheme
    steps: tuple[HandoverStep, ...]
    phenomena: tuple[PublicPhenomenon, ...]
    numbers: dict[str, int]
    """Phenomenon id -> its number as researchers see it."""
    given_text: str
    vocabulary: Vocabulary

    @property
    def budget(self) -> Budget:
        """What one tenure may spend."""
        return self.condition.budget

    @property
    def seed(self) -> int:
        """The trial's."""
        return self.condition.seed

    def allowance(self, spent: Spent) -> Allowance:
        """What the next turn of a tenure may spend that has spent so much."""
        return Allowance(self.condition.budget, spent, self.condition.prices)

    def count(self, text: str) -> int:
        """Tokens of a text as the agent's tokenizer counts what it reads of it, message overhead left out."""
        return self._bare(self.disguise.swap(text))

    def count_said(self, text: str) -> int:
        """The same of what the agent said, as it said it."""
        return self._bare(self.disguise.swap_answer(text))

    def _bare(self, text: str) -> int:
        return self.agent.count((Message(role="user", content=text),)) - self._overhead

    @cached_property
    def disguise(self) -> Disguise:
        """What stands between true words and what the agent reads."""
        return Disguise.of(self.vocabulary, self.agent.disguise if isinstance(self.agent, TextAgent) else None)

    @cached_property
    def reader(self) -> StatementReader:
        """What reads the statements of this trial: one for all of it, so that each is read once."""
        return StatementReader(self.task.given)

    @cached_property
    def _overhead(self) -> int:
        return self.agent.count((Message(role="user", content=""),))

    @classmethod
    def of(cls, condition: Condition, task: Task) -> TrialSetup:
        """Build every component of a condition; `UsageError` when one can't be."""
        phenomena = number_phenomena(task, condition.seed)
        notes: NoteScheme = build("relay.notes", condition.notes)
        return cls(
            condition=condition,
            task=task,
            theory=Theory.read(task),
            agent=build("relay.agents", condition.agent),
            notes=notes,
            memory=build("relay.memory", condition.memory),
            truth=build("relay.truth", condition.truth),
            steps=tuple(build("relay.handover", step) for step in condition.handover),
            phenomena=tuple(phenomena.values()),
            numbers={id: phenomenon.number for id, phenomenon in phenomena.items()},
            given_text=describe_given(task.given),
            vocabulary=Vocabulary.of(task, answer_schema(notes.actions)),
        )
