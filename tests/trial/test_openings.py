"""What a successor can open within one tenure, against every order of openings that a tenure could try."""

from __future__ import annotations

import json
from collections import Counter
from itertools import count, islice
from pathlib import Path

import pytest

from relay.records.budget import Budget
from relay.records.condition import Condition
from relay.researcher.observation import TenureView
from relay.researcher.turn import TurnContext
from relay.trial import openings
from relay.trial.directory import load_trial
from relay.trial.opening import open_tenure
from relay.trial.readable import callable_keys, openable
from relay.trial.setup import TrialSetup
from tests.trial.helpers import condition, of_type, run, state
from tests.trial.puppets import puppet
from tests.trial.stores import DRAWER, called_by_brute_force, lived, random_stores, store_of

SCHEMES = ("ledger(cap=200)", "ledger(cap=400)", DRAWER)
STORES = 67


@pytest.mark.parametrize("notes", SCHEMES)
def test_a_definition_is_readable_if_some_order_of_openings_makes_it_callable(notes: str) -> None:
    kinds: Counter[str] = Counter()
    for number, store in enumerate(islice(random_stores(14, notes), STORES)):
        found = callable_keys(store.setup, store.opening)
        assert found == called_by_brute_force(store), number
        if store.possible > (shown := set(store.opening.shown.readable)):
            kinds["all" if found == store.possible else "none" if found == shown else "some"] += 1
    assert min(kinds["all"], kinds["none"]) >= 5 and kinds["some"] >= 2, kinds


# Replies may have 1,000 tokens. In this order, first fit needs three turns; two are enough.
PACKED = (390, 390, 295, 295, 295, 295)


def test_notes_that_fill_two_turns_are_found_where_first_fit_needs_three() -> None:
    budget = Budget(turns=3, context=4_000)
    store = store_of(DRAWER, PACKED, budget)
    (last,) = [*store.opening.notes.values()][-1].statements
    assert last in callable_keys(store.setup, store.opening)
    assert [len(turn.replies) for turn in openable(store.setup, store.opening)[last].turns] == [3, 3]
    # the same in one turn fewer, or with a little more to read
    for notes, fewer in ((PACKED, Budget(turns=2, context=4_000)), ((*PACKED[:-1], 350), budget)):
        store = store_of(DRAWER, notes, fewer)
        assert last not in callable_keys(store.setup, store.opening)


def test_where_not_every_order_is_tried_no_more_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    store = store_of(DRAWER, PACKED, Budget(turns=3, context=4_000))
    whole = callable_keys(store.setup, store.opening)
    for name, limit in (("EXACT", 5), ("MOST", 1)):
        with monkeypatch.context() as patch:
            patch.setattr(openings, name, limit)
            assert callable_keys(store.setup, store.opening) < whole


def test_a_turn_may_pass_before_a_note_is_opened() -> None:
    """The last turn but one has more room for replies than the one before it, which keeps room for both."""
    store = store_of(DRAWER, (300,), Budget(turns=3, context=2_080))
    ((_, stage),) = openable(store.setup, store.opening).items()
    assert [len(turn.replies) for turn in stage.turns] == [0, 1]


# --- in a tenure that lives ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("notes", SCHEMES)
def test_what_is_found_can_be_done(tmp_path: Path, notes: str) -> None:
    """A researcher that gives the answers that were found for a definition can then state a claim that calls it."""
    stores = [store_of(notes, PACKED, Budget(turns=3, context=4_000)), *islice(random_stores(41, notes), 60)]
    turns: Counter[int] = Counter()
    for number, store in enumerate(stores):
        for key, stage in openable(store.setup, store.opening).items():
            name = next(name for name, meant in stage.labels.items() if meant == key)
            use = json.dumps({"actions": [state(f"claim (x: Element): {name}(x) == x")]})
            events = lived(store, [*(turn.answer for turn in stage.turns), use], tmp_path / f"{number}-{key}.jsonl")
            judged = [event for event in events if event.type == "judged"]
            assert [(each.status, each.rests_on) for each in judged] == [("holds", {name: key})], number
            turns[len(stage.turns)] += 1
    assert turns[1] >= 10 and sum(turns.values()) - turns[1] >= 3, turns


AUTHORS = 4
REMARKS = (60, 200, 120, 220, 90, 210, 70, 180)
"""Words of the remarks on their definitions, two for each author."""


@pytest.mark.parametrize(("context", "turns"), [(2_300, 3), (2_450, 2), (2_900, 3)])
def test_what_a_log_calls_readable_can_be_called_in_the_next_generation(
    tmp_path: Path, context: int, turns: int
) -> None:
    authors, plan = count(), list[str]()

    def answer(view: TenureView, turn: TurnContext) -> str:
        if view.observation.inheritance.text:
            return plan[len(view.turns)]
        if view.turns:
            return json.dumps({"actions": [{"action": "end"}]})
        author = next(authors)
        sources = (
            f"define p{author}(x: Element) -> Element = {'op(x, ' * (author + 2)}x{')' * (author + 2)}",
            f"define q{author}(x: Element) -> Element = op(p{author}(x), x)",
        )
        remarks = [" ".join(["word"] * words) for words in REMARKS[2 * author :]]
        noted = [
            {**state(source), "record": True, "remark": remark}
            for source, remark in zip(sources, remarks, strict=False)
        ]
        return json.dumps({"actions": noted})

    def chosen(generations: int) -> Condition:
        options = {"notes": "ledger(cap=480)", "generations": generations, "width": AUTHORS, "budget": budget}
        return condition(agent=agent, **options)

    agent = puppet("opener", answer)
    budget = Budget(turns=turns, tokens=60_000, context=context, evaluations=60)
    run(tmp_path / "one", chosen(1))
    first = load_trial(tmp_path / "one", trust=True)
    setup = TrialSetup.of(chosen(2), first.task)
    opening = open_tenure(setup, first.state, 2, 1)
    found = openable(setup, opening)
    assert set(found) | set(opening.shown.readable) == set(of_type(tmp_path / "one", "generation_ended")[0].readable)
    for key, stage in found.items():
        authors = count()
        name = next(name for name, meant in stage.labels.items() if meant == key)
        plan[:] = [turn.answer for turn in stage.turns]
        plan.append(json.dumps({"actions": [state(f"claim (x: Element): {name}(x) == x"), {"action": "end"}]}))
        run(tmp_path / key, chosen(2))
        judged = of_type(tmp_path / key, "judged")[-1]
        assert (judged.generation, judged.status, judged.rests_on) == (2, "holds", {name: key})
