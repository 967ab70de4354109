"""Asks the outside for one tenure: whatever comes from there is written to the tenure's file before it is used.

A tenure that is resumed takes what is there from its file. What is missing is asked for only when every tenure of the
generation has caught up with its file: until then nothing is written, and nobody is asked.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from relay.errors import MachineFault, ModelFault, UsageError
from relay.records.consulted import Consulted
from relay.records.events import Fault
from relay.researcher.answers import clean
from relay.researcher.model import Completion
from relay.schemes.outside import Question
from relay.text import excerpt
from relay.trial.retry import MACHINE, Interrupted, Retry
from relay.trial.setup import TrialSetup
from relay.trial.tenure_log import Emit, TenureLog
from relay.trial.tenure_state import TenureState

__all__ = ["Consultant"]

MOST_TOKENS = 1_000_000_000
"""Most tokens of one answer, or of its prompt, that are believed."""
LONGEST = 100_000
"""Most characters of an answer, and of its reasoning, that the log keeps."""


class Consultant:
    """The way to the outside for one tenure (`relay.schemes.outside.Outside`)."""

    def __init__(self, setup: TrialSetup, state: TenureState, log: TenureLog, emit: Emit) -> None:
        self._setup, self._state, self._log, self._emit = setup, state, log, emit
        self._prices = {} if setup.condition.prices is None else setup.condition.prices.others
        self._retry = Retry()
        self._wanted, self._opened = asyncio.Event(), asyncio.Event()
        self._answers: dict[str, Consulted] = {}
        """Digest of a question -> the answer to it, if it is no fault."""

    def open(self, retry: Retry) -> None:
        """Let requests through from now on. Precondition: the tenure's file is open for writing."""
        self._retry = retry
        self._opened.set()

    async def until_wanted(self, work: asyncio.Task[Any]) -> None:
        """Wait until `work` is done, or can't go on without a request. Raises what `work` raises."""
        wanted = asyncio.create_task(self._wanted.wait())
        try:
            await asyncio.wait({work, wanted}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            wanted.cancel()
        if work.done():
            work.result()

    def answered(self, question: Question) -> Consulted | None:
        """The answer that the tenure has already to an equal question, if it is no fault."""
        return self._answers.get(replace(question, by=self._named(question.by)).digest)

    async def ask(self, question: Question, answer: Callable[[], Awaitable[Completion]]) -> Consulted:
        """The answer to a question. Raises `Interrupted` if machine faults exceed the retry limit, and `UsageError` if
        the tenure's file has something else in its place."""
        question = replace(question, by=self._named(question.by))
        found = await self._answer(question, answer)
        if not found.fault:
            self._answers[question.digest] = found
        return found

    async def _answer(self, question: Question, answer: Callable[[], Awaitable[Completion]]) -> Consulted:
        """From the file if it is there, else from outside."""
        for event in self._log.outside():
            self._state.apply(event)
        logged = self._log.consulted(question.digest)
        if logged is not None:
            self._state.apply(logged)
            return logged
        if self._log.upcoming is not None:
            raise self._log.changed(f"is `{self._log.upcoming.type}`, and {question.by} is asked there")
        if (kept := self._log.kept(question.digest)) is not None:
            self._emit(kept)
            return kept
        self._wanted.set()
        await self._opened.wait()
        found = await self._asked(question, answer)
        self._emit(found)
        return found

    def _named(self, by: str) -> str:
        """Who is asked, as the condition has it: a component knows the files of the trial by their paths alone."""
        for name, path in self._setup.condition.origin.sources.items():
            by = by.replace(str(path), name)
        return by

    async def _asked(self, question: Question, answer: Callable[[], Awaitable[Completion]]) -> Consulted:
        for number in range(self._retry.limit + 1):
            try:
                return self._consulted(question, _checked(await answer(), question))
            except ModelFault as error:
                fault = excerpt(clean(str(error)), 500) or "the model failed"
                return self._consulted(question, Completion(text="", finish_reason="fault"), fault)
            except MACHINE as error:
                kind = error.kind if isinstance(error, MachineFault) else type(error).__name__
                self._emit(Fault(side="machine", kind=kind, message=excerpt(clean(f"{question.by}: {error}"), 500)))
                if self._retry.is_over(number, error):
                    raise Interrupted(f"{type(error).__name__}: {error}") from error
                await asyncio.sleep(self._retry.wait(number, error))
        raise AssertionError("the last attempt returns or raises")

    def _consulted(self, question: Question, said: Completion, fault: str = "") -> Consulted:
        tokens_in, tokens_out = _counted(said.tokens_in), _counted(said.tokens_out)
        cached = min(_counted(said.tokens_cached), tokens_in)
        prices = self._prices.get(question.by)
        return Consulted(
            purpose=question.purpose,
            by=question.by,
            manner=question.manner,
            request=question.digest,
            key=question.key,
            text=clean(said.text)[:LONGEST],
            reasoning=clean(said.reasoning)[:LONGEST],
            finish_reason=said.finish_reason,
            fault=fault,
            tokens_in=tokens_in,
            tokens_out=tokens_out,
            tokens_cached=cached,
            money=Decimal(0) if prices is None else prices.cost(tokens_in, tokens_out, cached),
        )


def _counted(tokens: int | None) -> int:
    """Tokens as they were reported, where that is a number of tokens that an answer can have."""
    return min(max(tokens or 0, 0), MOST_TOKENS)


def _checked(said: object, question: Question) -> Completion:
    if isinstance(said, Completion):
        return said
    raise UsageError(f"{question.by} returned a value of the type {type(said).__name__}; a model returns a Completion")
