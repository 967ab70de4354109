"""Carries out the action `match`: a term is held against the phenomena of its type.

It computes on what the researcher is shown, so it tells the same under every truth scheme, and earns nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from relay.checker.matching import Agreement
from relay.errors import NotationError
from relay.notation import print_type, read_match
from relay.notation.syntax import Definition
from relay.records.reply_data import AgreementData, MatchData
from relay.researcher.actions import Match
from relay.scoring.judge import Judge, PublicMatch
from relay.trial.replies import acted, of_match, of_refusal
from relay.trial.setup import TrialSetup
from relay.trial.tenure_log import Emit
from relay.trial.tenure_state import TenureState

__all__ = ["MatchExecutor"]

MOST_TOLD = 8
"""Most phenomena in a reply; the others are counted. A task may have dozens of one type."""


@dataclass(frozen=True)
class MatchExecutor:
    """Carries out the matches of one tenure. It has no state of its own."""

    setup: TrialSetup
    state: TenureState
    judge: Judge
    emit: Emit

    async def carry_out(self, action: Match) -> None:
        """Match a term and emit the reply (`Acted`). At least one evaluation must be left."""
        symbols = self.state.symbols
        try:
            read = read_match(action.term, self.setup.seeing(symbols.scope), self.setup.task.statement_size)
        except NotationError as error:
            # the most natural mistake: a term with names that nothing binds
            hint = "" if ":" in action.term else "; parameters stand before the term, as in `(x: TYPE): TERM`"
            self.emit(acted(action, False, f"ill_formed: {error}{hint}", evaluations=1))
            return
        left = self.setup.allowance(self.state.spent).remaining.evaluations
        priced = await self.judge.price("match", read, symbols.definitions, left)
        price = priced.evaluations
        if priced.refused:
            self.emit(acted(action, False, of_refusal(priced, left), evaluations=price))
            return
        failed = f"nothing was found (its process failed: {priced.by_machine})" if priced.by_machine else ""
        found = PublicMatch(failed=failed) if failed else await self.judge.match(read, symbols.definitions)
        if found.failed:
            self.emit(acted(action, False, found.failed, MatchData(by_machine=True), evaluations=price))
            return
        if not found.matched.agreements:
            reply = f"No phenomenon has the type of this term, {_type(read)}."
            self.emit(acted(action, False, reply, MatchData(), evaluations=price))
            return
        self._answer(action, found.matched.agreements, price)

    def _answer(self, action: Match, agreements: tuple[Agreement, ...], price: int) -> None:
        every = [
            (AgreementData(number=self.setup.numbers[one.id], agreed=one.agreed, points=one.points), one)
            for one in agreements
        ]
        every.sort(key=lambda pair: pair[0].rank)
        told = every[:MOST_TOLD]
        data = MatchData(agreements=tuple(one for one, _ in told))
        self.emit(acted(action, True, of_match(told, len(every) - len(told), price), data, evaluations=price))


def _type(read: Definition) -> str:
    """The type of the term, without the marks of names that nobody wrote."""
    parameters = ", ".join(print_type(parameter.type) for parameter in read.parameters)
    return f"({parameters}) -> {print_type(read.result)}".replace("'", "")
