"""What a tenure, or a command, asks of the examiner, and who answers: a worker, or the cache.

A judgement is a pure function of the statement, what it rests on and the task, as is a value of its term: both may be
remembered, asked of any worker and asked again. The verdict depends on what the task gives, credit on the whole task:
they are kept apart. What befell a worker is no verdict: the statement is `undecided`, its evidence says so, and nothing
is remembered.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from pydantic import ValidationError

from relay.checker.verdict import OUT_OF_MEMORY, by_machine
from relay.errors import MachineFault, UsageError, WorkerFault
from relay.notation import canonical_term, print_term
from relay.notation.dependencies import closure
from relay.notation.syntax import Definition, Statement, Term
from relay.notation.traversal import called, walk
from relay.records.task import Task
from relay.records.trial_files import parse_task
from relay.scoring.cache import Cache
from relay.scoring.examiner import Examination, Examiner
from relay.scoring.fingerprint import fingerprint
from relay.scoring.workers import CHECKING, Once, Workers

__all__ = ["Judge", "PooledJudge"]

REMEMBERED = 4_096
"""Judgements kept; the chain restates what it reads."""

LONGEST_KEPT = 4_000
"""Characters of a value that is kept; a longer one is worked out again."""

ATTEMPTS = 2
"""Workers that a statement may cost before it is left undecided; the second has done nothing else before."""


class Judge(Protocol):
    """Judges statements and values terms. `definitions` holds what they rest on, and may hold more."""

    async def examine(self, statement: Statement, definitions: Mapping[str, Definition]) -> Examination:
        """Verdict and credit."""

    async def evaluate(self, term: Term, definitions: Mapping[str, Definition]) -> str:
        """The value of a closed term on each of the task's public models, in words."""


