"""No sequence of answers, however hostile, exceeds a budget; and budgets are checked before anything is spent."""

from __future__ import annotations

import asyncio
import json
import re
import tempfile
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relay.errors import ModelFault, UsageError
from relay.records.budget import Budget, Spent
from relay.records.condition import Condition
from relay.records.events import EVENTS, Answered, TenureEnded
from relay.records.prices import Prices
from relay.researcher.bench import AllowanceError
from relay.researcher.observation import Answer, TenureView
from relay.researcher.prompting import render
from relay.researcher.tokens import count_messages
from relay.researcher.turn import TurnContext
from relay.researcher.turn_bench import TurnBench
from tests.trial.helpers import condition, events, of_type, record, run, scripted, state, write
from tests.trial.puppets import puppet
from tests.trial.toy import FOURTH, LAW, SQUARE, Toy, apply_often

SOURCES = st.one_of(
    st.sampled_from([SQUARE, FOURTH, LAW, "define op(x: Element) -> Element = x", "claim (x: Element): x == x", ""]),
    st.text(max_size=40),
)
WORDS = st.one_of(st.text(max_size=30), st.none(), st.integers(), st.lists(st.integers(), max_size=2))
ACTIONS = st.one_of(
    st.builds(state, SOURCES),
    st.builds(record, SOURCES, st.text(max_size=20)),
    st.builds(write, SOURCES),
    st.builds(lambda term: {"action": "evaluate", "term": term}, st.sampled_from(["op(1, 2)", "square(3)", "x", "("])),
    st.builds(lambda kind, id: {"action": kind, "id": id}, st.sampled_from(["open", "strike"]), WORDS),
    st.builds(lambda key, word: {key: word}, st.sampled_from(["action", "type", "source"]), WORDS),
    st.just({"action": "end"}),
    WORDS,
)
TEXTS = st.one_of(
    st.builds(lambda actions: json.dumps({"actions": actions}), st.lists(ACTIONS, max_size=8)),
    st.builds(lambda source: f"so\n```relay\n{source}\n```", SOURCES),
    st.text(max_size=200),
    st.sampled_from(
        [
            "[" * 5_000,
            "{" * 5_000,
            '{"actions": "x"}',
            '{"actions": [' + "[" * 3_000,
            '"\\ud800"',
            "x" * 90_000,
            '{"actions": [{"action": "state", "source": "\\ud800"}]}',
            "1e999",
            '{"actions": [1e999]}',
            "\x00",
            "\ud800",
        ]
    ),
)  # fmt: skip
ANSWERS = st.tuples(
    TEXTS,
    st.one_of(st.none(), st.integers(-10, 100_000)),
    st.one_of(st.none(), st.integers(-10, 100_000)),
    st.integers(-10, 100_000),
    st.sampled_from(["stop", "length", "clock", "?"]),
    st.lists(st.integers(0, 40), max_size=3),
)
PRICE = st.decimals(0, 30, places=3)
PRICES = st.builds(Prices, currency=st.just("USD"), input=PRICE, output=PRICE, cached=PRICE)
BUDGETS = st.builds(
    Budget,
    turns=st.integers(1, 4),
    tokens=st.integers(700, 12_000),
    context=st.integers(700, 4_000),
    evaluations=st.integers(0, 30),
    answer=st.one_of(st.none(), st.integers(1, 2_000)),
    money=st.one_of(st.none(), st.decimals("0.0001", "0.2", places=4)),
)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(ANSWERS, min_size=1, max_size=5), BUDGETS, PRICES, st.sampled_from(["none", "journal", "ledger(cap=200)"])
)
def test_nothing_hostile_passes_a_budget(
    answers: list[tuple[Any, ...]], budget: Budget, prices: Prices, notes: str
) -> None:
    prompts: list[int] = []
    seen: list[TenureView] = []

    async def answer(view: TenureView, turn: TurnContext) -> Answer:
        seen.append(view)
        text, tokens_in, tokens_out, cached, finish, searches = answers[len(view.turns) % len(answers)]
        for count in searches:
            await turn.bench.run(apply_often, count)
        return Answer(text=text, tokens_in=tokens_in, tokens_out=tokens_out, tokens_cached=cached, finish_reason=finish)

    free = budget.model_copy(update={"money": None})
    chosen = condition(agent=puppet("hostile", answer), budget=free, notes=notes, generations=2, width=2)
    chosen = chosen.model_copy(update={"budget": budget, "prices": prices})
    with tempfile.TemporaryDirectory() as where, pytest.MonkeyPatch.context() as patch:
        patch.setattr("relay.trial.trial.check_room", lambda setup: None)  # also with too little money for any turn
        run(Path(where) / "a", chosen)
        log = events(Path(where) / "a")
    for view in seen:
        prompts.append(count_messages(render(view)))
        assert prompts[-1] < budget.context
        assert view.spent.tokens + prompts[-1] < budget.tokens
    ended = [event for event in log if event.type == "tenure_ended"]
    assert len(ended) == 4
    for event in ended:
        mine = [other for other in log if (other.generation, other.tenure) == (event.generation, event.tenure)]
        answered = [other for other in mine if other.type == "answered"]
        spent = event.spent
        assert spent.turns == len(answered) <= budget.turns
        assert spent.tokens == sum(other.tokens_in + other.tokens_out for other in answered) <= budget.tokens
        assert all(other.tokens_in > 0 and other.tokens_out >= 0 for other in answered)
        assert all(other.tokens_in + other.tokens_out <= budget.context for other in answered)
        assert all(other.tokens_out <= (budget.answer or budget.context) for other in answered)
        assert all(0 <= other.tokens_cached <= other.tokens_in for other in answered)
        paid = sum(
            (other.tokens_in - other.tokens_cached) * Fraction(prices.input)
            + other.tokens_cached * Fraction(prices.cached)
            + other.tokens_out * Fraction(prices.output)
            for other in answered
        )
        assert Fraction(spent.money) == paid / prices.per
        assert budget.money is None or paid / prices.per <= Fraction(budget.money)
        assert spent.tokens_cached == sum(other.tokens_cached for other in answered)
        counted = sum(getattr(other, "evaluations", 0) + getattr(other, "count", 0) for other in mine)
        assert spent.evaluations == counted <= budget.evaluations


