"""What an action costs is charged, told and logged; what costs too much is not done; searches of one's own are paid."""

from __future__ import annotations

import asyncio
from math import ceil
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from relay.records.budget import MOST_PRICE, Budget
from relay.records.events import Answered
from relay.researcher.observation import Answer, TenureView
from relay.researcher.turn import TurnContext
from relay.trial.resolve import resolve_condition
from relay.trial.trial import run_trial
from tests.trial.helpers import condition, events, of_type, own_events, reopen, run, scripted, state
from tests.trial.puppets import puppet
from tests.trial.test_rescore import again

SEARCH = "count(op(op(x, a), b) == seen(1, x) for a in Element for b in Element for x in Element)"
ENDLESS = "first(k for k in range(1000000) for j in range(1000) if k + j == 1 and k == j)"
DEAR = (
    "define dear(x: Element) -> Element = "
    "first(a for a in Element for b in Element for c in Element for d in Element if op(a, b) == op(c, d))"
)
QUANTIFIED = (
    "define fixed(x: Element) -> Bool = all(op(op(x, y), z) == op(x, op(y, z)) for y in Element for z in Element)"
)
CLAIM = "claim (x: Element): any(op(op(x, y), z) == x for y in Element for z in Element)"


def evaluate(term: str) -> dict[str, str]:
    return {"action": "evaluate", "term": term}


def budget(evaluations: int, turns: int = 1) -> Budget:
    return Budget(turns=turns, tokens=40_000, context=6_000, evaluations=evaluations)


