"""Wall-clock as a budget: what it stops, what is not charged, and that a killed trial ends in the same way."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import pytest

from relay.errors import MachineFault, ModelFault
from relay.records.budget import Budget, Spent
from relay.records.condition import Condition
from relay.researcher.observation import Answer, TenureView
from relay.researcher.prompting import left
from relay.researcher.turn import TurnContext
from relay.trial.allowance import Allowance
from relay.trial.trial import run_trial
from tests.agents.explorer.test_from_text import task, view_of
from tests.trial.helpers import condition, of_type, own_events, reopen, run
from tests.trial.puppets import Puppet, puppet
from tests.trial.toy import apply_often

NOTHING = '{"actions": []}'
LONG = 60.0
"""Seconds that no test waits for: such a clock does not run out."""


def budget(seconds: float, turns: int = 5) -> Budget:
    return Budget(turns=turns, tokens=40_000, context=6_000, evaluations=60, seconds=seconds)


def alone(name: str, answer: Callable[[TenureView, TurnContext], Any], seconds: float, turns: int = 5) -> Any:
    return condition(agent=puppet(name, answer), budget=budget(seconds, turns), generations=1)


async def second_hangs(view: TenureView, turn: TurnContext) -> str:
    if view.turns:
        await turn.bench.run(apply_often, 3)
    await asyncio.sleep(LONG if view.turns else 0.01)
    return NOTHING


def test_an_answer_that_does_not_come_in_time_is_not_waited_for(tmp_path: Path) -> None:
    began = time.monotonic()
    run(tmp_path / "a", alone("hangs", second_hangs, 0.5))
    assert time.monotonic() - began < LONG / 2
    first, second = of_type(tmp_path / "a", "answered")
    assert first.finish_reason == "stop" and 0.01 <= first.seconds < 0.5
    assert (second.finish_reason, second.text, second.tokens_out) == ("clock", "", 0) and second.tokens_in > 100
    assert [(event.kind, event.message) for event in of_type(tmp_path / "a", "fault")] == [
        ("clock", "your time ran out")
    ]
    (ended,) = of_type(tmp_path / "a", "tenure_ended")
    assert (ended.reason, ended.spent.seconds, ended.spent.evaluations) == ("seconds", 0.5, 3)
    assert ended.unannounced, "it had half a second, and an answer took little"


def test_killed_in_the_middle_a_clocked_tenure_comes_to_the_same_end(tmp_path: Path) -> None:
    chosen = alone("hangs", second_hangs, 0.3)
    run(tmp_path / "a", chosen)
    whole = (tmp_path / "a/events.jsonl").read_bytes()
    own = own_events(tmp_path / "a", 1, 1)
    answers = [place for place, event in enumerate(own) if event.type == "answered"]
    asked: list[int] = []

    async def again(view: TenureView, turn: TurnContext) -> str:
        asked.append(len(view.turns))
        return await second_hangs(view, turn)

    puppet("hangs", again)
    for end, wanted in ((answers[0] + 1, [1]), (answers[1], [1]), (answers[1] + 1, [])):
        reopen(tmp_path / "a", 1, {1: own[:end]})
        asked.clear()
        run(tmp_path / "a", chosen)
        assert (tmp_path / "a/events.jsonl").read_bytes() == whole
        assert asked == wanted


def test_the_clock_runs_over_all_answers_and_is_never_passed(tmp_path: Path) -> None:
    async def slow(view: TenureView, turn: TurnContext) -> str:
        await asyncio.sleep(0.02)
        return NOTHING

    run(tmp_path / "a", alone("slow", slow, 0.05, turns=30))
    (ended,) = of_type(tmp_path / "a", "tenure_ended")
    answered = of_type(tmp_path / "a", "answered")
    assert ended.reason == "seconds" and len(answered) < 4
    assert ended.spent.seconds == round(sum(event.seconds for event in answered), 3) <= 0.05


@pytest.mark.parametrize("fault", [None, ModelFault("refused")])
def test_what_comes_too_late_all_the_same_is_not_heard(tmp_path: Path, fault: Exception | None) -> None:
    """An agent that ignores its cancellation can't be stopped, but it gains nothing."""

    def deaf(view: TenureView, turn: TurnContext) -> Answer:
        time.sleep(0.05)
        if fault is not None:
            raise fault
        return Answer(text=NOTHING.ljust(400), tokens_out=10**9)

    run(tmp_path / "a", alone("deaf", deaf, 0.02))
    (answered,) = of_type(tmp_path / "a", "answered")
    assert (answered.finish_reason, answered.text, answered.seconds) == ("clock", "", 0.02)
    assert answered.tokens_in + answered.tokens_out <= 6_000
    assert of_type(tmp_path / "a", "tenure_ended")[0].reason == "seconds"


@pytest.mark.parametrize("error", [MachineFault("down"), TimeoutError("its own"), ConnectionError("lost")])
def test_the_machines_faults_cost_no_time(tmp_path: Path, error: Exception) -> None:
    calls: list[float | None] = []

    async def shaky(view: TenureView, turn: TurnContext) -> str:
        calls.append(view.spent.seconds)
        if len(calls) in (1, 2):
            await asyncio.sleep(0.2)
            raise error
        return '{"actions": [{"action": "end"}]}'

    run(tmp_path / "a", alone("shaky", shaky, 30.0))
    (ended,) = of_type(tmp_path / "a", "tenure_ended")
    assert calls == [0.0] * 3 and ended.reason == "ended" and ended.spent.seconds < 0.2
    assert [event.side for event in of_type(tmp_path / "a", "fault")] == ["machine"] * 2


