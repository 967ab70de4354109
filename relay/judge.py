"""What a tenure asks of the examiner, and the process that answers.

A judgement is a pure function of the statement, what it rests on and the task, so it may be remembered, asked of any
worker and asked again. A worker that dies is no verdict: asked twice in vain, the statement is `undecided`.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from relay.checking.verdict import Status, Verdict
from relay.directory import read_task
from relay.errors import MachineFault
from relay.examiner import Examination, Examiner
from relay.library import closure
from relay.notation.syntax import Definition, Statement, Term
from relay.workers import Workers

__all__ = ["Judge", "PooledJudge"]

REMEMBERED = 4_096
"""Judgements kept; the chain restates what it reads."""

ATTEMPTS = 2
"""Workers that a statement may cost before it is left undecided."""


class Judge(Protocol):
    """Judges statements and values terms. `definitions` holds what they rest on, and may hold more."""

    async def examine(self, statement: Statement, definitions: Mapping[str, Definition]) -> Examination:
        """Verdict and credit."""

    async def evaluate(self, term: Term, definitions: Mapping[str, Definition]) -> str:
        """The value of a closed term on each of the task's public models, in words."""


class PooledJudge:
    """The task's examiner, in worker processes that read it from `task.json` once."""

    def __init__(self, workers: Workers, task: Path) -> None:
        self._workers = workers
        self._task = (str(task.resolve()), sha256(task.read_bytes()).hexdigest())
        self._known: OrderedDict[tuple[str, str], Examination] = OrderedDict()

    async def examine(self, statement: Statement, definitions: Mapping[str, Definition]) -> Examination:
        """Verdict and credit; `undecided` when the workers that were asked died."""
        known = (statement.key, statement.source)
        if known not in self._known:
            needed = closure((key for _, key in statement.rests_on), definitions)
            for attempt in range(ATTEMPTS):
                try:
                    found = await self._workers.run(_examine, self._task, statement, needed)
                    break
                except MachineFault:
                    if attempt + 1 == ATTEMPTS:
                        message = "The process that checked it died, twice; nothing is known about it."
                        return Examination(verdict=Verdict(status=Status.UNDECIDED, message=message))
            self._known[known] = found
            if len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return self._known[known]

    async def evaluate(self, term: Term, definitions: Mapping[str, Definition]) -> str:
        """The values, in words."""
        return await self._workers.run(_evaluate, self._task, term, dict(definitions))


@lru_cache(maxsize=4)
def _examiner(task: tuple[str, str]) -> Examiner:
    """The examiner of the task in a file, which is told apart by its digest too: another may have taken its place."""
    return Examiner(read_task(Path(task[0])))


def _examine(task: tuple[str, str], statement: Statement, definitions: dict[str, Definition]) -> Examination:
    return _examiner(task).examine(statement, definitions)


def _evaluate(task: tuple[str, str], term: Term, definitions: dict[str, Definition]) -> str:
    return _examiner(task).evaluate(term, definitions)
