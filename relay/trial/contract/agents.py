"""The contract of agents: what every researcher keeps. An agent with a model is asked as in any trial, and pays."""

from __future__ import annotations

from dataclasses import dataclass

from relay.records.budget import Spent
from relay.records.condition import Condition
from relay.records.events import Acted
from relay.researcher.agent import Agent
from relay.researcher.observation import Message, TenureView
from relay.trial.contract.rule import BrokenError, Contract, ContractRule
from relay.trial.contract.short_trial import ShortTrial, lived, resumes, short_condition
from relay.trial.opening import open_tenure
from relay.trial.resolve import Schemes

__all__ = ["CONTRACT"]

GENERATIONS = 2


@dataclass(frozen=True)
class AgentSubject(ShortTrial):
    """An agent and a folder for its trials."""

    def condition(self) -> Condition:
        """The condition of the trial: one researcher after the other."""
        return short_condition(Schemes(), agent=self.source, generations=GENERATIONS, width=1)

    @property
    def agent(self) -> Agent:
        """The agent."""
        return self.setup.agent

    def views(self) -> list[TenureView]:
        """What the researcher of each generation sees first."""
        openings = (open_tenure(self.setup, state, at, 1) for at, state in enumerate(self.states[:-1], 1))
        return [TenureView(observation=opening.observation, turns=(), spent=Spent()) for opening in openings]


def _usable(subject: AgentSubject) -> None:
    acted = [event for event in subject.events if isinstance(event, Acted)]
    if not any(not event.unusable for event in acted):
        raise BrokenError("none of its answers held an action that could be carried out")


def _prompts(subject: AgentSubject) -> None:
    for view in subject.views():
        before = view.model_dump_json()
        if subject.agent.messages(view) != subject.agent.messages(view):
            raise BrokenError("`messages` makes two different prompts of one view")
        if view.model_dump_json() != before:
            raise BrokenError("`messages` changes the view that it is given")


def _counted(subject: AgentSubject) -> None:
    few, many = (subject.agent.count((Message(role="user", content=text),)) for text in ("", "so it is " * 1_000))
    if not 0 <= few < many:
        raise BrokenError(f"`count` finds {few} tokens in an empty message, and {many} in one of 3,000 words")


def _repeatable(subject: AgentSubject) -> None:
    if _is_a_function(subject) and subject.again != subject.log:
        raise BrokenError("two trials of the same condition have two different logs")


def _resumed(subject: AgentSubject) -> None:
    if _is_a_function(subject):
        resumes(subject)


def _is_a_function(subject: AgentSubject) -> bool:
    """Whether its answers follow from its views: a model's need not."""
    return not subject.agent.priced_as()


CONTRACT: Contract[AgentSubject] = Contract(
    noun="agent",
    subject=AgentSubject,
    first=(ContractRule("lived", "A trial with it comes to its end.", lived),),
    then=(
        ContractRule("usable", "Some of its answers hold an action that can be carried out.", _usable),
        ContractRule("prompts", "Its prompt is a function of the view.", _prompts),
        ContractRule("counted", "A longer prompt has more tokens.", _counted),
        ContractRule("repeatable", "Without a model, its answers follow from the view and the generator.", _repeatable),
        ContractRule(
            "resumed", "Without a model, a trial that is killed and resumed has the same log, byte for byte.", _resumed
        ),
    ),
)
