"""Asking a tenure's researcher for its next answer.

It is asked again after the machine's faults, and waited for no longer than the clock allows.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from time import perf_counter

from relay.errors import MachineFault, ModelFault, UsageError
from relay.notation.decoding.callees import Callee, callees
from relay.records.budget import milliseconds
from relay.records.events import CLOCK, Answered, BrokenOff, Fault, Searched
from relay.researcher.answers import clean
from relay.researcher.bench import AllowanceError
from relay.researcher.bench.bench import Runner
from relay.researcher.observation import Answer, TenureView
from relay.researcher.turn import TurnContext
from relay.researcher.turn_bench import TurnBench
from relay.seeds import generator
from relay.text import excerpt
from relay.trial.charging import Attempt, charged
from relay.trial.retry import MACHINE, Interrupted, Retry
from relay.trial.setup import TrialSetup
from relay.trial.tenure_log import Emit
from relay.trial.tenure_state import TenureState

__all__ = ["Interviewer"]


@dataclass(frozen=True)
class Interviewer:
    """What asks the researcher of one tenure. It keeps nothing: what an answer changes is the fold of what it emits."""

    setup: TrialSetup
    state: TenureState
    runner: Runner
    emit: Emit
    generation: int
    tenure: int

    async def ask(self, view: TenureView, prompt: int, retry: Retry) -> Answered:
        """The next answer to a prompt of so many tokens, asked for again after each of the machine's faults; emits it
        with the searches behind it. `Interrupted` when the faults go on past the limit."""
        allowance = self.setup.allowance(self.state.spent)
        most, clock = allowance.asked(prompt, view.last), allowance.remaining.seconds
        for number in range(retry.limit + 1):
            searches: list[Searched] = []
            bench = self._bench(searches)
            try:
                attempt = await self._attempt(view, self._context(bench, most), clock)
            except MACHINE as error:
                await bench.close()
                self._log_fault(error)
                if retry.is_over(number, error):
                    raise Interrupted(f"{type(error).__name__}: {error}") from error
                await asyncio.sleep(retry.wait(number, error))
                continue
            await bench.close()
            answered = charged(self.setup, allowance, attempt, prompt, most)
            self.emit(*searches, answered)
            return answered
        raise AssertionError("the last attempt returns or raises")

    @property
    def _turn(self) -> int:
        """The number of the turn that is asked for."""
        return self.state.spent.turns + 1

    def _bench(self, searches: list[Searched]) -> TurnBench:
        """The bench for one attempt; what is spent on it is added to `searches`."""

        def left() -> int:
            remaining = self.setup.allowance(self.state.spent).remaining
            return remaining.evaluations - sum(search.count for search in searches)

        def charge(count: int, digest: str) -> None:
            searches.append(Searched(turn=self._turn, count=count, digest=digest))

        return TurnBench(self.runner, self.setup.task.given, left, charge)

    def _context(self, bench: TurnBench, most: int) -> TurnContext:
        rng = generator(self.setup.seed, "answer", self.generation, self.tenure, self._turn)
        return TurnContext(bench, rng, most, self._callees)

    def _callees(self) -> tuple[Callee, ...]:
        return callees(self.state.symbols.scope, self.state.symbols.definitions)

    async def _attempt(self, view: TenureView, turn: TurnContext, clock: float | None) -> Attempt:
        """Ask once. What has not come when the clock runs out is not waited for; what comes later all the same is not
        heard."""
        timer, began = asyncio.timeout(clock), perf_counter()
        answer, fault = Answer(text="", finish_reason="fault"), ""
        try:
            async with timer:
                answer = _checked(await self.setup.agent.answer(view, turn), self.setup)
        except (ModelFault, AllowanceError) as error:
            fault = excerpt(clean(str(error)), 500) or "the model failed"
        except MACHINE:
            if not timer.expired():
                raise
        except asyncio.CancelledError:
            if clock is not None and self.setup.agent.interactive:  # who stops and resumes has not the time again
                waited = min(milliseconds(perf_counter() - began), clock)
                self.emit(BrokenOff(turn=self._turn, seconds=waited))
            raise
        if clock is None:
            return Attempt(answer, fault, 0.0)
        seconds = milliseconds(perf_counter() - began)
        if timer.expired() or seconds >= clock:
            late = {"text": "", "reasoning": "", "finish_reason": CLOCK}
            return Attempt(answer.model_copy(update=late), "your time ran out", clock)
        return Attempt(answer, fault, seconds)

    def _log_fault(self, error: Exception) -> None:
        kind = error.kind if isinstance(error, MachineFault) else type(error).__name__
        self.emit(Fault(turn=self._turn, side="machine", kind=kind, message=excerpt(clean(str(error)), 500)))


def _checked(said: object, setup: TrialSetup) -> Answer:
    """What an agent gave, if it is an answer; its author's to mend where it is none."""
    if isinstance(said, Answer):
        return said
    what = "nothing" if said is None else f"a value of the type {type(said).__name__}"
    raise UsageError(f"the agent `{setup.condition.agent.name}` gave {what} where an `Answer` was expected; mend it")
