"""One tenure: turn by turn until a part of the budget is spent or the researcher ends the tenure.

Every event is written to the tenure's own file before it takes effect. A paid answer is never requested again: a
resumed tenure takes its answers from the file, carries out their actions again (they depend only on what came before),
compares what happens with the file, and then requests the next answer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from time import perf_counter

from relay.records.events import Answered, AnyEvent, TenureEnded, TenureStarted, TurnsGone
from relay.researcher.bench.bench import Runner
from relay.researcher.observation import TenureView
from relay.scoring.judge import Judge
from relay.trial.allowance import Horizon
from relay.trial.answer_executor import AnswerExecutor
from relay.trial.consultant import Consultant
from relay.trial.handing_on import leaving
from relay.trial.interviewer import Interviewer
from relay.trial.opening import open_tenure
from relay.trial.recalling_judge import RecallingJudge
from relay.trial.retry import Retry
from relay.trial.setup import TrialSetup
from relay.trial.state import TrialState
from relay.trial.tenure_log import TenureLog
from relay.trial.tenure_state import TenureState
from relay.trial.turn_ahead import TurnAhead, turn_ahead

__all__ = ["OnTurn", "Tenure"]

OnTurn = Callable[[int, int, int, float, int], None]
"""Called after each turn with generation, tenure, turn, seconds for the answer, and its tokens."""


class Tenure:
    """One tenure of a running generation."""

    def __init__(
        self,
        setup: TrialSetup,
        trial: TrialState,
        judge: Judge,
        runner: Runner,
        generation: int,
        number: int,
        log: TenureLog,
    ) -> None:
        """`trial` is the state at the start of the generation. The file of `log` may already hold the events of a part
        of the tenure."""
        self.setup = setup
        self.generation, self.number = generation, number
        self._opening = open_tenure(setup, trial, generation, number)
        self.state = TenureState(self._opening, setup.reader, trial.discoveries.forms)
        self.log = log
        self._told: Horizon | None = None
        """What the latest prompt said about the number of turns; None before the first."""
        self._consultant = Consultant(setup, self.state, log, self._emit)
        self._following: asyncio.Task[None] | None = None
        """The work of catching up, which may have to wait for something from outside."""
        self._interviewer = Interviewer(setup, self.state, runner, self._emit, generation, number)
        self._executor = AnswerExecutor(
            setup, self.state, RecallingJudge(judge, log), self._consultant, self._emit, (generation, number)
        )

    async def catch_up(self) -> None:
        """Do everything once more that the file says was done, up to the first answer that it lacks, a researcher's or
        another one from outside. Nothing is written, and no answer is requested.

        Raises `UsageError` if the file says something else than what follows from its answers.
        """
        self._emit(TenureStarted(), *self._opening.events)
        self._following = asyncio.create_task(self._follow())
        await self._consultant.until_wanted(self._following)
        if self.log.upcoming is not None:
            raise self.log.changed("does not follow from the lines before it")

    def leave(self) -> None:
        """Give up what is still being caught up with, if anything is."""
        if self._following is not None:
            self._following.cancel()

    async def _follow(self) -> None:
        """Carry out again what the file says was answered."""
        while (turn := self._turn_ahead()) is not None:
            recalled = self.log.recall()
            if not recalled:
                break
            for event in recalled:
                self.state.apply(event)
            await self._act_again(recalled[-1], turn)

    async def live(self, retry: Retry, on_turn: OnTurn) -> None:
        """Run the tenure to its end. Precondition: it has caught up. Raises `Interrupted` if machine faults exceed the
        retry limit."""
        assert self._following is not None, "it has caught up"
        with self.log.writing():
            self._consultant.open(retry)
            await self._following
            async with AsyncExitStack() as seat:
                seated = False
                while self.state.ended is None and (turn := self._turn_ahead()) is not None:
                    if not seated:  # not before: a tenure without another turn needs no person
                        await seat.enter_async_context(self.setup.agent.seated(turn.view))
                        seated = True
                    began = perf_counter()
                    answered = await self._interviewer.ask(turn.view, turn.asked, retry)
                    on_turn(self.generation, self.number, answered.turn, perf_counter() - began, answered.tokens_out)
                    await self._act(answered, turn)

    async def _act(self, answered: Answered, turn: TurnAhead) -> None:
        """Carry out the actions of an answer."""
        self._told = turn.horizon
        await self._executor.carry_out(answered, turn.asked)

    async def _act_again(self, answered: AnyEvent, turn: TurnAhead) -> None:
        """Carry out the actions of a logged answer again; what they do must be what the file says. If the file is
        believed, its events are taken as they are where they are complete."""
        assert isinstance(answered, Answered)
        done = self.log.turn(answered.turn) if self.log.believed else []
        self._told = turn.horizon
        for event in done:
            self.state.apply(event)
        if not done:
            await self._act(answered, turn)

    # --- whether there is a next turn ------------------------------------------------------------------------------

    def _turn_ahead(self) -> TurnAhead | None:
        """The next turn, from whose prompt turns have left if it was full; None if there is none, and then the end of
        the tenure is emitted."""
        turn = self._next_view()
        while turn.full:
            self._emit(TurnsGone(count=leaving(self.setup, len(turn.view.turns))))
            turn = self._next_view()
        reason = self._reason_to_end(turn.prompt)
        if reason is None:
            return turn
        self._end(reason, turn.view)
        return None

    def _next_view(self) -> TurnAhead:
        """The next turn as it stands, after what the file says came from outside meanwhile."""
        for event in self.log.outside():
            self.state.apply(event)
        return turn_ahead(self.setup, self.state, self._told, forgets=self.setup.memory.forgets)

    def _reason_to_end(self, prompt: int) -> str | None:
        """Why there is no next turn; None if there is one. `prompt`: tokens of its prompt. After a turn that was
        announced as the last, there is no next turn even if little was spent."""
        if self.state.wants_to_end:
            return "ended"
        allowance = self.setup.allowance(self.state.spent)
        if allowance.clock_has_run_out:
            return "seconds"
        if self._told is not None and self._told.last:
            return self._told.part
        return allowance.refusal(prompt)

    def _end(self, reason: str, view: TenureView) -> None:
        """Emit the end of the tenure.

        The end counts as announced in four cases: the researcher ended the tenure, it had no turn, its latest turn was
        announced as the last, or the clock ran out and the researcher sees the clock.
        """
        told = reason == "ended" or not view.turns or (self._told is not None and self._told.last)
        told = told or (reason == "seconds" and self.setup.agent.interactive)
        self._emit(TenureEnded(reason=reason, spent=self.state.spent, unannounced=not told))

    def _emit(self, *events: AnyEvent) -> None:
        """Write events to the file in one piece, then apply them."""
        for event in self.log.append(events, self.state.spent.turns):
            self.state.apply(event)
