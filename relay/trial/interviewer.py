"""Requests the next answer from a tenure's researcher.

The request is repeated after machine faults, and ends when the tenure's clock runs out.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from time import perf_counter

from relay.errors import MachineFault, ModelFault
from relay.notation.decoding.callees import Callee, callees
from relay.records.budget import milliseconds
from relay.records.events import CLOCK, Answered, BrokenOff, Fault, Searched
from relay.researcher.answers import clean
from relay.researcher.bench import AllowanceError, Reach
from relay.researcher.bench.bench import Runner
from relay.researcher.observation import Answer, TenureView
from relay.researcher.turn import TurnContext
from relay.researcher.turn_bench import TurnBench
from relay.seeds import generator
from relay.text import excerpt
from relay.trial.asking import ask_async
from relay.trial.charging import Asked, Attempt, charged
from relay.trial.retry import MACHINE, Interrupted, Retry
from relay.trial.setup import TrialSetup
from relay.trial.tenure_log import Emit
from relay.trial.tenure_state import TenureState

__all__ = ["Interviewer"]


@dataclass(frozen=True)
class Interviewer:
    """Requests answers from the researcher of one tenure. It has no state of its own: it only emits events."""

    setup: TrialSetup
    state: TenureState
    runner: Runner
    emit: Emit
    generation: int
    tenure: int

    async def ask(self, view: TenureView, asked: Asked, retry: Retry) -> Answered:
        """Request the answer to a view, repeat after machine faults, and emit the searches and the answer.

        Raises `Interrupted` if the faults exceed the retry limit.
        """
        allowance = self.setup.allowance(self.state.spent, asked.staying, asked.growing)
        clock = allowance.remaining.seconds
        for number in range(retry.limit + 1):
            # A failed attempt costs nothing, so every attempt has a bench and a tally of its own.
            searches: list[Searched] = []
            bench = self._bench(searches)
            try:
                attempt = await self._attempt(view, self._context(bench, asked.most), clock)
            except MACHINE as error:
                await bench.close()
                self._log_fault(error)
                if retry.is_over(number, error):
                    raise Interrupted(f"{type(error).__name__}: {error}") from error
                await asyncio.sleep(retry.wait(number, error))
                continue
            await bench.close()
            on_bench = sum(search.count for search in searches)
            answered = charged(self.setup, allowance, attempt, asked, on_bench)
            self.emit(*searches, answered)
            return answered
        raise AssertionError("the last attempt returns or raises")

    @property
    def _turn(self) -> int:
        """The number of the turn whose answer is requested."""
        return self.state.spent.turns + 1

    def _bench(self, searches: list[Searched]) -> TurnBench:
        """The bench for one attempt. For each search that runs on it, an event with its cost is appended to
        `searches`."""

        def left() -> int:
            remaining = self.setup.allowance(self.state.spent).remaining
            return remaining.evaluations - sum(search.count for search in searches)

        def charge(count: int, digest: str) -> None:
            searches.append(Searched(turn=self._turn, count=count, digest=digest))

        def reached(reach: Reach) -> None:
            # The search was charged just before, so the last event is its own.
            searches[-1] = searches[-1].model_copy(update={"size": reach.size, "exhausted": reach.exhausted})

        return TurnBench(self.runner, self.setup.task.given, left, charge, reached)

    def _context(self, bench: TurnBench, most: int) -> TurnContext:
        rng = generator(self.setup.seed, "answer", self.generation, self.tenure, self._turn)
        return TurnContext(bench, rng, most, self._callees)

    def _callees(self) -> tuple[Callee, ...]:
        return callees(self.state.symbols.scope, self.state.symbols.definitions)

    async def _attempt(self, view: TenureView, turn: TurnContext, clock: float | None) -> Attempt:
        """Request an answer once. If `clock` seconds pass first, the answer is dropped, even if the agent ignored the
        cancellation and returned an answer late. If `clock` is None, there is no limit of time."""
        timer, began = asyncio.timeout(clock), perf_counter()
        answer, fault = Answer(text="", finish_reason="fault"), ""
        try:
            async with timer:
                answer = await ask_async(self.setup.agent, "answer", Answer, view, turn)
        except (ModelFault, AllowanceError) as error:
            fault = excerpt(clean(str(error)), 500) or "the model failed"
        except MACHINE:
            # The clock's own time-out looks like a machine fault; it is handled below.
            if not timer.expired():
                raise
        except asyncio.CancelledError:
            if clock is not None and self.setup.agent.interactive:  # stopping must not give a person more time
                waited = min(milliseconds(perf_counter() - began), clock)
                self.emit(BrokenOff(turn=self._turn, seconds=waited))
            raise
        if clock is None:
            return Attempt(answer, fault, 0.0)
        seconds = milliseconds(perf_counter() - began)
        # An agent that blocks the event loop returns late without a cancellation; so the seconds are compared too.
        if timer.expired() or seconds >= clock:
            late = {"text": "", "reasoning": "", "finish_reason": CLOCK}
            return Attempt(answer.model_copy(update=late), "your time ran out", clock)
        return Attempt(answer, fault, seconds)

    def _log_fault(self, error: Exception) -> None:
        kind = error.kind if isinstance(error, MachineFault) else type(error).__name__
        self.emit(Fault(turn=self._turn, side="machine", kind=kind, message=excerpt(clean(str(error)), 500)))
