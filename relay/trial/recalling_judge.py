"""The judge of a tenure that may be catching up with its file.

What is computed is computed again. Only where a machine failed, another attempt could give another result, so the
failure that the file holds is taken from there. If a machine fails now where none failed then, nothing can be compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from relay.checker.verdict import Verdict
from relay.errors import UsageError
from relay.notation.syntax import Definition, Statement, Term
from relay.records.events import Acted, Judged
from relay.records.reply_data import MatchData, ValueData
from relay.records.status import Status
from relay.scoring.examiner import Examination
from relay.scoring.judge import Judge, Price, Priced, PublicMatch, PublicValue
from relay.trial.tenure_log import TenureLog

__all__ = ["RecallingJudge"]


@dataclass(frozen=True)
class RecallingJudge:
    """A judge that repeats the failures of machines that a tenure's file holds."""

    judge: Judge
    log: TenureLog

    async def price(
        self, action: Priced, subject: Term | Statement, definitions: Mapping[str, Definition], most: int
    ) -> Price:
        """What an action costs. Raises `UsageError` if counting fails now and nothing failed before."""
        logged = self.log.following
        if isinstance(logged, Judged | Acted) and _of_machine(logged):
            return Price(evaluations=logged.evaluations)
        found = await self.judge.price(action, subject, definitions, most)
        if logged is not None and found.by_machine:
            raise self._failed(found.by_machine)
        return found

    async def examine(self, statement: Statement, definitions: Mapping[str, Definition]) -> Examination:
        """The examination of a statement. Raises `UsageError` if its check fails now and did not fail before."""
        logged = self.log.following
        if isinstance(logged, Judged) and logged.reason is not None and _of_machine(logged):
            # nothing is earned by it, whatever else the file says
            return Examination(verdict=Verdict(status=Status.UNDECIDED, message=logged.message, reason=logged.reason))
        found = await self.judge.examine(statement, definitions)
        if logged is not None and found.verdict.of_machine:
            raise self._failed(found.verdict.message)
        return found

    async def evaluate(self, term: Term, definitions: Mapping[str, Definition]) -> PublicValue:
        """The value of a term. Raises `UsageError` if its computation fails now and did not fail before."""
        logged = self.log.following
        if isinstance(logged, Acted) and isinstance(logged.data, ValueData) and _of_machine(logged):
            return PublicValue(text=logged.reply, by_machine=True)
        found = await self.judge.evaluate(term, definitions)
        if logged is not None and found.by_machine:
            raise self._failed(found.text)
        return found

    async def match(self, definition: Definition, definitions: Mapping[str, Definition]) -> PublicMatch:
        """How the term of a `match` compares with the phenomena. Raises `UsageError` if its computation fails now and
        did not fail before."""
        logged = self.log.following
        if isinstance(logged, Acted) and isinstance(logged.data, MatchData) and _of_machine(logged):
            return PublicMatch(failed=logged.reply)
        found = await self.judge.match(definition, definitions)
        if logged is not None and found.failed:
            raise self._failed(found.failed)
        return found

    def _failed(self, why: str) -> UsageError:
        return UsageError(
            f"{self.log.where} can't be judged again now ({why}); nothing is lost: run this again, with "
            "fewer workers if memory is short"
        )


def _of_machine(logged: Judged | Acted) -> bool:
    """Whether an event says that a machine failed."""
    if isinstance(logged, Judged):
        return logged.reason is not None and logged.reason.of_machine
    return isinstance(logged.data, ValueData | MatchData) and logged.data.by_machine