def test_an_answer_without_a_whole_action_in_its_allowance_is_a_lost_turn(tmp_path: Path) -> None:
    long = '{"thoughts": "' + "long " * 40_000 + '", "actions": [' + json.dumps(state(SQUARE)) + "]}"
    final = run(tmp_path / "a", condition(agent=scripted(long, [state(SQUARE)]), generations=1))
    first, second = of_type(tmp_path / "a", "answered")[:2]
    assert first.finish_reason == "too_long" and first.excess and first.inside < len(first.text) < len(long)
    assert second.tokens_in < 6_000 - 750
    assert [event.kind for event in of_type(tmp_path / "a", "fault")] == ["too_long"]
    assert final.discoveries.established == {"square": 1}


def test_a_prompt_that_does_not_fit_is_never_sent(tmp_path: Path) -> None:
    asked = []

    def answer(view: TenureView, turn: TurnContext) -> str:
        asked.append(view)
        return "x" * 600

    for name, other, least in (("context", "tokens", 1_300), ("tokens", "context", 2_500)):
        budget = Budget.model_validate({"turns": 9, "evaluations": 9, name: least, other: 40_000})
        run(tmp_path / name, condition(agent=puppet("never", answer), budget=budget, generations=1))
        assert of_type(tmp_path / name, "tenure_ended")[0].reason == name
        assert len(asked) == len(of_type(tmp_path / name, "answered")) < 9
        asked.clear()


@pytest.mark.parametrize("name", ["context", "tokens"])
def test_a_brief_that_leaves_no_room_for_an_answer_is_told_before_anything_is_made(tmp_path: Path, name: str) -> None:
    asked = []

    def answer(view: TenureView, turn: TurnContext) -> str:
        asked.append(view)
        return "{}"

    def small(allowed: int) -> Any:
        budget = Budget.model_validate({"turns": 3, "tokens": 40_000, "context": 40_000, name: allowed})
        return condition(agent=puppet("never", answer), budget=budget, generations=1)

    with pytest.raises(
        UsageError, match=rf"has (\d+) tokens, and {name}=50 leaves no room .*; give --{name} (\d+)"
    ) as error:
        run(tmp_path / "a", small(50))
    assert asked == [] and not (tmp_path / "a").exists()
    prompt, enough = map(int, re.findall(r"\d+", str(error.value).replace("=50", ""))[::2])
    with pytest.raises(UsageError, match="no room"):
        run(tmp_path / "a", small(prompt + small(prompt).budget.last_answer))
    run(tmp_path / "c", small(enough))
    assert len(asked) == 3  # what it says is enough is enough for every turn