def test_what_a_search_costs_is_charged_and_told(tmp_path: Path) -> None:
    lines = [evaluate(SEARCH), state(QUANTIFIED), state(CLAIM), evaluate("[op(x, x) for x in Element]")]
    run(tmp_path, condition(agent=scripted(lines), generations=1, budget=budget(500)))
    search, defined, claim, plain = of_type(tmp_path, "acted")[:4]
    # 49 pairs at 7 points, with 9 nodes each, and the generators
    assert search.evaluations == 1 + 49 * 7 * 9 // 24 and search.reply.endswith(
        f"\nIt cost {search.evaluations} evaluations."
    )
    # 49 pairs at each of 7 points, 11 and 7 nodes each; the claim speaks of all points, and each is paid for
    paid = [event.evaluations for event in of_type(tmp_path, "judged")]
    assert paid == [1 + 49 * 11 // 24, 1 + ceil(7 * (1 + 49 * 7 - 24) / 24)]
    assert defined.evaluations == claim.evaluations == 0
    assert (
        f". It cost {paid[0]} evaluations." in defined.reply and claim.reply == f"holds. It cost {paid[1]} evaluations."
    )
    assert plain.evaluations == 1 and "cost" not in plain.reply
    (ended,) = of_type(tmp_path, "tenure_ended")
    assert ended.spent.evaluations == search.evaluations + sum(paid) + 1


def test_what_costs_more_than_is_left_is_not_done(tmp_path: Path) -> None:
    lines = [evaluate(ENDLESS), state(QUANTIFIED), evaluate("dear(first(x for x in Element))")]
    run(tmp_path, condition(agent=scripted(lines), generations=1, budget=budget(40)))
    first, *others = of_type(tmp_path, "acted")[:3]
    assert first.reply == (
        "Nothing was done: it costs more than the 40 evaluations that were left. They are spent. "
        "Try fewer terms at once."
    )
    assert [event.reply for event in others[:1]] == ["Nothing was done: no evaluations are left."]
    assert of_type(tmp_path, "tenure_ended")[0].spent.evaluations == 40


def test_no_action_costs_more_than_the_most(tmp_path: Path) -> None:
    run(tmp_path, condition(agent=scripted([evaluate(ENDLESS)]), generations=1, budget=budget(20_000)))
    (told,) = of_type(tmp_path, "acted")[:1]
    assert told.evaluations == MOST_PRICE and not told.ok
    assert told.reply.startswith(
        "Nothing was done: it costs more than 1,000 evaluations, and one action may cost no more."
    )


def test_a_statement_that_costs_too_much_is_not_made(tmp_path: Path) -> None:
    """It is not judged, its name is not defined, and what needs it is skipped."""
    lines = [state(DEAR), state("define use(x: Element) -> Element = dear(x)"), evaluate("[op(x, x) for x in Element]")]
    run(tmp_path, condition(agent=scripted(lines), generations=1, budget=budget(60)))
    dear, use, _ = of_type(tmp_path, "acted")[:3]
    assert not dear.ok and dear.data is None and dear.evaluations == 60
    assert use.needs == "dear" and not of_type(tmp_path, "judged")


def test_a_term_is_as_short_as_a_statement(tmp_path: Path) -> None:
    long = f"[{'op(' * 12}x{', x)' * 12} for x in Element]"
    run(tmp_path, condition(agent=scripted([evaluate(long)]), generations=1))
    told = of_type(tmp_path, "acted")[0]
    assert told.reply.startswith("ill_formed: ") and "the term has 26 term nodes and may have 24" in told.reply
    assert told.evaluations == 1


LINES = (
    [evaluate(SEARCH), state(QUANTIFIED), state(DEAR)],
    [
        evaluate("fixed(first(x for x in Element))"),
        {"action": "match", "term": "(x: Element): first(y for y in Element)"},
    ],
)


def test_a_trial_that_was_killed_in_such_a_turn_goes_on_to_the_same_bytes(tmp_path: Path) -> None:
    chosen = condition(agent=scripted(*LINES), generations=1, budget=budget(400, turns=3))
    run(tmp_path, chosen)
    whole = (tmp_path / "events.jsonl").read_bytes()
    own = own_events(tmp_path, 1, 1)
    assert any(event.type == "acted" and event.evaluations > 1 for event in own)
    for kept in range(2, len(own)):
        reopen(tmp_path, 1, {1: own[:kept]})
        run(tmp_path, chosen)
        assert (tmp_path / "events.jsonl").read_bytes() == whole, own[kept - 1].type


def test_judged_again_it_has_cost_what_it_cost(tmp_path: Path) -> None:
    run(tmp_path / "a", condition(agent=scripted(*LINES), generations=1, budget=budget(400, turns=3)))
    assert again(tmp_path / "a", tmp_path / "b").same
    assert (tmp_path / "b/events.jsonl").read_bytes() == (tmp_path / "a/events.jsonl").read_bytes()


# --- searches outside of the bench -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("told", "charged"), [(0, 0), (7, 7), (10**9, 60), (-5, 0)])
def test_a_search_that_an_answer_reports_is_charged_as_far_as_evaluations_are_left(
    tmp_path: Path, told: int, charged: int
) -> None:
    def say(view: TenureView, turn: TurnContext) -> Any:
        return Answer(text='{"actions": [{"action": "end"}]}', searched=told)

    run(tmp_path, condition(agent=puppet("says", say), generations=1, budget=budget(60)))
    (answered,) = of_type(tmp_path, "answered")
    assert answered.searched == charged and of_type(tmp_path, "tenure_ended")[0].spent.evaluations == charged
    assert ("searched" in (tmp_path / "events.jsonl").read_text()) == bool(charged)


def explored(where: Path, evaluations: int) -> list[Any]:
    agent = {"name": "llm", "parameters": {"model": "mock/explorer"}}
    left = Budget(turns=4, tokens=200_000, context=16_000, evaluations=evaluations)
    chosen = resolve_condition("alien(layers=2)", agent=agent, budget=left, generations=2, seed=2)
    asyncio.run(run_trial(chosen, where))
    return events(where)


@pytest.mark.parametrize("evaluations", [30, 2_000])
def test_the_explorer_behind_a_prompt_pays_for_its_search(tmp_path: Path, evaluations: int) -> None:
    found = explored(tmp_path, evaluations)
    answers = [event for event in found if isinstance(event, Answered)]
    assert answers[0].searched > evaluations // 3
    for event in found:
        if event.type == "tenure_ended":
            own = [one for one in answers if one.generation == event.generation]
            assert sum(one.searched for one in own) <= event.spent.evaluations <= evaluations
    whole = (tmp_path / "events.jsonl").read_bytes()
    own = own_events(tmp_path, 1, 1)
    second = [place for place, event in enumerate(own) if event.type == "answered"][1]
    reopen(tmp_path, 1, {1: own[:second]})
    explored(tmp_path, evaluations)
    assert (tmp_path / "events.jsonl").read_bytes() == whole


@pytest.mark.parametrize("searched", [1.5, float("nan"), True, "7", None])
def test_what_a_search_took_is_a_whole_number(searched: object) -> None:
    with pytest.raises(ValidationError):
        Answer.model_validate({"text": "", "searched": searched})
