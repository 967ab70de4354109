"""A trial as a whole: its files, the log as the only source of the state, and that nothing else decides its bytes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from relay.errors import UsageError
from relay.notation.statement_reader import StatementReader
from relay.researcher.observation import TenureView
from relay.researcher.turn import TurnContext
from relay.trial.directory import load_trial
from relay.trial.state import fold
from tests.trial.helpers import condition, events, of_type, record, run, scripted, state
from tests.trial.puppets import puppet
from tests.trial.toy import EIGHTH, FOURTH, HERE, LAW, PAIR, SQUARE


def test_a_chain_of_notes_builds_what_one_tenure_begins(tmp_path: Path) -> None:
    final = run(tmp_path / "a", condition(agent=scripted([state(SQUARE), record(SQUARE)]), generations=2))
    assert final.ended == "completed"
    assert final.discoveries.established == {"square": 1}
    assert final.last is not None and final.last.retained == ("square",)
    assert final.last.measures["depth_weighted_recall"] == pytest.approx(1 / 8)
    assert final.auc == pytest.approx(1 / 8)
    assert final.last.measures["depth_50"] == 1.0
    shown = of_type(tmp_path / "a", "shown")
    assert [len(event.readable) for event in shown] == [0, 1]


def test_without_notes_nothing_is_retained(tmp_path: Path) -> None:
    final = run(tmp_path / "a", condition(agent=scripted([state(SQUARE), record(SQUARE)]), notes="none"))
    assert final.discoveries.established == {"square": 1}
    assert final.last is not None and final.last.retained == ()
    assert final.store.notes == {} and final.store.definitions == {}


@pytest.mark.parametrize("memory", ["fresh", "immortal"])
@pytest.mark.parametrize("notes", ["none", "journal", "ledger", "ledger(cap=150)"])
@pytest.mark.parametrize("truth", ["shown", "hidden"])
@pytest.mark.parametrize("width", [1, 3])
def test_the_log_folds_to_the_live_state(tmp_path: Path, memory: str, notes: str, truth: str, width: int) -> None:
    chosen = condition(memory=memory, notes=notes, truth=truth, width=width, generations=4)
    live = run(tmp_path / "a", chosen)
    loaded = load_trial(tmp_path / "a", trust=True)
    assert loaded.state.snapshot() == live.snapshot()
    folded = fold(events(tmp_path / "a"), StatementReader(loaded.task.given), transcripts=memory == "immortal")
    assert folded.snapshot() == live.snapshot()
    again = run(tmp_path / "b", chosen)
    assert (tmp_path / "a/events.jsonl").read_bytes() == (tmp_path / "b/events.jsonl").read_bytes()
    assert again.snapshot() == live.snapshot()
    log = events(tmp_path / "a")
    assert [event.seq for event in log] == list(range(len(log)))
    assert not list((tmp_path / "a/open").iterdir())


def test_a_finished_trial_is_left_alone(tmp_path: Path) -> None:
    chosen = condition()
    run(tmp_path / "a", chosen)
    before = {path.name: path.read_bytes() for path in (tmp_path / "a").iterdir() if path.is_file()}
    final = run(tmp_path / "a", chosen)
    assert final.ended == "completed"
    assert {path.name: path.read_bytes() for path in (tmp_path / "a").iterdir() if path.is_file()} == before


def test_a_state_as_it_stood(tmp_path: Path) -> None:
    run(tmp_path / "a", condition(generations=4))
    two = load_trial(tmp_path / "a", 2, trust=True).state
    assert two.generation == 2 and two.ended is None
    assert load_trial(tmp_path / "a", 0, trust=True).state.store.notes == {}
    with pytest.raises(UsageError, match="generations 0 to 4, not 5"):
        load_trial(tmp_path / "a", 5, trust=True)


def test_tenures_of_a_generation_do_not_see_each_other(tmp_path: Path) -> None:
    agent = scripted([state(SQUARE), record(SQUARE)], [state("define mine(x: Element) -> Element = square(square(x))")])
    run(tmp_path / "a", condition(agent=agent, width=3, generations=2))
    shown = of_type(tmp_path / "a", "shown")
    assert [len(event.notes) for event in shown] == [0, 0, 0, 1, 1, 1]
    applied = [event for event in of_type(tmp_path / "a", "note_changed") if event.applied and event.generation == 1]
    assert [(event.tenure, event.id, event.version) for event in applied] == [
        (1, "1.1.1", 1), (2, "1.1.1", 2), (3, "1.1.1", 3),
    ]  # fmt: skip


def test_credit_knows_leaps_and_firsts(tmp_path: Path) -> None:
    agent = scripted([state(FOURTH.replace("square(square(x))", "op(op(x, x), op(x, x))")), state(SQUARE), state(PAIR)])
    final = run(tmp_path / "a", condition(agent=agent, width=2, generations=1))
    credited = of_type(tmp_path / "a", "credited")
    assert [(event.tenure, event.concept, event.leap, event.first) for event in credited] == [
        (1, "square", False, True), (1, "pair", False, True), (2, "square", False, False), (2, "pair", False, False),
    ]  # fmt: skip
    assert final.discoveries.established == {"square": 1, "pair": 1}


def test_a_concept_without_its_prerequisites_is_a_leap(tmp_path: Path) -> None:
    task = {"name": f"{HERE}:Toy", "parameters": {"hidden": 1}}
    other = "define other(x: Element) -> Element = op(x, op(x, x))"
    final = run(tmp_path / "a", condition(task=task, agent=scripted([state(SQUARE)]), generations=1))
    assert [event.leap for event in of_type(tmp_path / "a", "credited")] == [True]
    assert final.discoveries.established == {"square": 1} and final.discoveries.without_leaps == set()
    # stated again, with its prerequisite at hand, it stays the leap that it was, but not in another tenure
    agent = scripted([state(SQUARE), state(SQUARE), state(other), state(SQUARE), state(SQUARE), record("other")])
    final = run(tmp_path / "b", condition(task=task, agent=agent, generations=1))
    credited = [(event.concept, event.leap, event.first) for event in of_type(tmp_path / "b", "credited")]
    assert credited == [("square", True, True), ("other", False, True)]
    assert final.discoveries.without_leaps == {"other"}
    final = run(tmp_path / "d", condition(task=task, agent=agent, generations=2))
    credited = [(event.concept, event.leap) for event in of_type(tmp_path / "d", "credited") if event.generation == 2]
    assert credited == [("square", False), ("other", False)]
    assert final.discoveries.without_leaps == {"square", "other"}
    # what stands in the notes is readable, and a concept built on it is no leap
    run(tmp_path / "c", condition(task=task, agent=reader(other), generations=2))
    assert [event.leap for event in of_type(tmp_path / "c", "credited")] == [False, False]


def reader(first: str) -> dict[str, object]:
    """Records one definition in the first generation and states another in the second."""

    def answer(view: TenureView, turn: TurnContext) -> str:
        if view.turns:
            return '{"actions": [{"action": "end"}]}'
        actions = [state(SQUARE)] if view.observation.inheritance.text else [state(first), record(first)]
        return json.dumps({"actions": actions})

    return puppet("reader", answer)


def test_laws_and_phenomena_are_counted_apart(tmp_path: Path) -> None:
    final = run(tmp_path / "a", condition(agent=scripted([state(SQUARE), state(LAW)]), generations=1))
    assert final.discoveries.laws == {"square/1"} and final.discoveries.explained == {1, 2}
    assert [event.law for event in of_type(tmp_path / "a", "law_credited")] == ["square/1"]


def test_orientation_counts_until_the_first_definition_of_ones_own(tmp_path: Path) -> None:
    agent = scripted([state("nonsense"), state(SQUARE), record(SQUARE)], [state(FOURTH)])
    run(tmp_path / "a", condition(agent=agent, generations=2))
    first, second = (event.measures for event in of_type(tmp_path / "a", "generation_ended"))
    assert (first["orientation_turns"], first["orientation_evaluations"]) == (1.0, 2.0)
    assert (second["orientation_turns"], second["orientation_evaluations"]) == (2.0, 3.0)
    assert first["orientation_reached"] == 1.0
    run(tmp_path / "b", condition(agent=scripted("nothing"), generations=1))
    assert of_type(tmp_path / "b", "generation_ended")[0].measures["orientation_reached"] == 0.0


def test_a_retained_concept_needs_all_that_it_rests_on(tmp_path: Path) -> None:
    whole = scripted(
        [state(SQUARE), state(FOURTH), state(EIGHTH), record("eighth"), record("square"), record("fourth")]
    )
    last = run(tmp_path / "a", condition(agent=whole, generations=1)).last
    assert last is not None and last.retained == ("eighth", "fourth", "square")
    broken = scripted([state(SQUARE), state(FOURTH), state(EIGHTH), record("eighth"), record("square")])
    last = run(tmp_path / "b", condition(agent=broken, generations=1)).last
    assert last is not None and last.retained == ("square",)


def test_a_definition_is_kept_with_what_it_rests_on(tmp_path: Path) -> None:
    agent = scripted([state(SQUARE), state(FOURTH), record("fourth")])
    final = run(tmp_path / "a", condition(agent=agent, generations=1))
    assert [definition.name for definition in final.store.definitions.values()] == ["square", "fourth"]
