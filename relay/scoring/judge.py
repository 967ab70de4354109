"""The judge: examines statements and evaluates terms for a tenure or a command, in workers and with a cache.

An examination is a pure function of the statement, the definitions it rests on, and the task; so is the value of a
term. Both may therefore be remembered, computed by any worker, and computed again. A verdict depends only on the task's
given, but credit depends on the whole task, so the two have separate keys in the cache. If a worker fails, the
statement is `undecided`, its evidence gives the cause, and nothing is remembered.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol, TypeVar

from pydantic import ValidationError

from relay.checker.phenomena import Behaviour
from relay.checker.pricing import Price, Pricer
from relay.checker.verdict import by_machine, without_memory
from relay.errors import MachineFault, UsageError, WorkerFault
from relay.notation import canonical_term, print_term
from relay.notation.dependencies import closure
from relay.notation.syntax import Claim, Definition, Statement, Term
from relay.notation.traversal import called, walk
from relay.records.record import Record
from relay.records.task import Task, parse_task
from relay.scoring.cache import Cache
from relay.scoring.examiner import Examination, Examiner, Matched, Priced, priced
from relay.scoring.fingerprint import fingerprint
from relay.scoring.workers import CHECKING, Once, Workers

__all__ = ["Judge", "PooledJudge", "Price", "Priced", "PublicMatch", "PublicValue"]

REMEMBERED = 4_096
"""Largest number of examinations, and of values, in memory. Chains restate what they read, so many come again."""

LONGEST_KEPT = 4_000
"""Largest number of characters of a value that is kept; a longer one is computed again each time."""

ATTEMPTS = 2
"""Workers that may fail at one statement before it is `undecided`. The second worker is new, with its memory free."""


T = TypeVar("T")


class PublicValue(Record):
    """The value of a closed term on each of the task's public models."""

    text: str
    """The values, a line for each model, or why there are none."""
    by_machine: bool = False
    """Whether there is no value because the process that computed it failed. Another attempt may give a value."""


class PublicMatch(Record):
    """What a `match` finds."""

    matched: Matched = Matched()
    failed: str = ""
    """Why there is nothing, if the process that computed it failed. Another attempt may find something."""


class Judge(Protocol):
    """Examines statements and evaluates terms. `definitions` contains all that these rest on, and may contain more."""

    async def price(
        self, action: Priced, subject: Term | Statement, definitions: Mapping[str, Definition], most: int
    ) -> Price:
        """What an action costs, of which at most `most` evaluations are counted. It is asked before the action is
        carried out, and `subject` is what the action holds: a closed term, the term of a `match`, or a statement."""

    async def examine(self, statement: Statement, definitions: Mapping[str, Definition]) -> Examination:
        """Verdict, credit and explained phenomena of a statement."""

    async def evaluate(self, term: Term, definitions: Mapping[str, Definition]) -> PublicValue:
        """The value of a closed term on each of the task's public models."""

    async def match(self, definition: Definition, definitions: Mapping[str, Definition]) -> PublicMatch:
        """How the term of a `match`, read as a definition, compares with the phenomena."""