class Sitting(Puppet):
    """An agent that is a person."""

    interactive: ClassVar[bool] = True


async def broken_off(where: Path, chosen: Condition, asked: list[float]) -> None:
    """A trial that Ctrl-C stops while its researcher thinks."""
    before = len(asked)
    running = asyncio.create_task(run_trial(chosen, where))
    while len(asked) == before and not running.done():
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.2)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


@pytest.mark.parametrize("answers", [0, 1])
def test_the_time_of_an_answer_that_a_person_breaks_off_is_spent(tmp_path: Path, answers: int) -> None:
    """The time is charged at every stop, and read back from the tenure's file."""
    spent: list[float] = []

    async def thinks(view: TenureView, turn: TurnContext) -> str:
        if len(view.turns) < answers:
            return NOTHING
        spent.append(view.spent.seconds)
        await asyncio.sleep(LONG if len(spent) < 3 else 0.01)
        return '{"actions": [{"action": "end"}]}'

    agent = {**puppet("thinks", thinks), "name": f"{Path(__file__).resolve()}:Sitting"}
    chosen = condition(agent=agent, budget=budget(30.0), generations=1)
    for _ in range(2):
        asyncio.run(broken_off(tmp_path / "a", chosen, spent))
    run(tmp_path / "a", chosen)
    first, second = of_type(tmp_path / "a", "broken_off")
    assert [event.turn for event in (first, second)] == [answers + 1] * 2 and 0.2 <= first.seconds < 30
    before = sum(event.seconds for event in of_type(tmp_path / "a", "answered")[:-1])
    assert spent == [round(before + more, 3) for more in (0, first.seconds, first.seconds + second.seconds)]
    (ended,) = of_type(tmp_path / "a", "tenure_ended")
    last = of_type(tmp_path / "a", "answered")[-1].seconds
    assert ended.reason == "ended" and ended.spent.seconds == round(spent[-1] + last, 3)


@pytest.mark.parametrize(("kind", "seconds"), [("Sitting", None), ("Puppet", 30.0)])
def test_without_a_clock_or_a_person_nothing_is_charged_for_it(
    tmp_path: Path, kind: str, seconds: float | None
) -> None:
    asked: list[float] = []

    async def thinks(view: TenureView, turn: TurnContext) -> str:
        asked.append(view.spent.seconds)
        await asyncio.sleep(LONG if len(asked) == 1 else 0)
        return '{"actions": [{"action": "end"}]}'

    named = f"{Path(__file__).resolve()}:Sitting" if kind == "Sitting" else puppet("thinks", thinks)["name"]
    chosen = condition(agent={**puppet("thinks", thinks), "name": named}, generations=1)
    chosen = chosen.model_copy(update={"budget": chosen.budget.model_copy(update={"seconds": seconds})})
    asyncio.run(broken_off(tmp_path / "a", chosen, asked))
    run(tmp_path / "a", chosen)
    assert asked == [0.0, 0.0] and not of_type(tmp_path / "a", "broken_off")


def test_an_agent_can_not_say_that_its_time_ran_out(tmp_path: Path) -> None:
    run(tmp_path / "a", alone("spoof", lambda view, turn: Answer(text=NOTHING, finish_reason="clock"), 30.0, turns=1))
    assert not of_type(tmp_path / "a", "fault")
    assert of_type(tmp_path / "a", "answered")[0].finish_reason == "length"


def test_without_a_clock_no_time_is_logged(tmp_path: Path) -> None:
    chosen = condition(agent=puppet("hangs", lambda view, turn: NOTHING), generations=1)
    run(tmp_path / "a", chosen)
    assert b'"seconds"' not in (tmp_path / "a/events.jsonl").read_bytes()


@pytest.mark.parametrize(
    ("seconds", "spent", "turns", "last"),
    [(600, 0, 0, False), (600, 539, 20, False), (600, 540, 20, True), (600, 380, 2, False), (600, 420, 2, True)],
)
def test_the_last_part_of_the_clock_is_announced(seconds: float, spent: float, turns: int, last: bool) -> None:
    """A turn is the last in the last tenth of the clock, or if less is left than an answer took on average."""
    allowance = Allowance(Budget(turns=40, seconds=seconds), Spent(seconds=spent, turns=turns))
    horizon = allowance.horizon(100)
    assert (horizon.part == "seconds") is last is horizon.last


def test_what_is_left_of_the_clock_is_told() -> None:
    budget = Budget(turns=4, seconds=600, money="0.5")
    view = view_of(task("alien")).model_copy(update={"spent": Spent(turns=1, seconds=12.3, money="0.1")})
    blind = {"budget": budget, "phenomena": ()}
    view = view.model_copy(update={"observation": view.observation.model_copy(update=blind)})
    assert left(view) == "Left: 3 turns, 200,000 tokens, 20,000 evaluations, 587 seconds, 0.4 of money."
