"""A trial that is read again: the views before each answer are those that the researchers had."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from relay.errors import UsageError
from relay.records.budget import Budget
from relay.records.events import Answered
from relay.researcher.observation import TenureView
from relay.researcher.prompting import opening
from relay.researcher.turn import TurnContext
from relay.schemes.notes.ledger_page import HEADINGS
from relay.trial.replay import Replay
from tests.trial.helpers import condition, events, own_events, record, reopen, run, scripted, state
from tests.trial.puppets import puppet
from tests.trial.toy import FOURTH, LAW, SQUARE

BUDGET = Budget(turns=3, tokens=40_000, context=6_000, evaluations=60)


def watched(views: list[TenureView]) -> dict[str, Any]:
    """A researcher who records what it states, loses a turn now and then, and whose views are added to `views`."""
    lines = [
        ['{"actions": [{"action": "state", "source": "' + SQUARE + '"}, {"action": "record", "statement": "square"}]}'],
        ["no action", '{"actions": [{"action": "evaluate", "term": "1 + 1"}]}'],
        ['{"actions": [{"action": "state", "source": "' + LAW + '"}]}', '{"actions": [{"action": "end"}]}'],
    ]

    def answer(view: TenureView, turn: TurnContext) -> str:
        views.append(view)
        choices = lines[len(view.turns) % 3]
        return choices[int(turn.rng.integers(len(choices)))]

    return puppet("watched", answer)


@pytest.mark.parametrize("memory", ["fresh", "immortal"])
@pytest.mark.parametrize("notes", ["ledger", "none"])
def test_views_are_those_that_the_researchers_had(tmp_path: Path, notes: str, memory: str) -> None:
    seen: list[TenureView] = []
    run(tmp_path / "a", condition(agent=watched(seen), notes=notes, memory=memory, generations=4, budget=BUDGET))
    past = list(Replay.of(tmp_path / "a").with_components(trust=True).tenures())
    assert [tenure.generation for tenure in past] == [1, 2, 3, 4] and all(tenure.exact for tenure in past)
    assert [turn.view for tenure in past for turn in tenure.turns] == seen
    assert [tenure.page for tenure in past] == [opening(view.observation) for view in seen if not view.turns]
    handed_on = [view.observation.inheritance.messages for view in seen if not view.turns]
    assert [tenure.messages for tenure in past] == handed_on and any(handed_on) == (memory == "immortal")
    assert any(view.last for view in seen) and all(tenure.ended for tenure in past)


def test_without_components_the_page_has_the_notes_that_were_shown(tmp_path: Path) -> None:
    agent = scripted([state(SQUARE), record("square", "squares")], [state(FOURTH), record("fourth")])
    run(tmp_path / "a", condition(agent=agent, notes="ledger", generations=3))
    plain, exact = Replay.of(tmp_path / "a"), Replay.of(tmp_path / "a").with_components(trust=True)
    for bare, whole in zip(plain.tenures(), exact.tenures(), strict=True):
        assert (bare.exact, whole.exact) == (False, True)
        assert bare.shown == whole.shown and len(bare.turns) == len(whole.turns)
        statements = [line for line in bare.page.splitlines() if line.startswith("define")]
        assert all(line in whole.page for line in statements)
        assert [turn.events for turn in bare.turns] == [turn.events for turn in whole.turns]
        assert all(turn.view is None for turn in bare.turns)
    [second] = plain.tenures(2)
    assert "squares" in second.page and second.page.count("define") == 2


def test_code_of_a_trial_is_not_run_unless_it_is_trusted(tmp_path: Path) -> None:
    run(tmp_path / "a", condition(generations=1))
    with pytest.raises(UsageError, match="give --trust"):
        Replay.of(tmp_path / "a").with_components(trust=False)
    assert [tenure.generation for tenure in Replay.of(tmp_path / "a").tenures()] == [1]


def test_one_generation_or_one_tenure_is_read(tmp_path: Path) -> None:
    run(tmp_path / "a", condition(generations=3, width=2))
    replay = Replay.of(tmp_path / "a")

    def places(*chosen: int | None) -> list[tuple[int, int]]:
        return [(tenure.generation, tenure.tenure) for tenure in replay.tenures(*chosen)]

    assert places(2) == [(2, 1), (2, 2)]
    assert places(None, 2) == [(1, 2), (2, 2), (3, 2)]
    assert places(3, 1) == [(3, 1)]
    with pytest.raises(UsageError, match=r"has no generation 4 \(1 to 3 have ended\)"):
        places(4)
    with pytest.raises(UsageError, match="2 researchers in a generation, and no number 3"):
        places(1, 3)


def test_open_tenures_are_read(tmp_path: Path) -> None:
    seen: list[TenureView] = []
    run(tmp_path / "a", condition(agent=watched(seen), width=2, generations=3, budget=BUDGET))
    own = own_events(tmp_path / "a", 3, 2)
    half = next(place for place, event in enumerate(own) if isinstance(event, Answered) and event.turn == 2)
    reopen(tmp_path / "a", 3, {1: own_events(tmp_path / "a", 3, 1), 2: own[: half + 1]})
    replay = Replay.of(tmp_path / "a").with_components(trust=True)
    first, second = replay.tenures(3)
    assert first.ended is not None and second.ended is None
    assert [turn.number for turn in second.turns] == [1, 2] and second.turns[1].answered is not None
    assert all(turn.view in seen for turn in (*first.turns, *second.turns))
    assert len(list(replay.tenures())) == 6
    assert events(tmp_path / "a")[-1].generation == 2


@pytest.mark.parametrize("generation", [1, 2])
def test_a_trial_that_goes_on_meanwhile_is_read_as_it_was(tmp_path: Path, generation: int) -> None:
    run(tmp_path / "a", condition(generations=3))
    shutil.copytree(tmp_path / "a", tmp_path / "later")
    reopen(tmp_path / "a", generation, {1: own_events(tmp_path / "a", generation, 1)[:-1]})
    replay = Replay.of(tmp_path / "a")
    shutil.rmtree(tmp_path / "a")
    (tmp_path / "later").rename(tmp_path / "a")
    past = list(replay.tenures())
    assert [tenure.generation for tenure in past] == list(range(1, generation + 1))
    assert [tenure.ended is not None for tenure in past] == [True] * (generation - 1) + [False]


def test_a_page_that_is_laid_out_otherwise_now_is_not_taken_for_the_one_that_was_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent = scripted([state(SQUARE), record("square", "squares")])
    run(tmp_path / "a", condition(agent=agent, notes="ledger", generations=2))
    others = dict.fromkeys(HEADINGS, "Some other words:")
    monkeypatch.setattr("relay.schemes.notes.ledger_page.HEADINGS", others)
    first, second = Replay.of(tmp_path / "a").with_components(trust=True).tenures()
    assert (first.exact, second.exact) == (True, False)
    assert "squares" in second.page and "other words" not in second.page
