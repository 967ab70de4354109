"""The last turn is announced, so that a researcher can hand over. An end without an announcement is logged."""

from __future__ import annotations

import asyncio
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.models import Request
from analysis.summary import trial_summary
from analysis.trials import read_trial
from relay.records.budget import Budget, Spent
from relay.records.prices import Prices
from relay.researcher.observation import Answer, Message, TenureView
from relay.researcher.prompting import LAST
from relay.researcher.tokens import count_messages
from relay.researcher.turn import TurnContext
from relay.trial.allowance import Allowance
from relay.trial.resolve import Schemes, resolve_condition
from relay.trial.trial import run_trial
from tests.agents.parrot import parrot
from tests.trial import strings
from tests.trial.budget_walk import BUDGETS, PRICES, BudgetWalk
from tests.trial.helpers import condition, of_type, own_events, reopen, run, state
from tests.trial.puppets import Puppet, puppet
from tests.trial.toy import SQUARE

NOTHING = '{"actions": []}'


@settings(max_examples=400, deadline=None)
@given(BUDGETS, PRICES, st.integers(1, 4_000), st.integers(0, 200), st.data())
def test_every_last_turn_is_announced_before_and_has_its_reserve(
    budget: Budget, prices: Prices, prompt: int, margin: int, data: Any
) -> None:
    """Whatever is answered within what is allowed, and whatever is replied within what is left for replies."""
    walk = BudgetWalk(budget, prices, margin, data)
    while True:
        allowance = Allowance(budget, walk.spent, prices, margin)
        horizon = walk.horizon(allowance, prompt)
        asked = prompt + (walk.up_to(margin) if horizon.turns <= 2 else 0)
        most = allowance.asked(asked, horizon.following)
        if walk.refused(prompt) or walk.is_over(allowance, asked, horizon, most):
            return
        answer = walk.answer(asked, most)
        left = Allowance(budget, walk.spent, prices, margin)
        prompt = asked + answer + walk.replies(left, asked, answer, horizon) + walk.up_to(margin)


def budget(**fields: Any) -> Budget:
    return Budget(**{"turns": 40, "tokens": 200_000, "context": 6_000, "evaluations": 60, **fields})


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (budget(turns=3), "turns"),
        (budget(answer=300), "context"),
        (budget(tokens=20_000, answer=300), "tokens"),
        (budget(tokens=20_000), "tokens"),
    ],
)
def test_the_last_turn_is_the_one_that_was_announced(tmp_path: Path, limits: Budget, reason: str) -> None:
    seen: list[TenureView] = []

    def wordy(view: TenureView, turn: TurnContext) -> Answer:
        seen.append(view)
        tokens = turn.max_tokens if limits.answer else 200
        return Answer(text=NOTHING.ljust(4 * tokens), tokens_out=tokens)

    run(tmp_path / "a", condition(agent=puppet("wordy", wordy), budget=limits, generations=1))
    (ended,) = of_type(tmp_path / "a", "tenure_ended")
    assert (ended.reason, ended.unannounced) == (reason, False)
    assert [view.last for view in seen] == [False] * (len(seen) - 1) + [True]
    assert len(seen) == ended.spent.turns > 2
    assert read_trial(tmp_path / "a").unannounced == 0


def test_a_turn_that_was_announced_as_the_last_is_the_last_after_a_kill_too(tmp_path: Path) -> None:
    """No turn follows, even if the last answer was short and left budget for another one."""
    asked: list[bool] = []

    def short(view: TenureView, turn: TurnContext) -> str:
        asked.append(view.last)
        return NOTHING if view.last else NOTHING.ljust(4_000)

    chosen = condition(agent=puppet("short", short), budget=budget(), generations=1)
    run(tmp_path / "a", chosen)
    whole = (tmp_path / "a/events.jsonl").read_bytes()
    (ended,) = of_type(tmp_path / "a", "tenure_ended")
    assert ended.reason == "context" and asked[-1] and not any(asked[:-1])
    own = own_events(tmp_path / "a", 1, 1)
    for answers in (len(asked), len(asked) - 1):  # killed after its last answer, and after the one before
        end = [place for place, event in enumerate(own) if event.type == "answered"][answers - 1] + 1
        reopen(tmp_path / "a", 1, {1: own[:end]})
        before = len(asked)
        run(tmp_path / "a", chosen)
        assert (tmp_path / "a/events.jsonl").read_bytes() == whole
        assert asked[before:] == [True] * (ended.spent.turns - answers)


def test_whoever_uses_all_that_is_allowed_has_a_last_turn_with_its_reserve(tmp_path: Path) -> None:
    seen: list[TenureView] = []

    def greedy(view: TenureView, turn: TurnContext) -> Answer:
        seen.append(view)
        assert view.answer_room == turn.max_tokens and (not view.last or turn.max_tokens >= 750)
        return Answer(text=NOTHING.ljust(4 * turn.max_tokens), tokens_out=turn.max_tokens)

    run(tmp_path / "a", condition(agent=puppet("greedy", greedy), budget=budget(), generations=2, width=2))
    ended = of_type(tmp_path / "a", "tenure_ended")
    assert [(event.reason, event.unannounced) for event in ended] == [("context", False)] * 4
    assert sum(view.last for view in seen) == sum(view.turns_left == 2 for view in seen) == 4


