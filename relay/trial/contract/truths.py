"""The contract of truths: what every scheme that decides what researchers are told keeps."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from relay.checker.verdict import Verdict
from relay.records.budget import Budget
from relay.records.condition import Condition
from relay.records.events import AnyEvent, Credited, Explained, Judged, LawCredited
from relay.records.status import Status
from relay.schemes.truth.scheme import TruthScheme
from relay.trial.asking import ask
from relay.trial.contract import reciter
from relay.trial.contract.rule import BrokenError, Contract, ContractRule
from relay.trial.contract.short_trial import ShortTrial, lived, resumes, short_condition
from relay.trial.resolve import Schemes, Source
from relay.trial.setup import task_of

__all__ = ["CONTRACT"]

BUDGET = Budget(turns=3, tokens=60_000, context=16_000, evaluations=60)
SECRET = "all sizes and every field"
"""The scope of the verdicts that a truth is asked about."""
CLAIMS = tuple(status for status in Status if status not in (Status.ILL_FORMED, Status.DEFINED))
TOLD = {"seq", "told", "told_after", "explains"}
"""Keys of events that may differ from truth to truth: what is told, and when."""
SETS: tuple[tuple[int, ...], ...] = ((), (1,), (1, 2, 7))
"""Numbers of phenomena that a definition may explain."""


@dataclass(frozen=True)
class TruthSubject(ShortTrial):
    """A truth and a folder for its trials."""

    def condition(self) -> Condition:
        """The condition of the trial, in which the whole hidden theory is stated, and claims that don't hold."""
        return _condition(self.source)

    @property
    def truth(self) -> TruthScheme:
        """The truth."""
        return self.setup.truth

    @cached_property
    def shown(self) -> list[dict[str, Any]]:
        """What was found in a trial of the same answers in which everything is told."""
        return _found(_Shown("shown", self.folder / "shown").events)

    def told(self) -> Iterator[tuple[Verdict, Verdict | None]]:
        """Each verdict that the truth may be asked about, with what it tells of it."""
        for verdict in _verdicts():
            yield verdict, ask(self.truth, "of_claim", Verdict | None, verdict)


@dataclass(frozen=True)
class _Shown(ShortTrial):
    def condition(self) -> Condition:
        return _condition(self.source)


def _condition(truth: Source) -> Condition:
    task = task_of(short_condition(Schemes()))
    sources = [form.source for concept in task.concepts for form in concept.forms[:1]]
    laws = [law.source for concept in task.concepts for law in concept.laws]
    sort = task.given.sorts[0].name
    wrong = [f"claim (x: {sort}, y: {sort}): x == y", f"claim (x: {sort}): x != x"]
    lines = [
        json.dumps({"actions": [{"action": "state", "source": source} for source in each]})
        for each in (sources, [*laws, *wrong])
    ]
    agent = {"name": f"{Path(reciter.__file__).resolve()}:Reciter", "parameters": {"lines": lines}}
    return short_condition(Schemes(truth=truth), agent=agent, budget=BUDGET, generations=2)


def _found(events: list[AnyEvent]) -> list[dict[str, Any]]:
    """What the checker found of each statement, and the credit for it."""
    kept = (event for event in events if isinstance(event, Judged | Credited | LawCredited | Explained))
    return [event.model_dump(mode="json", exclude=TOLD) for event in kept]


def _verdicts() -> Iterator[Verdict]:
    for status in CLAIMS:
        for counterexample in ("", "x = 3"):
            message = f"{status.value}: {counterexample}" if counterexample else status.value
            evidence = ({"stage": "search", "sizes": SECRET},)
            yield Verdict(
                status=status, message=message, counterexample=counterexample, scope=SECRET, evidence=evidence
            )


def _total(subject: TruthSubject) -> None:
    ask(subject.truth, "tells", bool)
    for _ in subject.told():
        pass
    for numbers in SETS:
        ask(subject.truth, "of_phenomena", tuple[int, ...] | None, numbers)


def _repeatable(subject: TruthSubject) -> None:
    if list(subject.told()) != list(subject.told()):
        raise BrokenError("it tells two different things of the same verdict")
    for numbers in SETS:
        if subject.truth.of_phenomena(numbers) != subject.truth.of_phenomena(numbers):
            raise BrokenError(f"it tells two different things of the phenomena {list(numbers)}")


def _score(subject: TruthSubject) -> None:
    if _found(subject.events) != subject.shown:
        raise BrokenError("what the log says of a statement, or the credit for it, is not what it is under `shown`")


def _explained(subject: TruthSubject) -> None:
    for numbers in SETS:
        told = subject.truth.of_phenomena(numbers)
        if not set(told or ()) <= set(numbers):
            raise BrokenError(f"it tells that {list(told or ())} are explained, and {list(numbers)} are")


def _secret(subject: TruthSubject) -> None:
    for verdict, told in subject.told():
        if told is not None and SECRET in told.message:
            raise BrokenError(
                f"the message about a claim that is {verdict.status.value} tells for which sizes it is so"
            )


def _withheld(subject: TruthSubject) -> None:
    if subject.truth.tells:
        return
    if told := next((verdict for verdict, told in subject.told() if told is not None), None):
        raise BrokenError(f"`tells` is False, and it tells of a claim that is {told.status.value}")
    if any(subject.truth.of_phenomena(numbers) is not None for numbers in SETS):
        raise BrokenError("`tells` is False, and it tells which phenomena are explained")


CONTRACT: Contract[TruthSubject] = Contract(
    noun="truth",
    subject=TruthSubject,
    first=(
        ContractRule("lived", "A trial under it comes to its end.", lived),
        ContractRule("total", "It answers for every status, and for any phenomena.", _total),
    ),
    then=(
        ContractRule("repeatable", "What it tells depends on what it is asked alone.", _repeatable),
        ContractRule("score", "The score comes from the checker, and is the same under every truth.", _score),
        ContractRule(
            "explained", "Of the phenomena that a definition explains, it tells some, all, or none.", _explained
        ),
        ContractRule("secret", "Nobody is told the scope of a verdict, which betrays what was recognised.", _secret),
        ContractRule("withheld", "A truth that says that it tells nothing tells nothing.", _withheld),
        ContractRule(
            "resumed", "A trial that is killed at any moment and resumed has the same log, byte for byte.", resumes
        ),
    ),
)
