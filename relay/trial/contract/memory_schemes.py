"""The contract of memory schemes. What the engine itself refuses is in `relay.schemes.memory.contract`; here every rule
is checked on many conversations, and on a trial whose contexts are full before its turns are over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from relay.records.budget import Budget
from relay.records.condition import Condition
from relay.researcher.tokens import count_text
from relay.schemes.memory import contract
from relay.schemes.memory.contract import HandedOver, hand_over
from relay.schemes.memory.scheme import MemoryScheme
from relay.trial.contract.conversations import ROOMS, conversations
from relay.trial.contract.rule import BrokenError, Contract, ContractRule, raised
from relay.trial.contract.short_trial import ShortTrial, lived, resumes, short_condition
from relay.trial.resolve import Schemes

__all__ = ["CONTRACT"]

BUDGET = Budget(turns=6, tokens=60_000, context=3_600, evaluations=60)
"""A context that is full before the turns are over."""
MOST_TURNS = 40


@dataclass(frozen=True)
class MemorySubject(ShortTrial):
    """A memory scheme and a folder for its trials."""

    def condition(self) -> Condition:
        """The condition of the trial."""
        return short_condition(Schemes(memory=self.source), budget=BUDGET, generations=3)

    @property
    def scheme(self) -> MemoryScheme:
        """The scheme."""
        return self.setup.memory

    def handed_over(self) -> Iterator[HandedOver]:
        """What the scheme hands on of each conversation in each room."""
        for remembered in conversations():
            for room in ROOMS:
                yield hand_over(self.scheme, remembered, room, count_text)


def _total(subject: MemorySubject) -> None:
    for remembered in conversations():
        for room in ROOMS:
            try:
                hand_over(subject.scheme, remembered, room, count_text)
            except (Exception, SystemExit) as error:
                told = raised(error, "`hand_on`")
                raise BrokenError(f"{told}, for {len(remembered)} messages in {room} tokens") from error


def _kept(rule: Callable[[HandedOver], str]) -> Callable[[MemorySubject], None]:
    """The check of one of the rules that the engine applies to each hand-over."""

    def check(subject: MemorySubject) -> None:
        for done in subject.handed_over():
            if told := rule(done):
                raise BrokenError(f"it {told}")

    return check


def _leaving(subject: MemorySubject) -> None:
    scheme = subject.scheme
    if scheme.summarises and not scheme.forgets:
        raise BrokenError("it `summarises`, and does not say that it `forgets`")
    for turns in range(2, MOST_TURNS) if scheme.forgets else ():
        count: object = scheme.leaving(turns)
        if type(count) is not int or not 0 < count < turns:
            raise BrokenError(f"`leaving` lets {count!r} of {turns} turns leave, not 1 to {turns - 1}")


def _rule(rule: Callable[[HandedOver], str]) -> ContractRule[MemorySubject]:
    return ContractRule(rule.__name__, " ".join((rule.__doc__ or "").split()), _kept(rule))


CONTRACT: Contract[MemorySubject] = Contract(
    noun="memory scheme",
    subject=MemorySubject,
    first=(
        ContractRule("lived", "A trial under it comes to its end.", lived),
        ContractRule("total", "It can hand on any conversation in any room, also none in no room.", _total),
        _rule(contract.messages_only),
    ),
    then=(
        *(_rule(rule) for rule in contract.RULES if rule is not contract.messages_only),
        ContractRule("leaving", "Of a full prompt, some of the oldest turns leave, and some stay.", _leaving),
        ContractRule(
            "resumed", "A trial that is killed at any moment and resumed has the same log, byte for byte.", resumes
        ),
    ),
)