class PooledJudge:
    """Runs the examiner of one task in worker processes. Each worker reads the task once."""

    def __init__(self, workers: Workers, task: Path | Task, cache: Cache | None = None) -> None:
        """`task` may be the path of a `task.json`. The caller closes `cache`."""
        self._workers = workers
        self._cache = cache
        self._text = task.read_text(encoding="utf-8") if isinstance(task, Path) else task.model_dump_json() + "\n"
        self._digest = sha256(self._text.encode()).hexdigest()
        self._local: Examiner | None = None
        self._prepared = False
        self._values: OrderedDict[tuple[str, ...], str] = OrderedDict()
        self._bases: tuple[str, str, str] | None = None
        self._known: OrderedDict[tuple[str, str, bool], Examination] = OrderedDict()
        self._pricer: Pricer | None = None
        self._prices: OrderedDict[tuple[str, ...], int] = OrderedDict()
        """What was asked for -> its price, where all of it was counted."""
        self._sent: dict[tuple[str, str], Once] = {}
        """(key, source) -> the definition as sent to workers. Two sources may have the same key."""

    async def examine(
        self, statement: Statement, definitions: Mapping[str, Definition], *, credit: bool = True
    ) -> Examination:
        """The examination of a statement; without `credit`, it contains the verdict alone.

        If workers or the checker fail, the verdict is `undecided`. Raises `UsageError` if the task is inconsistent.
        """
        # the source belongs to the key: messages quote the author's own names
        known = (statement.key, statement.source, credit)
        if known in self._known:
            return self._known[known]
        needed = self._needed(statement, definitions)
        keys = self._keys(statement, needed) if self._cache is not None else ("", "")
        found = self._recall(keys, credit)
        if found is None:
            found = await self._ask(statement, needed, credit)
            if found.verdict.of_machine:
                # not remembered: another machine, or a later attempt, may well decide it
                return found
            self._keep(keys, found, credit)
        self._remember(known, found)
        return found

    async def price(
        self, action: Priced, subject: Term | Statement, definitions: Mapping[str, Definition], most: int
    ) -> Price:
        """What an action costs. Most prices are predicted here; where terms must be valued, a worker counts."""
        needed = self._needed(subject, definitions)
        canonical = subject.key if isinstance(subject, Definition | Claim) else canonical_term(subject)
        about = (action, canonical, *sorted(needed))
        if (known := self._prices.get(about)) is not None and known <= most:
            return Price(evaluations=known)
        found = priced(self._local_pricer(), action, subject, needed, most, count=False)
        if found is None:
            try:
                found = await self._asked(_priced, needed, action, subject, most)
            except WorkerFault as fault:
                return Price(by_machine=fault.cause)
        if not found.refused:
            self._prices[about] = found.evaluations
            if len(self._prices) > REMEMBERED:
                self._prices.popitem(last=False)
        return found

    def _needed(self, subject: Term | Statement, definitions: Mapping[str, Definition]) -> dict[str, Definition]:
        """The definitions that a term or a statement rests on."""
        if isinstance(subject, Definition | Claim):
            return closure((key for _, key in subject.rests_on), definitions)
        return closure((key for inner in walk(subject) if (key := called(inner)) is not None), definitions)

    async def evaluate(self, term: Term, definitions: Mapping[str, Definition]) -> PublicValue:
        """The value of a closed term on each public model. If the worker failed, there is none."""
        needed = self._needed(term, definitions)
        about = ("value", canonical_term(term), print_term(term))
        try:
            return PublicValue(text=await self._computed(about, needed, lambda: self._asked(_valued, needed, term)))
        except WorkerFault as fault:
            return PublicValue(text=f"no value (its process failed: {fault.cause})", by_machine=True)

    async def match(self, definition: Definition, definitions: Mapping[str, Definition]) -> PublicMatch:
        """How the term of a `match` compares with the phenomena. If the worker failed, there is nothing."""
        needed = self._needed(definition, definitions)
        about = ("match", definition.key, definition.source)
        try:
            found = await self._computed(about, needed, lambda: self._asked(_matched, needed, definition))
        except WorkerFault as fault:
            return PublicMatch(failed=f"nothing was found (its process failed: {fault.cause})")
        return PublicMatch(matched=Matched.model_validate_json(found))

    async def _computed(
        self, about: tuple[str, ...], needed: Mapping[str, Definition], compute: Callable[[], Awaitable[str]]
    ) -> str:
        """The text that `compute` gives, from memory or the cache if it is there. It depends on `about`, `needed` and
        the task. Raises `WorkerFault`."""
        about = (*about, *(part for key, d in needed.items() for part in (key, d.source)))
        if about in self._values:
            return self._values[about]
        key = _hash(self._bound()[2], *about) if self._cache is not None else ""
        value = self._cache.get(key) if self._cache is not None else None
        if value is None:
            value = await compute()
            if self._cache is not None and len(value) <= LONGEST_KEPT:
                self._cache.put({key: value})
        if len(value) <= LONGEST_KEPT:
            self._values[about] = value
            if len(self._values) > REMEMBERED:
                self._values.popitem(last=False)
        return value

    # --- asking ------------------------------------------------------------------------------------------------------

    async def _ask(self, statement: Statement, needed: dict[str, Definition], credit: bool) -> Examination:
        """The examination from a worker; failures of workers and of the checker become undecided verdicts.

        Raises `UsageError`, and exceptions that end a program.
        """
        try:
            return Examination.model_validate_json(await self._answer(statement, needed, credit))
        except UsageError:
            raise
        except WorkerFault as fault:
            return Examination(verdict=without_memory() if fault.memory else by_machine(fault.cause))
        except MachineFault as fault:
            return Examination(verdict=by_machine(str(fault)))
        except MemoryError:
            return Examination(verdict=without_memory())
        except Exception as error:  # a fault of the checker costs one statement, not all those after it
            return Examination(verdict=by_machine(f"the checker failed with {type(error).__name__}: {error}"))

    async def _answer(self, statement: Statement, needed: dict[str, Definition], credit: bool) -> str:
        # without workers nothing is pickled, and no limits hold
        if self._workers.count == 0:
            found = await self._workers.run(_weigh, self._examiner(), statement, needed, credit)
            return found.model_dump_json()
        self._prepare()
        shared = self._shared(needed)
        return await self._workers.run(
            _examine, self._digest, statement, shared, credit, limits=CHECKING, attempts=ATTEMPTS
        )

    async def _asked(self, of: Callable[..., T], needed: dict[str, Definition], *args: Any) -> T:
        """What `of(examiner, needed, *args)` gives, here or in a worker."""
        if self._workers.count == 0:
            return await self._workers.run(of, self._examiner(), needed, *args)
        self._prepare()
        shared = self._shared(needed)
        return await self._workers.run(_in_worker, of, self._digest, shared, *args, limits=CHECKING, attempts=ATTEMPTS)

    def _shared(self, definitions: Mapping[str, Definition]) -> dict[str, Once]:
        """`definitions` for sending to workers. Each definition is pickled once for all calls that use it."""
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

    def _local_pricer(self) -> Pricer:
        """The pricer of this process. It predicts and values nothing, so it may compute outside of the workers."""
        if self._pricer is None:
            task = self._task
            behaviours = [Behaviour(phenomenon, task.given) for phenomenon in task.phenomena]
            self._pricer = Pricer(task.given, task.statement_size, behaviours)
        return self._pricer

    @cached_property
    def _task(self) -> Task:
        return parse_task(self._text, "the task")

    def _examiner(self) -> Examiner:
        """The examiner of this process, for use without workers."""
        if self._local is None:
            self._local = Examiner(self._task)
        return self._local

    # --- remembering -------------------------------------------------------------------------------------------------

    def _remember(self, known: tuple[str, str, bool], found: Examination) -> None:
        self._known[known] = found
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)

    def _bound(self) -> tuple[str, str, str]:
        """Three hashes: of what a verdict, what credit, and what values of terms and matches depend on.

        That is the code and a part of the task. The statement or term itself is not included.
        """
        if self._bases is None:
            task = self._task
            given = task.given.model_dump_json()
            # brief and name are left out: neither verdict nor credit depends on them
            shown = task.model_dump_json(include={"given", "phenomena", "statement_size"})
            whole = task.model_dump_json(include={"given", "references", "concepts", "phenomena", "statement_size"})
            verdict, credit, value = (
                _hash(fingerprint(), what, of) for what, of in (("verdict", given), ("credit", whole), ("value", shown))
            )
            self._bases = (verdict, credit, value)
        return self._bases

    def _keys(self, statement: Statement, needed: Mapping[str, Definition]) -> tuple[str, str]:
        """Keys under which the cache keeps the verdict and the credit of `statement`, which rests on `needed`.

        Source texts are part of both keys, since messages quote the author's names.
        """
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
            # an entry that can't be read counts as missing: the cache must never make a trial fail
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
"""Digest of a task -> its examiner, in this worker process."""