class PooledJudge:
    """The task's examiner, in worker processes that read the task once."""

    def __init__(self, workers: Workers, task: Path | Task, cache: Cache | None = None) -> None:
        """`task` may be the path of a `task.json`. `cache` stays the caller's to close."""
        self._workers = workers
        self._cache = cache
        self._text = task.read_text(encoding="utf-8") if isinstance(task, Path) else task.model_dump_json() + "\n"
        self._digest = sha256(self._text.encode()).hexdigest()
        self._local: Examiner | None = None
        self._prepared = False
        self._values: OrderedDict[tuple[str, ...], str] = OrderedDict()
        self._bases: tuple[str, str, str] | None = None
        self._known: OrderedDict[tuple[str, str, bool], Examination] = OrderedDict()
        self._sent: dict[tuple[str, str], Once] = {}
        """Definitions by key and source, which tell them apart."""

    async def examine(
        self, statement: Statement, definitions: Mapping[str, Definition], *, credit: bool = True
    ) -> Examination:
        """Verdict and credit, `undecided` when the workers that were asked died; without `credit` the verdict is all
        there is in it. Raises `UsageError` when the task does not hold together."""
        known = (statement.key, statement.source, credit)
        if known in self._known:
            return self._known[known]
        needed = closure((key for _, key in statement.rests_on), definitions)
        keys = self._keys(statement, needed) if self._cache is not None else ("", "")
        found = self._recall(keys, credit)
        if found is None:
            found = await self._ask(statement, needed, credit)
            if found.verdict.of_machine:
                return found
            self._keep(keys, found, credit)
        self._remember(known, found)
        return found

    async def evaluate(self, term: Term, definitions: Mapping[str, Definition]) -> str:
        """The values, in words."""
        needed = closure((key for inner in walk(term) if (key := called(inner)) is not None), definitions)
        about = (
            canonical_term(term),
            print_term(term),
            *(part for key, d in needed.items() for part in (key, d.source)),
        )
        if about in self._values:
            return self._values[about]
        key = _hash(self._bound()[2], *about) if self._cache is not None else ""
        value = self._cache.get(key) if self._cache is not None else None
        if value is None:
            try:
                value = await self._value(term, needed)
            except WorkerFault as fault:
                return f"no value (the process that valued it was {fault.cause})"
            if self._cache is not None and len(value) <= LONGEST_KEPT:
                self._cache.put({key: value})
        if len(value) <= LONGEST_KEPT:
            self._values[about] = value
            if len(self._values) > REMEMBERED:
                self._values.popitem(last=False)
        return value

    # --- asking ------------------------------------------------------------------------------------------------------

    async def _ask(self, statement: Statement, needed: dict[str, Definition], credit: bool) -> Examination:
        """What a worker answers; what befell it is an examination too. Raises `UsageError` and what ends a program."""
        try:
            return Examination.model_validate_json(await self._answer(statement, needed, credit))
        except UsageError:
            raise
        except WorkerFault as fault:
            return Examination(verdict=by_machine(fault.cause))
        except MachineFault as fault:
            return Examination(verdict=by_machine(str(fault)))
        except MemoryError:
            return Examination(verdict=by_machine(OUT_OF_MEMORY))
        except Exception as error:  # a fault of the checker costs one statement, not all those after it
            return Examination(verdict=by_machine(f"the checker failed with {type(error).__name__}: {error}"))

    async def _answer(self, statement: Statement, needed: dict[str, Definition], credit: bool) -> str:
        if self._workers.count == 0:
            found = await self._workers.run(_weigh, self._examiner(), statement, needed, credit)
            return found.model_dump_json()
        self._prepare()
        shared = self._shared(needed)
        return await self._workers.run(
            _examine, self._digest, statement, shared, credit, limits=CHECKING, attempts=ATTEMPTS
        )

    async def _value(self, term: Term, needed: dict[str, Definition]) -> str:
        if self._workers.count == 0:
            return await self._workers.run(self._examiner().evaluate, term, needed)
        self._prepare()
        shared = self._shared(needed)
        return await self._workers.run(_evaluate, self._digest, term, shared, limits=CHECKING, attempts=ATTEMPTS)

    def _shared(self, definitions: Mapping[str, Definition]) -> dict[str, Once]:
        """Definitions by key, as they are sent to workers."""
        shared: dict[str, Once] = {}
        for key, definition in definitions.items():
            found = self._sent.get((key, definition.source))
            if found is None:
                if len(self._sent) >= REMEMBERED:
                    self._sent.clear()
                found = self._sent[key, definition.source] = Once(definition)
            shared[key] = found
        return shared

    def _prepare(self) -> None:
        if not self._prepared:
            self._workers.prepare(_open, self._digest, self._text)
            self._prepared = True

    def _examiner(self) -> Examiner:
        """The examiner of this process, where there are no workers."""
        if self._local is None:
            self._local = Examiner(parse_task(self._text, "the task"))
        return self._local

    # --- remembering -------------------------------------------------------------------------------------------------

    def _remember(self, known: tuple[str, str, bool], found: Examination) -> None:
        self._known[known] = found
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)

    def _bound(self) -> tuple[str, str, str]:
        """What a verdict, credit and a value are functions of besides what they are about."""
        if self._bases is None:
            task = parse_task(self._text, "the task")
            given = task.given.model_dump_json()
            whole = task.model_dump_json(include={"given", "references", "concepts", "phenomena"})
            verdict, credit, value = (
                _hash(fingerprint(), what, of) for what, of in (("verdict", given), ("credit", whole), ("value", given))
            )
            self._bases = (verdict, credit, value)
        return self._bases

    def _keys(self, statement: Statement, needed: Mapping[str, Definition]) -> tuple[str, str]:
        """Keys of the verdict and of the credit. What a message says depends on the author's own names, so the source
        counts, and that of what it rests on."""
        verdict, credit, _ = self._bound()
        about = [statement.key, statement.source, *(part for key, d in needed.items() for part in (key, d.source))]
        return _hash(verdict, *about), _hash(credit, *about)

    def _recall(self, keys: tuple[str, str], credit: bool) -> Examination | None:
        if self._cache is None:
            return None
        verdict = self._cache.get(keys[0])
        earned = self._cache.get(keys[1]) if credit and verdict is not None else "{}"
        if verdict is None or earned is None:
            return None
        try:
            return Examination.model_validate({"verdict": json.loads(verdict), **json.loads(earned)})
        except (ValidationError, ValueError, TypeError):
            return None

    def _keep(self, keys: tuple[str, str], found: Examination, credit: bool) -> None:
        if self._cache is None:
            return
        entries = {keys[0]: found.verdict.model_dump_json()}
        if credit:
            entries[keys[1]] = found.model_dump_json(exclude={"verdict"})
        self._cache.put(entries)


def _hash(*parts: str) -> str:
    return sha256(json.dumps(parts).encode()).hexdigest()


# --- in a worker -----------------------------------------------------------------------------------------------------

_OPENED: dict[str, Examiner] = {}
"""Examiners of this process, by the digest of their task."""


def _open(digest: str, text: str) -> None:
    """Trials of the same task that share workers share its examiner."""
    if digest not in _OPENED:
        _OPENED[digest] = Examiner(parse_task(text, "the task"))


def _examine(digest: str, statement: Statement, definitions: dict[str, Definition], credit: bool) -> str:
    """The examination as JSON: the same text whoever made it, and whether or not it was kept."""
    found = _weigh(_OPENED[digest], statement, definitions, credit)
    if found.verdict.lacked_memory:
        raise MemoryError  # another worker may have more of it left
    return found.model_dump_json()


def _evaluate(digest: str, term: Term, definitions: dict[str, Definition]) -> str:
    return _OPENED[digest].evaluate(term, definitions)


def _weigh(examiner: Examiner, statement: Statement, definitions: dict[str, Definition], credit: bool) -> Examination:
    if credit:
        return examiner.examine(statement, definitions)
    return Examination(verdict=examiner.verdict(statement, definitions))
