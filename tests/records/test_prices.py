"""Money: a price table that the user gives, its copy in the trial, and spending that can't pass a budget."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from relay.commands.announcement import most_money, preface
from relay.errors import UsageError
from relay.records.budget import Budget
from relay.records.condition import Condition
from relay.records.prices import PriceTable
from relay.records.reader import read_condition
from relay.records.spec import ComponentSpec
from relay.researcher.observation import Answer, TenureView
from relay.researcher.turn import TurnContext
from relay.trial.resolve import resolve_condition
from relay.trial.setup import SLACK
from tests.trial.helpers import of_type, run
from tests.trial.puppets import Puppet, puppet
from tests.trial.toy import HERE

TABLE = """\
currency: USD
per: 1000000
models:
  toy/one: {input: 2.50, output: 10.0, cached: 0.25}
  toy/two: {input: 1, output: 2}
"""
HERE_TOO = str(Path(__file__).resolve())


class Priced(Puppet):
    """A puppet that a price table knows."""

    model: str = "toy/one"

    def priced_as(self) -> str:
        return self.model


def agent(name: str, function: Any, model: str = "toy/one") -> dict[str, Any]:
    puppet(name, function)
    return {"name": f"{HERE_TOO}:Priced", "parameters": {"name": name, "model": model}}


def table(where: Path, text: str = TABLE) -> PriceTable:
    path = where / "prices.yaml"
    path.write_text(text, encoding="utf-8")
    return PriceTable.read(path)


def priced(where: Path, function: Any, money: str | None, text: str = TABLE, **budget: Any) -> Condition:
    limits = Budget(**{"turns": 30, "tokens": 400_000, "context": 6_000, "evaluations": 60, "money": money, **budget})
    return resolve_condition(
        f"{HERE}:Toy", agent=agent("paid", function), budget=limits, prices=table(where, text), generations=1
    )


def test_the_entry_that_applies_is_kept_and_used_again(tmp_path: Path) -> None:
    chosen = priced(tmp_path, lambda view, turn: "{}", "0.01", turns=2)
    run(tmp_path / "a", chosen)
    text = (tmp_path / "a/condition.yaml").read_text()
    assert "prices: {cached: '0.25', currency: USD, input: '2.5', output: '10', per: 1000000}" in text
    assert read_condition(tmp_path / "a") == chosen
    table(tmp_path, TABLE.replace("2.50", "99"))
    before = (tmp_path / "a/events.jsonl").read_bytes()
    run(tmp_path / "a", read_condition(tmp_path / "a"))
    assert (tmp_path / "a/events.jsonl").read_bytes() == before
    again = priced(tmp_path, lambda view, turn: "{}", "0.010", turns=2)  # spelt otherwise it is the same trial
    assert run(tmp_path / "a", again).ended == "completed"


def test_a_missing_price_of_cached_tokens_is_that_of_others(tmp_path: Path) -> None:
    assert table(tmp_path).of("toy/two").cached == Decimal(1)


def test_money_cuts_what_an_answer_may_have(tmp_path: Path) -> None:
    rooms: list[int] = []

    def answer(view: TenureView, turn: TurnContext) -> Answer:
        rooms.append(turn.max_tokens)
        return Answer(text="x" * 40, tokens_out=turn.max_tokens)

    run(tmp_path / "a", priced(tmp_path, answer, "0.03"))
    first, last = of_type(tmp_path / "a", "answered")
    assert rooms == [first.tokens_out, last.tokens_out]
    left = 30_000 - 2.5 * (first.tokens_in + last.tokens_in) - 10 * first.tokens_out
    assert rooms[1] <= left // 10 <= rooms[1] + SLACK / 4  # some room for a longer number in the prompt
    (ended,) = of_type(tmp_path / "a", "tenure_ended")
    assert ended.reason == "money" and not ended.unannounced
    assert Decimal("0.0299") < ended.spent.money == first.money + last.money <= Decimal("0.03")


def test_a_prompt_that_can_not_be_paid_is_never_sent(tmp_path: Path) -> None:
    """Nothing begins without the money for one turn; with what is said to be enough there is one, and no second."""
    for name, text in (("a", TABLE), ("b", TABLE.replace("output: 10.0", "output: 0"))):
        with pytest.raises(UsageError, match=r"money=0.0001 leaves no room for one turn; give --money") as error:
            run(tmp_path / name, priced(tmp_path, lambda view, turn: "{}", "0.0001", text=text))
        assert not (tmp_path / name).exists() and "may cost 0.00" in str(error.value)
        enough = str(error.value).split()[-3]
        run(tmp_path / name, priced(tmp_path, lambda view, turn: "{}", enough, text=text))
        (ended,) = of_type(tmp_path / name, "tenure_ended")
        assert (ended.reason, ended.spent.turns) == ("money", 1)
        assert 0 < ended.spent.money <= Decimal(enough)
        with pytest.raises(UsageError, match="leaves no room"):
            run(tmp_path / "c", priced(tmp_path, lambda view, turn: "{}", str(Decimal(enough) * 8 / 10), text=text))


def test_what_was_cached_is_cheaper_and_a_lie_about_it_gains_nothing(tmp_path: Path) -> None:
    def answer(view: TenureView, turn: TurnContext) -> Answer:
        return Answer(text="{}", tokens_out=10, tokens_cached=(40, 10**9, -5)[len(view.turns)])

    run(tmp_path / "a", priced(tmp_path, answer, None, turns=3))
    first, second, third = of_type(tmp_path / "a", "answered")
    assert first.money == Decimal((first.tokens_in - 40) * 25 + 40 * 2.5 + 10 * 100) / 10**7
    assert (second.tokens_cached, third.tokens_cached) == (second.tokens_in, 0)
    (ended,) = of_type(tmp_path / "a", "tenure_ended")
    assert ended.spent.money == first.money + second.money + third.money, "it is counted where none is budgeted too"


def test_the_notes_leave_money_for_all_turns(tmp_path: Path) -> None:
    """What is handed on is cut to what a turn may cost, as to its share of the tokens."""

    def answer(view: TenureView, turn: TurnContext) -> str:
        return '{"actions": [{"action": "write", "text": "%s"}, {"action": "end"}]}' % ("word " * 900)

    chosen = priced(tmp_path, answer, "0.0135", turns=2).model_copy(
        update={"generations": 2, "notes": ComponentSpec(name="journal")}
    )
    rich = chosen.model_copy(update={"budget": chosen.budget.model_copy(update={"money": Decimal(9)})})
    for name, condition in (("poor", chosen), ("rich", rich)):
        run(tmp_path / name, condition)
    shown = {name: of_type(tmp_path / name, "shown")[1] for name in ("poor", "rich")}
    assert (shown["poor"].dropped_count, shown["rich"].dropped_count) == (1, 0)


@pytest.mark.parametrize("money", ["0.030", "0.034", "0.038", "0.042"])
@pytest.mark.parametrize("answer", [None, 5_000])
def test_the_last_turn_that_can_be_paid_is_announced(tmp_path: Path, money: str, answer: int | None) -> None:
    """After short answers; after any, where their length is budgeted."""
    seen: list[bool] = []

    def wordy(view: TenureView, turn: TurnContext) -> Answer:
        seen.append(view.last)
        tokens = turn.max_tokens if answer else 350
        return Answer(text='{"actions": []}'.ljust(4 * tokens), tokens_out=tokens)

    run(tmp_path / "a", priced(tmp_path, wordy, money, answer=answer))
    (ended,) = of_type(tmp_path / "a", "tenure_ended")
    assert (ended.reason, ended.unannounced) == ("money", False)
    assert len(seen) > 1 and seen == [False] * (len(seen) - 1) + [True]


def test_cached_tokens_may_be_the_dearer_ones(tmp_path: Path) -> None:
    def answer(view: TenureView, turn: TurnContext) -> Answer:
        return Answer(text="{}", tokens_out=turn.max_tokens, tokens_cached=10**9)

    chosen = priced(tmp_path, answer, "0.02")
    assert chosen.prices is not None
    dear = chosen.prices.model_copy(update={"cached": Decimal(5)})
    run(tmp_path / "a", chosen.model_copy(update={"prices": dear}))
    (ended,) = of_type(tmp_path / "a", "tenure_ended")
    assert Decimal("0.0199") < ended.spent.money <= Decimal("0.02")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "expected a mapping|valid dictionary"),
        ("- 1", "valid dictionary"),
        ("a: [", "not YAML"),
        (TABLE.replace("USD", "''"), "currency"),
        (TABLE.replace("1000000", "7"), "per: input should be 1, 1000 or 1000000"),
        (TABLE.replace("1000000", "true"), "per: input should be 1, 1000 or 1000000"),
        (TABLE.replace("2.50", "-1"), r"models\.toy/one\.input: input should be greater"),
        (TABLE.replace("2.50", "dear"), r"models\.toy/one\.input"),
        (TABLE.replace("2.50", ".nan"), r"models\.toy/one\.input"),
        (TABLE.replace("output: 2", "outptu: 2"), r"models\.toy/two\."),
        ("[" * 3000, "not YAML"),
    ],
)
def test_a_price_table_that_is_none_is_one_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said) as caught:
        table(tmp_path, text)
    assert "prices.yaml" in str(caught.value) and "\n" not in str(caught.value)
    with pytest.raises(UsageError, match="can't be read"):
        PriceTable.read(tmp_path / "nowhere.yaml")


def test_what_does_not_go_together_is_refused(tmp_path: Path) -> None:
    task, paid = f"{HERE}:Toy", agent("paid", lambda view, turn: "{}")
    with pytest.raises(UsageError, match="give a price table with --prices"):
        resolve_condition(task, agent=paid, budget={"money": 1})
    with pytest.raises(UsageError, match="has no model `toy/three`; it has: toy/one, toy/two; add it under `models`"):
        resolve_condition(task, agent={**paid, "parameters": {**paid["parameters"], "model": "toy/three"}},
                          prices=table(tmp_path))  # fmt: skip
    with pytest.raises(UsageError, match="the agent `scripted` uses no model"):
        resolve_condition(task, agent="scripted", prices=table(tmp_path))
    with pytest.raises(UsageError, match="needs prices"):
        Condition.from_yaml(resolve_condition(task).to_yaml().replace("turns: 4", "turns: 4, money: '1'"), "it")


def test_what_a_trial_can_cost_is_said_before_it_starts(tmp_path: Path) -> None:
    limited = priced(tmp_path, lambda view, turn: "{}", "0.05").model_copy(update={"generations": 10, "width": 3})
    assert most_money(limited) == Decimal("1.5")
    assert "each has 30 turns" in preface(limited) and "0.05 USD; costs at most 1.5 USD" in preface(limited)
    free = limited.model_copy(update={"budget": limited.budget.model_copy(update={"money": None})})
    assert most_money(free) == Decimal(120), "every token at the price of the dearer kind"
    assert most_money(resolve_condition(f"{HERE}:Toy")) is None


def test_what_differs_from_the_usual_budget_of_an_agent(tmp_path: Path) -> None:
    model = {"name": "llm", "parameters": {"model": "mock/script"}}
    usual = resolve_condition("alien", agent=model).budget
    assert (usual.turns, usual.answer) == (8, 4_000)
    assert resolve_condition("alien").budget == Budget()
    assert resolve_condition("alien", agent=model, budget={"turns": 3}).budget == usual.model_copy(update={"turns": 3})
    assert resolve_condition("alien", agent=model, budget=Budget()).budget == Budget()
    with pytest.raises(UsageError, match="seconds"):
        resolve_condition("alien", budget={"seconds": 0})
