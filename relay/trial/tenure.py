"""One researcher's life: asked, heard, answered, until a budget is spent or it ends by itself.

Everything that happens is an event in the tenure's own file before it has any effect. What was paid for is never asked
again: on resume the file is folded, what followed the last answer is done anew (it is a function of what came before),
and only the next answer is asked for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from time import perf_counter
from typing import Any

from relay.errors import MachineFault, ModelFault, RelayError, UsageError
from relay.notation.decoding.callees import Callee, callees
from relay.records.budget import milliseconds
from relay.records.events import (
    CLOCK,
    Answered,
    AnyEvent,
    BrokenOff,
    Fault,
    NotesShown,
    Searched,
    TenureEnded,
    TenureStarted,
)
from relay.records.log import Appender, encode, read_lines
from relay.records.record import Record
from relay.researcher.actions import Action
from relay.researcher.answers import clean, read_answer
from relay.researcher.bench import AllowanceError
from relay.researcher.bench.bench import Runner
from relay.researcher.observation import Answer, TenureView
from relay.researcher.turn import TurnBench, TurnContext
from relay.scoring.judge import Judge
from relay.seeds import generator
from relay.text import excerpt
from relay.trial.action_executor import ActionExecutor
from relay.trial.allowance import Allowance
from relay.trial.charging import charged
from relay.trial.opening import open_tenure
from relay.trial.setup import TrialSetup
from relay.trial.state import TrialState
from relay.trial.tenure_state import TenureState

__all__ = ["Interrupted", "OnTurn", "Retry", "Tenure"]

OnTurn = Callable[[int, int, int, float, int], None]
"""Told after each turn: generation, tenure, turn, seconds for the answer, its tokens."""

MACHINE = (MachineFault, ConnectionError, TimeoutError)
"""What an agent raises when something between relay and its model broke."""


class Interrupted(RelayError):
    """The machine's faults went on past the retry limit; the trial can be resumed."""


class Retry(Record):
    """What is done about the machine's faults."""

    limit: int = 5
    """Times that one answer is asked for again."""
    pause: float = 1.0
    """Seconds before the first repetition; doubled for each that follows."""
    patience: float = 120.0
    """Seconds that the other side may ask for at most; then it is asked all the same."""


