"""One tenure: turn by turn until a part of the budget is spent or the researcher ends the tenure.

Every event is written to the tenure's own file before it takes effect. A paid answer is never requested again: on
resume the file is folded, the actions of the last answer are done again (they depend only on what came before), and the
next answer is requested.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from relay.errors import ModelFault
from relay.records.events import Answered, AnyEvent, Fault, TenureEnded, TenureStarted
from relay.researcher.actions import Action
from relay.researcher.answers import read_answer
from relay.researcher.bench.bench import Runner
from relay.researcher.observation import TenureView
from relay.scoring.judge import Judge
from relay.trial.action_executor import ActionExecutor
from relay.trial.interviewer import Interviewer
from relay.trial.opening import open_tenure
from relay.trial.retry import Retry
from relay.trial.setup import TrialSetup
from relay.trial.state import TrialState
from relay.trial.tenure_log import TenureLog
from relay.trial.tenure_state import TenureState

__all__ = ["OnTurn", "Tenure"]

OnTurn = Callable[[int, int, int, float, int], None]
"""Called after each turn with generation, tenure, turn, seconds for the answer, and its tokens."""


@dataclass(frozen=True)
class _NextTurn:
    """The next turn, if the tenure has one."""

    view: TenureView
    prompt: int
    """Tokens of the view as a prompt; 0 if no further answer is requested."""
    last: str
    """Name of the part of the budget because of which the turn is the last; empty if it is not the last."""


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
        path: Path,
    ) -> None:
        """`trial` is the state at the start of the generation. `path` is the tenure's own file. It may already hold the
        events of a part of the tenure."""
        self.setup = setup
        self.generation, self.number = generation, number
        self._opening = open_tenure(setup, trial, generation, number)
        self.state = TenureState(self._opening, setup.reader, trial.store.credits)
        self.log = TenureLog(path, generation, number)
        self._announced = ""
        """Name of the part of the budget because of which the latest turn was announced as the last; empty if it was
        not announced."""
        self._interviewer = Interviewer(setup, self.state, runner, self._emit, generation, number)
        self._executor = ActionExecutor(
            setup, self.state, judge, self._emit, f"g{generation}-t{number}", f"{generation}.{number}."
        )
        self._replay()

    def _replay(self) -> None:
        """Fold the events in the file.

        Whether the latest turn was announced as the last must be computed from the state before that turn's first
        event, since its searches change what is left.
        """
        asked = self.log.last_asked
        for seq, event in enumerate(self.log.events):
            if not self.log.belongs(seq, self._opening.shown):
                raise self.log.changed()
            try:
                if asked and event.turn == asked:
                    self._announced, asked = self._next().last, 0
                self.state.apply(event)
            except (KeyError, IndexError) as error:  # the event refers to a note, key or answer that is missing
                raise self.log.changed() from error

    async def live(self, retry: Retry, on_turn: OnTurn) -> None:
        """Run the tenure to its end. Raises `Interrupted` if machine faults exceed the retry limit."""
        unfinished = self.log.last
        with self.log.writing():
            if not self.log.events:
                self._emit(TenureStarted(), self._opening.shown)
            if isinstance(unfinished, Answered):
                # a kill may have cut off its actions
                await self._act(unfinished)
            async with AsyncExitStack() as seat:
                seated = False
                while self.state.ended is None:
                    turn = self._next()
                    reason = self._reason_to_end(turn.prompt)
                    if reason is not None:
                        self._end(reason, turn.view)
                        break
                    if not seated:  # not before: a tenure without another turn needs no person
                        await seat.enter_async_context(self.setup.agent.seated(turn.view))
                        seated = True
                    self._announced = turn.last
                    began = perf_counter()
                    answered = await self._interviewer.ask(turn.view, turn.prompt, retry)
                    on_turn(self.generation, self.number, answered.turn, perf_counter() - began, answered.tokens_out)
                    await self._act(answered)

    # --- whether there is a next turn ------------------------------------------------------------------------------

    def _next(self) -> _NextTurn:
        """The view of the next turn, its prompt's tokens, and whether it is the last.

        The announcement of a last turn is part of the prompt and counted too. If no further answer is requested, no
        tokens are counted, because counting takes a noticeable part of a turn's time.
        """
        view, agent = self.state.view(), self.setup.agent
        if self.state.wants_to_end or self._announced:
            return _NextTurn(view, 0, "")
        prompt = agent.count(agent.messages(view))
        last = self.setup.allowance(self.state.spent).last(prompt)
        if last == "seconds" and agent.interactive:  # a person sees the clock and may use it up
            last = ""
        if last:
            view = view.model_copy(update={"last": True})
            prompt = agent.count(agent.messages(view))
        return _NextTurn(view, prompt, last)

    def _reason_to_end(self, prompt: int) -> str | None:
        """Why there is no next turn; None if there is one. `prompt`: tokens of its prompt. After a turn that was
        announced as the last, there is no next turn even if little was spent."""
        if self.state.wants_to_end:
            return "ended"
        allowance = self.setup.allowance(self.state.spent)
        if allowance.clock_has_run_out:
            return "seconds"
        return self._announced or allowance.refusal(prompt)

    def _end(self, reason: str, view: TenureView) -> None:
        """Emit the end of the tenure.

        The end counts as announced in four cases: the researcher ended the tenure, it had no turn, its latest turn was
        announced as the last, or the clock ran out and the researcher sees the clock.
        """
        told = reason == "ended" or self._announced or not view.turns
        told = told or (reason == "seconds" and self.setup.agent.interactive)
        self._emit(TenureEnded(reason=reason, spent=self.state.spent, unannounced=not told))

    # --- what an answer does ---------------------------------------------------------------------------------------

    async def _act(self, answered: Answered) -> None:
        """Carry out the actions of an answer in order, up to `end`."""
        if answered.fault:
            self._emit(Fault(side="model", kind=answered.finish_reason, message=answered.fault))
            return
        try:
            actions: list[Action] = read_answer(answered.text, self.setup.notes.actions)
        except ModelFault as error:
            self._emit(Fault(side="model", kind="malformed", message=str(error)))
            return
        for action in actions:
            await self._executor.carry_out(action)
            if self.state.wants_to_end:
                return

    def _emit(self, *events: AnyEvent) -> None:
        """Write events to the file in one piece, then apply them."""
        for event in self.log.append(events, self.state.spent.turns):
            self.state.apply(event)