def test_each_statement_costs_one_evaluation_and_none_is_checked_without(tmp_path: Path) -> None:
    agent = scripted([state(SQUARE), state("junk"), state(LAW), {"action": "evaluate", "term": "square(1)"}])
    budget = Budget(turns=1, tokens=40_000, context=6_000, evaluations=3)
    run(tmp_path / "a", condition(agent=agent, budget=budget, generations=1))
    assert of_type(tmp_path / "a", "tenure_ended")[0].spent.evaluations == 3
    replies = [event.reply for event in of_type(tmp_path / "a", "acted")]
    assert replies[-1] == "Nothing was done: no evaluations are left."
    assert len(of_type(tmp_path / "a", "judged")) == 3


def test_the_larger_count_of_tokens_is_charged(tmp_path: Path) -> None:
    def modest(view: TenureView, turn: TurnContext) -> Answer:
        return Answer(text="x" * 400, tokens_in=0, tokens_out=0)

    run(tmp_path / "a", condition(agent=puppet("modest", modest), generations=1))
    first = of_type(tmp_path / "a", "answered")[0]
    assert first.tokens_out >= 100 and first.tokens_in > 100


@pytest.mark.parametrize(("says", "charged"), [(None, 104), (100, 100), (130, 130)])
def test_a_model_that_counts_exactly_is_charged_what_it_says(tmp_path: Path, says: int | None, charged: int) -> None:
    """What a chat template puts around an answer is counted only where nobody says how long it was."""

    def exact(view: TenureView, turn: TurnContext) -> Answer:
        return Answer(text="x" * 400, tokens_out=says)

    run(tmp_path / "a", condition(agent=puppet("exact", exact), generations=1))
    assert of_type(tmp_path / "a", "answered")[0].tokens_out == charged


def test_what_is_not_used_is_not_logged(tmp_path: Path) -> None:
    """Logs of trials without answers, seconds or money budgeted keep their bytes, and older logs are read."""
    new = {"tokens_cached", "seconds", "money", "unannounced", "answer", "prices"}
    log = [
        Answered(text="", tokens_in=3, tokens_out=1),
        TenureEnded(reason="turns", spent=Spent(turns=1)),
    ]
    for event in log:
        line = event.model_dump_json()
        written = json.loads(line)
        assert not new & (written.keys() | written.get("spent", {}).keys())
        assert EVENTS.validate_json(line) == event
    chosen = condition()
    assert not new & (chosen.model_dump().keys() | chosen.model_dump()["budget"].keys())
    assert Condition.from_yaml(chosen.to_yaml(), "it") == chosen
    used = TenureEnded(reason="money", spent=Spent(money=Decimal("0.50"), seconds=0.25), unannounced=True)
    assert '"seconds":0.25,"money":"0.5"},"unannounced":true' in used.model_dump_json()
    assert EVENTS.validate_json(used.model_dump_json()) == used


class Slow:
    """A runner that lets others in before it works, as worker processes do."""

    async def run(self, function: Callable[..., Any], /, *args: Any) -> Any:
        await asyncio.sleep(0)
        return function(*args)


def test_two_searches_at_once_share_one_allowance() -> None:
    spent: list[int] = []

    async def greedy() -> list[Any]:
        given = Toy().build(0).given
        bench = TurnBench(Slow(), given, lambda: 60 - sum(spent), lambda count, digest: spent.append(count))
        return await asyncio.gather(*(bench.run(apply_often, 40) for _ in range(2)), return_exceptions=True)

    found = asyncio.run(greedy())
    assert [isinstance(each, AllowanceError) for each in found] == [False, True]
    assert sum(spent) == 60


def test_a_bench_is_closed_when_its_turn_is_over(tmp_path: Path) -> None:
    kept: list[TurnContext] = []

    async def hoarder(view: TenureView, turn: TurnContext) -> str:
        for old in kept:
            with pytest.raises(AllowanceError):
                await old.bench.run(apply_often, 1)
        kept.append(turn)
        return '{"actions": []}'

    run(tmp_path / "a", condition(agent=puppet("hoarder", hoarder), generations=1))
    assert len(kept) == 3
    assert of_type(tmp_path / "a", "tenure_ended")[0].spent.evaluations == 0


@pytest.mark.parametrize("error", [ModelFault("the model refused"), AllowanceError("too many")])
def test_what_the_model_does_wrong_costs_its_turn(tmp_path: Path, error: Exception) -> None:
    def answer(view: TenureView, turn: TurnContext) -> str:
        if not view.turns:
            raise error
        assert view.turns[0].answer == "" and str(error) in view.turns[0].replies[0].text
        return json.dumps({"actions": [state(SQUARE), {"action": "end"}]})

    final = run(tmp_path / "a", condition(agent=puppet("faulty", answer), generations=1))
    assert final.discoveries.established == {"square": 1}
    fault = of_type(tmp_path / "a", "fault")[0]
    assert (fault.side, fault.kind, fault.turn) == ("model", "fault", 1)