class Tenure:
    """One tenure of a running generation."""

    def __init__(
        self,
        setting: TrialSetup,
        state: TrialState,
        judge: Judge,
        runner: Runner,
        generation: int,
        number: int,
        path: Path,
    ) -> None:
        """`state` as it stood when the generation began; `path` is the tenure's own file, which may hold a part."""
        self.setting, self.judge, self.runner = setting, judge, runner
        self.generation, self.number = generation, number
        self.opening = open_tenure(setting, state, generation, number)
        self.life = TenureState(self.opening, setting.reader, state.credits)
        self.events: list[AnyEvent] = []
        kept = _keep([*read_lines(path)])
        self._path, self._size = path, kept[-1][1] if kept else 0
        self._appender: Appender | None = None
        self._announced = ""
        """Why the turn that was asked for last is the last; empty where its researcher was not told that it is."""
        turn = _last_turn([event for event, _ in kept])
        for event, _ in kept:
            if not self._belongs(event):
                raise _changed(path)
            self.events.append(event)
            try:
                if turn and event.turn == turn:  # before what was searched in it is spent
                    self._announced, turn = self._next()[2], 0
                self.life.apply(event)
            except (KeyError, IndexError) as error:  # it speaks of what is not there
                raise _changed(path) from error
        last = self.events[-1] if self.events else None
        self._unfinished = last if isinstance(last, Answered) else None
        self.acting = ActionExecutor(
            setting, self.life, judge, self._emit, f"g{generation}-t{number}", f"{generation}.{number}."
        )

    async def live(self, retry: Retry, on_turn: OnTurn) -> None:
        """Until it ends. `Interrupted` when the machine's faults go on past the limit."""
        self._appender = Appender(self._path, size=self._size)
        try:
            if not self.events:
                self._emit(TenureStarted(), self.opening.shown)
            if self._unfinished is not None:
                await self._act(self._unfinished)
            async with AsyncExitStack() as seat:
                seated = False
                while self.life.ended is None:
                    view, prompt, last = self._next()
                    reason = self._reason_to_end(prompt)
                    if reason is not None:
                        told = reason == "ended" or self._announced or not view.turns
                        told = told or (reason == "seconds" and self.setting.agent.interactive)
                        self._emit(TenureEnded(reason=reason, spent=self.life.spent, unannounced=not told))
                        break
                    if not seated:  # not before: a tenure that has nothing left to ask needs nobody
                        await seat.enter_async_context(self.setting.agent.seated(view))
                        seated = True
                    self._announced = last
                    began = perf_counter()
                    answered = await self._ask(view, prompt, retry)
                    on_turn(self.generation, self.number, answered.turn, perf_counter() - began, answered.tokens_out)
                    await self._act(answered)
        finally:
            self._appender.close()

    def _belongs(self, event: AnyEvent) -> bool:
        """Whether an event of the tenure's file is the one that stands there, as far as can be told."""
        seq = len(self.events)
        first = seq != 1 or event == self.opening.shown.model_copy(
            update={"generation": self.generation, "tenure": self.number, "seq": 1}
        )
        return first and (event.generation, event.tenure, event.seq) == (self.generation, self.number, seq)

    # --- budgets ---------------------------------------------------------------------------------------------------

    @property
    def _allowance(self) -> Allowance:
        return Allowance(self.setting.budget, self.life.spent, self.setting.condition.prices)

    def _next(self) -> tuple[TenureView, int, str]:
        """What its researcher would now be shown, the tokens of it as a prompt, and why it is the last turn, if so.
        That it is the last is told in the prompt too, and counted. No tokens are counted where nothing is asked any
        more: that takes as long as anything else in a turn."""
        view, agent = self.life.view(), self.setting.agent
        if self.life.wants_to_end or self._announced:
            return view, 0, ""
        prompt = agent.count(agent.messages(view))
        last = self._allowance.last(prompt)
        if last == "seconds" and agent.interactive:  # who sees the clock runs it down
            last = ""
        if last:
            view = view.model_copy(update={"last": True})
            prompt = agent.count(agent.messages(view))
        return view, prompt, last

    def _reason_to_end(self, prompt: int) -> str | None:
        """Why there is no next turn. After one that was announced as the last there is none, though it was short."""
        if self.life.wants_to_end:
            return "ended"
        if self._allowance.clock_has_run_out:
            return "seconds"
        return self._announced or self._allowance.refusal(prompt)

    # --- one turn --------------------------------------------------------------------------------------------------

    async def _ask(self, view: TenureView, prompt: int, retry: Retry) -> Answered:
        """Ask for the next answer, again after each of the machine's faults; emits it with the searches behind it."""
        budget, allowance = self.setting.budget, self._allowance
        most, clock = allowance.asked(prompt, view.last), allowance.seconds
        turn = self.life.spent.turns + 1
        for attempt in range(retry.limit + 1):
            searches: list[Searched] = []

            def left(searches: list[Searched] = searches) -> int:
                return self.life.left(budget) - sum(search.count for search in searches)

            def charge(count: int, digest: str, searches: list[Searched] = searches) -> None:
                searches.append(Searched(turn=turn, count=count, digest=digest))

            bench = TurnBench(self.runner, self.setting.task.given, left, charge)
            rng = generator(self.setting.seed, "answer", self.generation, self.number, turn)
            try:
                answer, fault, seconds = await self._attempt(view, TurnContext(bench, rng, most, self._callees), clock)
            except MACHINE as error:
                await bench.close()
                kind = error.kind if isinstance(error, MachineFault) else type(error).__name__
                self._emit(Fault(turn=turn, side="machine", kind=kind, message=excerpt(clean(str(error)), 500)))
                if attempt == retry.limit or (isinstance(error, MachineFault) and error.lasting):
                    raise Interrupted(f"{type(error).__name__}: {error}") from error
                asked = error.retry_after if isinstance(error, MachineFault) else 0.0
                await asyncio.sleep(max(retry.pause * 2**attempt, min(asked, retry.patience)))
                continue
            await bench.close()
            answered = charged(self.setting, allowance, answer, fault, prompt, most, seconds)
            self._emit(*searches, answered)
            return answered
        raise AssertionError("the last attempt returns or raises")

    async def _attempt(self, view: TenureView, desk: TurnContext, clock: float | None) -> tuple[Answer, str, float]:
        """Ask once: the answer, why the turn is lost, if so, and the seconds that it took where a clock runs. What has
        not come when the clock runs out is not waited for; what comes later all the same is not heard."""
        timer, began = asyncio.timeout(clock), perf_counter()
        answer, fault = Answer(text="", finish_reason="fault"), ""
        try:
            async with timer:
                answer = _checked(await self.setting.agent.answer(view, desk), self.setting)
        except (ModelFault, AllowanceError) as error:
            fault = excerpt(clean(str(error)), 500) or "the model failed"
        except MACHINE:
            if not timer.expired():
                raise
        except asyncio.CancelledError:
            if clock is not None and self.setting.agent.interactive:  # who stops and resumes has not the time again
                waited = min(milliseconds(perf_counter() - began), clock)
                self._emit(BrokenOff(turn=self.life.spent.turns + 1, seconds=waited))
            raise
        if clock is None:
            return answer, fault, 0.0
        seconds = milliseconds(perf_counter() - began)
        if timer.expired() or seconds >= clock:
            late = {"text": "", "reasoning": "", "finish_reason": CLOCK}
            return answer.model_copy(update=late), "your time ran out", clock
        return answer, fault, seconds

    def _callees(self) -> tuple[Callee, ...]:
        return callees(self.life.scope, self.life.definitions)

    async def _act(self, answered: Answered) -> None:
        """Carry out the actions of an answer."""
        if answered.fault:
            self._emit(Fault(side="model", kind=answered.finish_reason, message=answered.fault))
            return
        try:
            actions: list[Action] = read_answer(answered.text, self.setting.notes.actions)
        except ModelFault as error:
            self._emit(Fault(side="model", kind="malformed", message=str(error)))
            return
        for action in actions:
            await self.acting.carry_out(action)
            if self.life.wants_to_end:
                return

    # --- the log ---------------------------------------------------------------------------------------------------

    def _emit(self, *events: Any) -> None:
        """Write events at their place, in one piece, then apply them."""
        placed: list[AnyEvent] = []
        for event in events:
            turn = event.turn or self.life.spent.turns
            place = {"generation": self.generation, "tenure": self.number, "turn": turn}
            placed.append(event.model_copy(update={**place, "seq": len(self.events) + len(placed)}))
        assert self._appender is not None, "a tenure acts only while it lives"
        self._appender.append(encode(placed))
        for event in placed:
            self.events.append(event)
            self.life.apply(event)


