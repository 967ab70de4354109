"""Carries out the action `state`: a statement is read, judged, credited, and answered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from relay.checker.verdict import Verdict, by_machine
from relay.errors import NotationError
from relay.notation.syntax import Claim, Definition, Statement
from relay.records.events import Acted, Judged
from relay.records.reply_data import AgreementData, LengthData, StatementData
from relay.records.status import Status
from relay.researcher.actions import State
from relay.schemes.outside import Outside
from relay.schemes.truth.scheme import StatedClaim, TurnPlace
from relay.scoring.examiner import Examination
from relay.scoring.judge import Judge
from relay.trial.asking import told_phenomena, told_verdict
from relay.trial.earnings import earnings
from relay.trial.replies import (
    EXPLAINED_LATER,
    acted,
    joint,
    of_definition,
    of_explained,
    of_price,
    of_refusal,
    of_withheld,
)
from relay.trial.setup import TrialSetup
from relay.trial.tenure_log import Emit
from relay.trial.tenure_state import TenureState

__all__ = ["StatementExecutor", "judged"]


@dataclass(frozen=True)
class StatementExecutor:
    """Carries out the statements of one tenure. It has no state of its own."""

    setup: TrialSetup
    state: TenureState
    judge: Judge
    outside: Outside
    emit: Emit
    place: tuple[int, int]
    """Generation and tenure."""

    async def carry_out(self, action: State) -> Acted:
        """Judge a statement, emit its events, and return the reply, which the caller emits after them."""
        symbols = self.state.symbols
        try:
            statement = self.setup.reader.read(action.source, symbols.scope, self.setup.task.statement_size)
        except NotationError as error:
            return self._refuse(action, str(error))
        taken = symbols.names.get(statement.name or "")
        if isinstance(statement, Definition) and taken not in (None, statement.key):
            problem = f"the name `{statement.name}` already means another definition to you; choose another name"
            return self._refuse(action, problem)
        left = self.setup.allowance(self.state.spent).remaining.evaluations
        price = await self.judge.price("state", statement, symbols.definitions, left)
        if price.refused:
            return acted(action, False, of_refusal(price, left), evaluations=price.evaluations)
        if price.by_machine:
            found = Examination(verdict=by_machine(price.by_machine))
        else:
            found = await self.judge.examine(statement, symbols.definitions)
        told = await self._told(statement, found.verdict)
        more = {"evaluations": price.evaluations, **self._later(statement, told, found)}
        self.emit(judged(action.source, statement, found, told).model_copy(update=more))
        self._credit(statement, found)
        reply = self._answer(action, statement, told, found)
        return reply.model_copy(update={"reply": of_price(reply.reply, price.evaluations, joint(reply.reply))})

    def _refuse(self, action: State, problem: str) -> Acted:
        """Refuse the text of `action` as ill-formed because of `problem`. The refusal costs one evaluation, and is
        reported under every truth scheme."""
        status = Status.ILL_FORMED
        self.emit(Judged(source=action.source, status=status.value, message=problem, told=status.value))
        return acted(action, False, f"ill_formed: {problem}", StatementData(status=status))

    async def _told(self, statement: Statement, verdict: Verdict) -> Verdict | None:
        if not isinstance(statement, Claim) or verdict.status is Status.ILL_FORMED:
            return verdict
        generation, tenure = self.place
        stated = StatedClaim(
            claim=statement,
            definitions=self.state.symbols.definitions,
            verdict=verdict,
            given=self.setup.task.given,
            given_text=self.setup.given_text,
            place=TurnPlace(self.setup.seed, generation, tenure, self.state.spent.turns),
        )
        return await told_verdict(self.setup.truth, stated, self.outside)

    @property
    def _told_after(self) -> int:
        """The generation at whose end that which is withheld now is told; 0: none."""
        delay = self.setup.truth.delay
        return self.place[0] + delay - 1 if delay else 0

    def _later(self, statement: Statement, told: Verdict | None, found: Examination) -> dict[str, Any]:
        """What the event of a statement says of that which is told later."""
        if not self._told_after:
            return {}
        if not isinstance(statement, Definition):
            return {"told_after": self._told_after} if told is None else {}
        numbers = tuple(sorted(self.setup.numbers[id] for id in found.explained))
        withheld = self._numbers(found.explained) is None and self.setup.may_explain(statement)
        return {"told_after": self._told_after, "explains": numbers} if withheld else {}

    def _credit(self, statement: Statement, found: Examination) -> None:
        """Emit the credits of a statement, which are never reported."""
        setup, state = self.setup, self.state
        earned = earnings(
            statement, found, state.credit, state.symbols.readable, setup.theory.prerequisites, setup.numbers
        )
        for event in earned:
            self.emit(event)

    def _numbers(self, ids: Iterable[str]) -> tuple[int, ...] | None:
        """The numbers of phenomena, sorted, as far as they may be reported; None if nothing may."""
        return told_phenomena(self.setup.truth, tuple(sorted(self.setup.numbers[id] for id in ids)))

    def _nearest(self, found: Examination) -> AgreementData | None:
        """The phenomenon that a definition nearly explains, of those that may be reported. Of equals it is the one with
        the lowest number."""
        numbers = self.setup.numbers
        told = self._numbers(near.id for near in found.near)
        every = [
            AgreementData(number=numbers[near.id], agreed=near.agreed, points=near.points)
            for near in found.near
            if told is not None and numbers[near.id] in told
        ]
        return min(every, key=lambda near: near.rank, default=None)

    def _too_long(self, found: Examination) -> LengthData | None:
        """The phenomena that a definition reproduces, of those that may be reported, if it is too long to explain
        them."""
        numbers = self._numbers(found.long.phenomena) if found.long else None
        if found.long is None or not numbers:
            return None
        return LengthData(phenomena=numbers, length=found.long.length, most=found.long.most)

    def _answer(self, action: State, statement: Statement, told: Verdict | None, found: Examination) -> Acted:
        status = told.status if told else None
        data = StatementData(name=statement.name or "", kind=_kind(statement), key=statement.key, status=status)
        if not isinstance(statement, Definition):
            words = told.message if told else of_withheld(self._told_after)
            return acted(action, status is not Status.ILL_FORMED, words, data)
        if told is None or status is not Status.DEFINED:
            return acted(action, False, told.message if told else "", data)
        words = of_definition(statement)
        explained = self._numbers(found.explained)
        if explained is not None and self.setup.may_explain(statement):
            near, long = self._nearest(found), self._too_long(found)
            data = data.model_copy(update={"explained": explained, "near": near, "long": long})
            words += f" {of_explained(explained, near, long)}"
        elif self._told_after and self.setup.may_explain(statement):
            words += f" {EXPLAINED_LATER.format(self._told_after)}"
        return acted(action, True, words, data)


def judged(source: str, statement: Statement, found: Examination, told: Verdict | None) -> Judged:
    """The event of a judged statement; `told` is what is reported of the verdict."""
    verdict = found.verdict
    return Judged(
        key=statement.key,
        kind=_kind(statement),
        name=statement.name or "",
        source=source,
        rests_on=dict(statement.rests_on),
        status=verdict.status.value,
        scope=verdict.scope,
        message=verdict.message,
        counterexample=verdict.counterexample,
        reason=verdict.reason,
        told=told.status.value if told else None,
        too_long=found.long is not None or found.long_form,
    )


def _kind(statement: Statement) -> str:
    return "define" if isinstance(statement, Definition) else "claim"
