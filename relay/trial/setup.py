"""Everything fixed for a trial, built once from its condition: components, task, theory, the order of phenomena."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from relay.checker.phenomena import Behaviour
from relay.checker.seen import seen_signature
from relay.component_files import located, verified
from relay.components import build
from relay.notation import print_type
from relay.notation.scope import Scope, Signature
from relay.notation.statement_reader import StatementReader
from relay.notation.syntax import Definition
from relay.records.budget import Budget, Spent
from relay.records.condition import Condition
from relay.records.spec import ComponentSpec
from relay.records.task import Task
from relay.researcher.actions import answer_schema
from relay.researcher.agent import Agent
from relay.researcher.disguise import Disguise
from relay.researcher.observation import Message, PublicPhenomenon, number_phenomena
from relay.researcher.prompting import describe_given, longest_lines
from relay.researcher.text_agent import TextAgent
from relay.researcher.vocabulary import Vocabulary
from relay.schemes.handover.charter import Charter
from relay.schemes.handover.step import HandoverStep
from relay.schemes.memory.scheme import MemoryScheme
from relay.schemes.notes.scheme import NoteScheme
from relay.schemes.truth.scheme import TruthScheme
from relay.scoring.theory import Theory
from relay.trial.action_check import actions_of
from relay.trial.allowance import Allowance
from relay.trial.asking import ask
from relay.trial.charters import Charters
from relay.trial.interventions.intervention import Intervention
from relay.trial.personas import persona_of, personas_in
from relay.trial.transport import joined

__all__ = ["SLACK", "TrialSetup", "task_of"]

SLACK = 16
"""Tokens by which a text that is put together may be longer than its parts. Numbers in it may change too."""


def task_of(condition: Condition) -> Task:
    """The task of a condition, built from its file if it has one. Raises `UsageError` if it can't be built."""
    spec = located("relay.tasks", condition.task, verified(condition))
    task: Task = ask(build("relay.tasks", spec), "build", Task, condition.seed)
    return task


@dataclass(frozen=True)
class TrialSetup:
    """The fixed parts of one trial."""

    condition: Condition
    task: Task
    theory: Theory
    agent: Agent
    notes: NoteScheme
    memory: MemoryScheme
    truth: TruthScheme
    steps: tuple[HandoverStep, ...]
    interventions: tuple[Intervention, ...]
    phenomena: tuple[PublicPhenomenon, ...]
    numbers: dict[str, int]
    """Phenomenon id -> its number as researchers see it."""
    given_text: str
    vocabulary: Vocabulary
    personas: tuple[str, ...]

    def persona(self, tenure: int) -> str:
        """What says to the researcher in a place of a generation, from 1, who it is; empty if nothing does."""
        return persona_of(self.personas, tenure)

    @property
    def budget(self) -> Budget:
        """The budget of one tenure."""
        return self.condition.budget

    @property
    def seed(self) -> int:
        """The trial's seed."""
        return self.condition.seed

    def allowance(self, spent: Spent, staying: int | None = None, growing: bool = False) -> Allowance:
        """The allowance of the next turn, after `spent` was spent. `staying`: tokens of a prompt without its turns, if
        these leave it when the context is full; `growing`: whether the next prompt still needs room for all of them."""
        return Allowance(self.condition.budget, spent, self.condition.prices, self._margin, staying, growing)

    def count(self, text: str) -> int:
        """Tokens of a text that the agent reads, by the agent's tokenizer, without the overhead of a message."""
        return self._bare(self.disguise.swap(text))

    def count_said(self, text: str) -> int:
        """Tokens of a text that the agent wrote, without the overhead of a message."""
        return self._bare(self.disguise.swap_answer(text))

    def _bare(self, text: str) -> int:
        # agents count only whole messages
        return self.agent.count((Message(role="user", content=text),)) - self._overhead

    @cached_property
    def disguise(self) -> Disguise:
        """The disguise between true words and the agent's words; `PLAIN` for agents that read no text."""
        return Disguise.of(self.vocabulary, self.agent.disguise if isinstance(self.agent, TextAgent) else None)

    @cached_property
    def charters(self) -> Charters:
        """The charters among the hand-over steps."""
        return Charters.of(self.condition, self.steps, type(self.notes))

    @cached_property
    def reader(self) -> StatementReader:
        """The reader of this trial's statements. The whole trial shares it, so that each statement is read once."""
        return StatementReader(self.task.given)

    def may_explain(self, definition: Definition) -> bool:
        """Whether there are phenomena that a definition could explain, by its type. Where types have sizes, any might
        do."""
        if self.task.given.scalars:
            return bool(self.phenomena)
        return (
            _kind([print_type(each.type) for each in definition.parameters], print_type(definition.result))
            in self._kinds
        )

    @cached_property
    def _kinds(self) -> frozenset[tuple[str, ...]]:
        return frozenset(_kind(each.parameters, each.result) for each in self.phenomena)

    def seeing(self, scope: Scope) -> Scope:
        """A scope for the terms of `evaluate` and `match`, which may look up what phenomena show."""
        return replace(scope, seen=self._seen)

    @cached_property
    def _seen(self) -> dict[int, Signature]:
        """Number of a phenomenon -> the signature of `seen` for it."""
        return {
            self.numbers[phenomenon.id]: seen_signature(Behaviour(phenomenon, self.task.given), place)
            for place, phenomenon in enumerate(self.task.phenomena)
        }

    @cached_property
    def _margin(self) -> int:
        # The next prompt has two more messages. A tokenizer may also join texts otherwise than they were counted.
        return self.count(longest_lines()) + 3 * self._overhead + SLACK

    @cached_property
    def _overhead(self) -> int:
        return self.agent.count((Message(role="user", content=""),))

    @classmethod
    def of(cls, condition: Condition, task: Task) -> TrialSetup:
        """Build every component of a condition from its files. Raises `UsageError` if one can't be built, or if a file
        is not the one that the condition names."""
        paths = verified(condition)

        def made(field: str, group: str, spec: ComponentSpec) -> Any:
            return build(group, joined(field, group, located(group, spec, paths), condition.origin.transport))

        phenomena = number_phenomena(task, condition.seed)
        steps = tuple(made("handover", "relay.handover", step) for step in condition.handover)
        personas = personas_in(condition)
        said = (*personas, *(step.rule for step in steps if isinstance(step, Charter)))
        notes: NoteScheme = made("notes", "relay.notes", condition.notes)
        actions = actions_of(notes)
        return cls(
            condition=condition,
            task=task,
            theory=Theory.read(task),
            agent=made("agent", "relay.agents", condition.agent),
            notes=notes,
            memory=made("memory", "relay.memory", condition.memory),
            truth=made("truth", "relay.truth", condition.truth),
            steps=steps,
            interventions=tuple(made("interventions", "relay.interventions", one) for one in condition.interventions),
            phenomena=tuple(phenomena.values()),
            numbers={id: phenomenon.number for id, phenomenon in phenomena.items()},
            given_text=describe_given(task.given),
            vocabulary=Vocabulary.of(task, answer_schema(actions), said),
            personas=personas,
        )


def _kind(parameters: Iterable[str], result: str) -> tuple[str, ...]:
    """Types of parameters in any order, and of the result, for comparison."""
    return tuple("".join(each.split()) for each in (*sorted(parameters), result))