def _checked(said: object, setting: TrialSetup) -> Answer:
    """What an agent gave, if it is an answer; its author's to mend where it is none."""
    if isinstance(said, Answer):
        return said
    what = "nothing" if said is None else f"a value of the type {type(said).__name__}"
    raise UsageError(f"the agent `{setting.condition.agent.name}` gave {what} where an `Answer` was expected; mend it")


def _changed(path: Path) -> UsageError:
    return UsageError(f"{path} is not as it was written; restore it, or remove it to have that tenure lived anew")


def _last_turn(events: list[AnyEvent]) -> int:
    """The turn of the last answer in a tenure's events; 0 when there is none, or nothing comes after it any more."""
    answers = [event.turn for event in events if isinstance(event, Answered)]
    return answers[-1] if answers and not isinstance(events[-1], TenureEnded) else 0


def _keep(found: list[tuple[AnyEvent, int]]) -> list[tuple[AnyEvent, int]]:
    """What of a tenure's file stands: all up to its last answer, and what the machine's faults prove to come after.

    What follows the last answer may be incomplete, and is done anew; searches whose answer never came were not charged.
    """
    events = [event for event, _ in found]
    if not any(isinstance(event, NotesShown) for event in events):
        return []
    if isinstance(events[-1], TenureEnded):
        return found
    answers = [place for place, event in enumerate(events) if isinstance(event, Answered)]
    end = answers[-1] + 1 if answers else 2
    turn = events[answers[-1]].turn if answers else 0
    later = [place for place in range(end, len(events)) if events[place].turn > turn]
    if later:
        end = later[0]
        while end < len(events) and not isinstance(events[end], Searched):
            end += 1
    return found[:end]