def _open(digest: str, text: str) -> None:
    """Make the examiner of the task whose JSON is `text`, unless this worker has one with this `digest`.

    Trials of one task that share workers share its examiner.
    """
    if digest not in _OPENED:
        _OPENED[digest] = Examiner(parse_task(text, "the task"))


def _examine(digest: str, statement: Statement, definitions: dict[str, Definition], credit: bool) -> str:
    """The examination as JSON. Every worker gives the same text, and so does the cache."""
    found = _weigh(_OPENED[digest], statement, definitions, credit)
    if found.verdict.lacked_memory:
        raise MemoryError  # not returned as a verdict: the call is repeated in another worker, with more memory free
    return found.model_dump_json()


def _in_worker(of: Callable[..., T], digest: str, definitions: dict[str, Definition], *args: Any) -> T:
    return of(_OPENED[digest], definitions, *args)


def _priced(
    examiner: Examiner, definitions: dict[str, Definition], action: Priced, subject: Term | Statement, most: int
) -> Price:
    return examiner.price(action, subject, definitions, most)


def _valued(examiner: Examiner, definitions: dict[str, Definition], term: Term) -> str:
    return examiner.evaluate(term, definitions)


def _matched(examiner: Examiner, definitions: dict[str, Definition], definition: Definition) -> str:
    return examiner.match(definition, definitions).model_dump_json()


def _weigh(examiner: Examiner, statement: Statement, definitions: dict[str, Definition], credit: bool) -> Examination:
    if credit:
        return examiner.examine(statement, definitions)
    return Examination(verdict=examiner.verdict(statement, definitions))
