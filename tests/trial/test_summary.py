"""Under `summary` a researcher whose context is full writes a summary, in a turn of its own, and goes on with it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.explorer.from_text import read_prompt
from relay.records.budget import Budget
from relay.records.prices import Prices
from relay.researcher.observation import Answer, TenureView
from relay.researcher.prompting import GONE, SUMMARISE, SUMMARISED, render
from relay.researcher.tokens import count_messages, count_text
from relay.researcher.turn import TurnContext
from relay.schemes.memory import Remembered, Summary
from relay.schemes.memory.summary import HEAD
from relay.trial.allowance import Allowance
from relay.trial.replay import Replay
from relay.trial.state import TrialState
from tests.contract.memories import said
from tests.trial.budget_walk import BUDGETS, PRICES, BudgetWalk
from tests.trial.helpers import condition, events, of_type, own_events, reopen, run, state
from tests.trial.puppets import puppet
from tests.trial.toy import SQUARE

LONG = Budget(turns=20, tokens=200_000, context=3_400, evaluations=60)
CALL = {"action": "evaluate", "term": "all(square(x) == x for x in Element)"}
IGNORED = json.dumps({"actions": [{"action": "end"}, state("claim (x: Element): x == x")]})[:-2] + ",]}"
"""Actions whose form would have to be mended."""


@settings(max_examples=400, deadline=None)
@given(BUDGETS, PRICES, st.integers(1, 4_000), st.integers(30, 200), st.data())
def test_no_summary_takes_the_reserve(budget: Budget, prices: Prices, staying: int, margin: int, data: Any) -> None:
    """Whatever is answered and replied within what is allowed; summaries may be lost."""
    walk = BudgetWalk(budget, prices, margin, data)
    turns, lost, summary, full = list[int](), False, False, False
    while True:
        after, summary = summary and not lost, False
        assert full or not turns or staying + sum(turns) + budget.last_answer <= budget.context, "no room for a summary"
        allowance = Allowance(budget, walk.spent, prices, margin, staying)
        while True:
            prompt = staying + sum(turns)
            horizon = walk.horizon(allowance, prompt)
            full = bool(turns) and allowance.is_full(prompt, horizon.turns)
            if not full:
                break
            assert not after or horizon.turns < 3, "a summary left no room for another turn"
            if horizon.turns > 2 and not lost and allowance.summary(prompt, horizon.following) >= allowance.modest:
                summary = True
                break
            if len(turns) < 2:
                break
            turns = turns[Summary().leaving(len(turns)) :]
        allowance = replace(allowance, growing=not full)
        most = (allowance.summary if summary else allowance.asked)(prompt, horizon.following)
        if walk.refused(prompt) or walk.is_over(allowance, prompt, horizon, most):
            return
        answer = walk.answer(prompt, most)
        lost = summary and data.draw(st.booleans())
        if summary:
            turns = [*turns, answer + margin] if lost else [answer + walk.up_to(margin)]
            continue
        left = Allowance(budget, walk.spent, prices, margin, staying, growing=not full)
        turns.append(answer + walk.replies(left, prompt, answer, horizon) + walk.up_to(margin))


def writer(seen: list[TenureView], summary: str = IGNORED) -> dict[str, Any]:
    """An agent that talks at length, and writes summaries when it is asked to."""

    def answer(view: TenureView, turn: TurnContext) -> Answer:
        seen.append(view)
        if view.summary:
            return Answer(text=summary.format(turn=view.turn) if "{turn}" in summary else summary)
        actions = [state(SQUARE)] if view.turn == 1 else []
        return Answer(text=json.dumps({"thinking": f"turn {view.turn} ".ljust(600, "-"), "actions": [*actions, CALL]}))

    return puppet("writer", answer)


def finished(where: Path, memory: str = "summary", **options: Any) -> tuple[list[TenureView], TrialState]:
    seen: list[TenureView] = []
    agent = writer(seen, **options)
    final = run(where, condition(agent=agent, memory=memory, notes="none", generations=2, budget=LONG))
    return seen, final


def test_a_summary_is_a_turn_of_its_own(tmp_path: Path) -> None:
    seen, _ = finished(tmp_path / "a")
    own = seen[:20]
    asked = [view for view in own if view.summary]
    assert len(asked) >= 2 and [view.turn for view in own] == list(range(1, 21))
    for view in own:
        assert (SUMMARISE in render(view)[-1].content) == view.summary
    for view in asked:  # after it, the summary is all that is left of the turns before
        after = own[view.turn]
        assert [turn.answer for turn in after.turns] == [IGNORED] and after.gone.turns == view.turn - 1
        assert f"turns have {GONE}" in render(after)[1].content
        assert render(after)[-1].content.startswith(SUMMARISED)
        assert view.answer_room is not None and not after.summary
    # it is charged, logged with its purpose, and nothing in it is carried out
    answered = [event for event in of_type(tmp_path / "a", "answered") if event.generation == 1]
    assert [event.turn for event in answered if event.purpose == "summary"] == [view.turn for view in asked]
    assert all(event.tokens_out > 0 and not event.mended for event in answered)
    assert [event.tokens_in for event in answered] == [count_messages(render(view)) for view in own]
    ended = of_type(tmp_path / "a", "tenure_ended")
    assert [(end.reason, end.spent.turns) for end in ended] == [("turns", 20)] * 2
    assert not [event for event in of_type(tmp_path / "a", "judged") if event.source != SQUARE]
    assert not of_type(tmp_path / "a", "fault")
    past = list(Replay.of(tmp_path / "a").with_components(trust=True).tenures())
    assert [turn.view for tenure in past for turn in tenure.turns] == seen
    assert all("Explained: 1, 2." in render(view)[-1].content for view in own[1:])


def test_a_lost_summary_falls_back_to_the_window(tmp_path: Path) -> None:
    seen, _ = finished(tmp_path / "a", summary="  ")
    (first, *_) = [view for view in seen if view.summary]
    after = seen[first.turn]
    had = len(first.turns) + 1
    assert len(after.turns) == had - had // 2 and not after.summary
    faults = of_type(tmp_path / "a", "fault")
    assert {(event.kind, event.message) for event in faults} == {("malformed", "the summary is empty")}
    assert {event.spent.turns for event in of_type(tmp_path / "a", "tenure_ended")} == {20}


def test_a_summary_goes_on_byte_for_byte(tmp_path: Path) -> None:
    finished(tmp_path / "a", summary="turn {turn}: go on")
    whole = (tmp_path / "a/events.jsonl").read_bytes()
    own = own_events(tmp_path / "a", 2, 1)
    chosen = condition(
        agent=writer([], "turn {turn}: go on"), memory="summary", notes="none", generations=2, budget=LONG
    )
    places = [at for at, event in enumerate(own) if event.type == "answered" and event.purpose]
    for cut in [cut for at in places for cut in (at, at + 1, at + 2)]:
        reopen(tmp_path / "a", 2, {1: own[:cut]})
        run(tmp_path / "a", chosen)
        assert (tmp_path / "a/events.jsonl").read_bytes() == whole


@pytest.mark.parametrize("across", [True, False])
def test_across_a_successor_gets_the_latest_summary_as_text_in_the_log(tmp_path: Path, across: bool) -> None:
    memory = f"summary(across={str(across).lower()})"
    seen, _ = finished(tmp_path / "a", memory=memory, summary="what I know after {turn} turns")
    assert seen[0].observation.passes_messages == (across and "summary")
    latest = [view.turn for view in seen[:20] if view.summary][-1]
    messages = [message.content for message in seen[20].observation.inheritance.messages]
    assert messages == ([f"{HEAD}\n\nwhat I know after {latest} turns"] if across else [])
    written = [event for event in events(tmp_path / "a") if event.type == "handed_on"]
    assert [[each.content for each in event.messages] for event in written] == ([messages] if across else [])


def test_a_summary_is_cut_to_its_room() -> None:
    words = Remembered(message=said("word " * 400, "assistant").message, summary=True)
    (handed,) = Summary(across=True).hand_on((said("x"), words), 100, count_text)
    assert handed.tokens(count_text) <= 100 and handed.message.content.startswith(f"{HEAD}\n\nword word")
    assert Summary().hand_on((said("x"), words), 100, count_text) == ()
    assert Summary(across=True).hand_on((said("x"), words), 10, count_text) == ()


def test_the_explorer_reads_a_prompt_with_a_summary(tmp_path: Path) -> None:
    seen, _ = finished(tmp_path / "a")
    for view in seen:
        read = read_prompt(render(view))
        assert read.observation.inheritance.text == ""
        assert [turn.answer for turn in read.turns] == [turn.answer for turn in view.turns]


def test_answers_of_any_length_leave_room_for_a_summary(tmp_path: Path) -> None:
    seen: list[TenureView] = []

    def answer(view: TenureView, turn: TurnContext) -> str:
        seen.append(view)
        tokens = 330 if view.turn < 4 else turn.max_tokens
        return json.dumps({"thinking": "-" * (4 * tokens - 60), "actions": []})

    run(
        tmp_path / "a",
        condition(agent=puppet("fills", answer), memory="summary", notes="none", generations=1, budget=LONG),
    )
    first = next(view for view in seen if view.summary)
    assert first.gone.turns == 0 and len(first.turns) == first.turn - 1