def test_an_end_that_was_not_announced_is_in_the_log(tmp_path: Path) -> None:
    """Only a clock ends a life without an announcement."""

    async def slow(view: TenureView, turn: TurnContext) -> str:
        await asyncio.sleep(0.2)
        return NOTHING

    late = budget(seconds=0.05)
    run(tmp_path / "a", condition(agent=puppet("slow", slow), budget=late, generations=2, width=2))
    ended = of_type(tmp_path / "a", "tenure_ended")
    assert [(event.reason, event.unannounced) for event in ended] == [("seconds", True)] * 4
    trial = read_trial(tmp_path / "a")
    assert [row.unannounced for row in trial.rows] == [2, 2]
    data = trial_summary(trial)
    assert data["unannounced"] == 4 and data["generations"][0]["unannounced"] == 2
    by_itself = puppet("ends", lambda view, turn: json.dumps({"actions": [state(SQUARE), {"action": "end"}]}))
    run(tmp_path / "b", condition(agent=by_itself, budget=budget(), generations=1))
    assert not of_type(tmp_path / "b", "tenure_ended")[0].unannounced


def test_a_life_without_any_turn_is_no_end_that_was_not_announced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("relay.trial.trial.check_room", lambda setup: None)  # a trial with so little is not begun
    agent = puppet("never", lambda view, turn: NOTHING)
    prices = Prices(currency="USD", input=Decimal(1), output=Decimal(1), cached=Decimal(1))
    chosen = condition(agent=agent, generations=1)
    poor = {"budget": budget(money=Decimal("0.0001")), "prices": prices}
    run(tmp_path / "a", chosen.model_copy(update=poor))
    (ended,) = of_type(tmp_path / "a", "tenure_ended")
    assert (ended.reason, ended.spent.turns, ended.unannounced) == ("money", 0, False)


class Told(Puppet):
    """A puppet whose prompt is long only in its last turn."""

    def messages(self, view: TenureView) -> tuple[Message, ...]:
        told = super().messages(view.model_copy(update={"last": False, "turns_left": None, "answer_room": None}))
        return (*told, Message(role="user", content=LAST)) if view.last else told


def test_the_announcement_is_counted(tmp_path: Path) -> None:
    puppet("told", lambda view, turn: NOTHING)
    agent = {"name": f"{Path(__file__).resolve()}:Told", "parameters": {"name": "told"}}
    prompts = []
    for turns in (2, 3):
        run(tmp_path / str(turns), condition(agent=agent, budget=budget(turns=turns), generations=1))
        prompts.append(of_type(tmp_path / str(turns), "answered")[1].tokens_in)
    assert prompts[0] - prompts[1] == count_messages([Message(role="user", content=LAST)])


class Measured(Puppet):
    """A puppet that records the number of turns in each prompt whose tokens are counted."""

    def count(self, messages: tuple[Message, ...]) -> int:
        strings.PUPPETS.setdefault("counted", []).append(sum(message.role == "assistant" for message in messages))
        return super().count(messages)


@pytest.mark.parametrize(("turns", "second"), [(2, NOTHING), (3, '{"actions": [{"action": "end"}]}')])
def test_no_tokens_are_counted_where_nothing_is_asked_any_more(tmp_path: Path, turns: int, second: str) -> None:
    """With two turns the second is announced as the last. With three, the researcher ends the tenure in the second."""
    strings.PUPPETS.pop("counted", None)
    puppet("measured", lambda view, turn: [NOTHING, second][len(view.turns)])
    agent = {"name": f"{Path(__file__).resolve()}:Measured", "parameters": {"name": "measured"}}
    run(tmp_path, condition(agent=agent, budget=budget(turns=turns), generations=1))
    assert len(of_type(tmp_path, "answered")) == 2
    assert max(strings.PUPPETS.pop("counted")) == 1


@pytest.mark.parametrize(
    ("notes", "memory", "turns", "lost"),
    [
        ("ledger", "fresh", 2, ": what is not in the notes after it is lost."),
        ("journal", "fresh", 2, ": what is not in the notes after it is lost."),
        ("none", "fresh", 2, "."),
        ("ledger", "immortal", 2, ": what is neither in the notes nor in this conversation after it is lost."),
        ("none", "immortal", 2, ": what is not in this conversation after it is lost."),
        ("none", "fresh", 1, "."),
    ],
)
def test_what_a_researcher_reads_of_what_is_passed_on_is_true(
    tmp_path: Path, notes: str, memory: str, turns: int, lost: str
) -> None:
    """The last case is that of a probe."""
    seen: list[Request] = []

    def listen(request: Request) -> str:
        seen.append(request)
        return NOTHING

    agent, limits = parrot(listen), budget(turns=turns, context=16_000)
    schemes = Schemes(notes=notes, memory=memory)
    chosen = resolve_condition("alien", agent=agent, schemes=schemes, generations=2, seed=3, budget=limits)
    asyncio.run(run_trial(chosen, tmp_path / "a"))
    assert len(seen) == 2 * turns
    first, last = seen[-turns].messages, seen[-1].messages
    assert last[-1].content.rpartition("\n\n")[2].partition("\n")[2].startswith(f"{LAST}{lost}\nLeft: 1 turn,")
    assert (NOTHING in [message.content for message in first]) == ("conversation" in lost)  # what was said before
    for words, there in (("is handed on:", "conversation" in lost), ("There are no notes:", notes == "none")):
        assert (words in first[0].content) == there


def test_what_is_left_is_an_exact_amount() -> None:
    prices = Prices(currency="USD", input=Decimal("0.1"), output=Decimal("0.3"), cached=Decimal("0.1"))
    spent = Spent(money=sum((prices.cost(1, 1, 0) for _ in range(10)), start=Decimal(0)))
    allowance = Allowance(Budget(money=Decimal("0.000005")), spent, prices)
    left = allowance.remaining.money
    assert left == Decimal("0.000001") == prices.at_most(1, 3)  # 10 times 0.4 of 5, and not a float's
    assert allowance.answer(1) == 3
    assert allowance.answer(10) == 0 and allowance.refusal(10) == "money"
