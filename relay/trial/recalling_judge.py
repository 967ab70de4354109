"""The judge of a tenure that may be catching up with its file.

What is computed is computed again. Only where a machine failed, another attempt could give another result, so the
failure that the file holds is taken from there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from relay.notation.syntax import Definition, Statement, Term
from relay.scoring.examiner import Examination
from relay.scoring.judge import Judge
from relay.trial.tenure_log import TenureLog

__all__ = ["RecallingJudge"]


@dataclass(frozen=True)
class RecallingJudge:
    """A judge that repeats the failures of machines that a tenure's file holds."""

    judge: Judge
    log: TenureLog

    async def examine(self, statement: Statement, definitions: Mapping[str, Definition]) -> Examination:
        """The examination of a statement."""
        return await self.judge.examine(statement, definitions)

    async def evaluate(self, term: Term, definitions: Mapping[str, Definition]) -> str:
        """The value of a term."""
        return await self.judge.evaluate(term, definitions)
