"""Under `window` turns leave the prompt when the context is full, and a tenure can be longer than its context."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.explorer.from_text import read_prompt
from relay.errors import UsageError
from relay.records.budget import Budget
from relay.records.events import Fault
from relay.records.prices import Prices
from relay.researcher.observation import Message, TenureView
from relay.researcher.prompting import GONE, render
from relay.researcher.tokens import count_messages
from relay.researcher.turn import TurnContext
from relay.schemes.memory import Window
from relay.trial.allowance import Allowance
from relay.trial.replay import Replay
from tests.trial.budget_walk import BUDGETS, PRICES, BudgetWalk
from tests.trial.helpers import condition, of_type, own_events, reopen, run, state
from tests.trial.puppets import puppet
from tests.trial.toy import SQUARE

FILE = str(Path(__file__).resolve())
LONG = Budget(turns=12, tokens=200_000, context=3_400, evaluations=60)


@settings(max_examples=400, deadline=None)
@given(BUDGETS, PRICES, st.integers(1, 4_000), st.integers(0, 200), st.data())
def test_the_last_turn_is_announced_and_has_its_reserve(
    budget: Budget, prices: Prices, staying: int, margin: int, data: Any
) -> None:
    """Whatever is answered and replied within what is allowed, as long as turns leave a prompt that is full."""
    walk, turns = BudgetWalk(budget, prices, margin, data), list[int]()
    while True:
        allowance = Allowance(budget, walk.spent, prices, margin, staying)
        while True:
            prompt = staying + sum(turns)
            horizon = walk.horizon(allowance, prompt)
            if len(turns) < 2 or not allowance.is_full(prompt, horizon.turns):
                break
            turns = turns[Window().leaving(len(turns)) :]
        most = allowance.asked(prompt, horizon.following)
        if walk.refused(prompt):
            return
        if walk.is_over(allowance, prompt, horizon, most):
            assert not walk.spent.turns or horizon.part != "context"
            return
        answer = walk.answer(prompt, most)
        left = Allowance(budget, walk.spent, prices, margin, staying)
        turns.append(answer + walk.replies(left, prompt, answer, horizon) + walk.up_to(margin))


def wordy(seen: list[TenureView]) -> dict[str, Any]:
    """An agent that states a definition at first and then talks at length. It never repeats itself."""

    def answer(view: TenureView, turn: TurnContext) -> str:
        seen.append(view)
        actions = [] if view.turns else [state(SQUARE)]
        return json.dumps({"thinking": f"turn {view.turn} ".ljust(600, "-"), "actions": [*actions, CALL]})

    return puppet("wordy", answer)


CALL = {"action": "evaluate", "term": "all(square(x) == x for x in Element)"}


@pytest.mark.parametrize("memory", ["window", "window(across=true)"])
def test_a_tenure_is_longer_than_its_context(tmp_path: Path, memory: str) -> None:
    seen: list[TenureView] = []
    run(tmp_path / "a", condition(agent=wordy(seen), memory=memory, notes="none", generations=2, budget=LONG))
    ends = of_type(tmp_path / "a", "tenure_ended")
    assert [(end.reason, end.spent.turns, end.unannounced) for end in ends] == [("turns", 12, False)] * 2
    assert [(view.turn, view.turns_left, view.last) for view in seen[:12]] == [
        (turn, 13 - turn, turn == 12) for turn in range(1, 13)
    ]
    # what left is told and logged, half at once; the newest turn stays
    gone = of_type(tmp_path / "a", "turns_gone")
    assert sum(event.count for event in gone if event.generation == 1) == seen[11].gone.turns > 3
    for before, after in pairwise(seen[:12]):
        had = len(before.turns) + 1
        assert len(after.turns) == (had if after.gone == before.gone else had - had // 2)
        assert (f"Your first {after.gone.turns} turns have {GONE}" in render(after)[1].content) == (
            after.gone.turns > 1
        )
    # the log, the prompts that were sent and their tokens agree
    answered = of_type(tmp_path / "a", "answered")
    sizes = [count_messages(render(view)) for view in seen]
    assert [event.tokens_in for event in answered] == sizes and max(sizes) < LONG.context
    assert sum(sizes[:12]) + sum(event.tokens_out for event in answered[:12]) > 3 * LONG.context
    past = list(Replay.of(tmp_path / "a").with_components(trust=True).tenures())
    assert [turn.view for tenure in past for turn in tenure.turns] == seen
    # what is told of a phenomenon stays told, and what was defined can be called
    assert all("Explained: 1, 2." in render(view)[-1].content for view in seen[1:12])
    assert all(event.ok for event in of_type(tmp_path / "a", "acted") if event.generation == 1)


def test_without_the_window_the_context_ends_it(tmp_path: Path) -> None:
    run(tmp_path / "a", condition(agent=wordy([]), memory="fresh", notes="none", generations=1, budget=LONG))
    (end,) = of_type(tmp_path / "a", "tenure_ended")
    assert end.reason == "context" and end.spent.turns < 8


def test_across_a_successor_gets_what_was_seen_last(tmp_path: Path) -> None:
    for across in ("true", "false"):
        seen: list[TenureView] = []
        memory = f"window(across={across})"
        chosen = condition(agent=wordy(seen), memory=memory, notes="none", generations=2, budget=LONG)
        final = run(tmp_path / across, chosen)
        kept = [each.message.content for each in final.transcripts.remembered.get(1, ()) if not each.inherited]
        assert kept[1::2][:-1] == ([turn.answer for turn in seen[-1].turns] if across == "true" else [])
        messages = [message.content for message in seen[12].observation.inheritance.messages]
        last = [turn.answer for turn in seen[11].turns]
        found = [f"turn {turn} " for turn in range(1, 13) if any(f"turn {turn} " in message for message in messages)]
        visible = [f"turn {turn} " for turn in range(1, 12) if any(f"turn {turn} " in text for text in last)]
        assert set(found) <= {*visible, "turn 12 "} and ("turn 12 " in found) == (across == "true")


def test_a_window_goes_on_byte_for_byte_after_faults_too(tmp_path: Path) -> None:
    chosen = condition(agent=wordy([]), memory="window", notes="none", generations=1, budget=LONG)
    run(tmp_path / "a", chosen)
    whole = (tmp_path / "a/events.jsonl").read_bytes()
    own = own_events(tmp_path / "a", 1, 1)
    for at in [place for place, event in enumerate(own) if event.type == "turns_gone"]:
        for cut in (at, at + 1):
            reopen(tmp_path / "a", 1, {1: own[:cut]})
            run(tmp_path / "a", chosen)
            assert (tmp_path / "a/events.jsonl").read_bytes() == whole
        # a machine's fault comes after the turns have left
        place = own[at].model_copy(update={"seq": at + 1})
        fault = Fault(side="machine", kind="lost", message="gone", **{**_place(place), "turn": place.turn + 1})
        reopen(tmp_path / "a", 1, {1: [*own[: at + 1], fault]})
        run(tmp_path / "a", chosen)
        kinds = [event.type for event in own_events(tmp_path / "a", 1, 1)]
        assert kinds == [event.type for event in own[: at + 1]] + ["fault"] + [event.type for event in own[at + 1 :]]


def _place(event: Any) -> dict[str, int]:
    return {name: getattr(event, name) for name in ("generation", "tenure", "seq")}


class Stubborn(Window):
    """Lets nothing leave."""

    gives: ClassVar[int] = 0

    def leaving(self, turns: int) -> int:
        return self.gives


class Rash(Stubborn):
    """Lets everything leave."""

    gives: ClassVar[int] = 99


@pytest.mark.parametrize("name", ["Stubborn", "Rash"])
def test_a_scheme_that_lets_too_few_or_too_many_leave_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match=rf"`files/test_window\.py:{name}` lets \d+ of \d+ turns leave; .* 1 to \d"):
        run(tmp_path / "a", condition(agent=wordy([]), memory=f"{FILE}:{name}", notes="none", budget=LONG))


def test_a_program_reads_a_prompt_from_which_turns_have_left(tmp_path: Path) -> None:
    seen: list[TenureView] = []
    run(tmp_path / "a", condition(agent=wordy(seen), memory="window", notes="none", generations=1, budget=LONG))
    read = read_prompt(render(seen[-1]))
    assert read.observation.inheritance.text == "" and read.observation.inheritance.messages == ()
    assert [turn.answer for turn in read.turns] == [turn.answer for turn in seen[-1].turns]
    assert isinstance(render(seen[-1])[0], Message)
