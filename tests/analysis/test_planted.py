"""What became of planted errors, and the best of stateless researchers."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from analysis.planted import PlantedError, half_life
from analysis.stateless import best_stateless, is_stateless
from analysis.summary import trial_summary
from analysis.terminal import overview
from analysis.trials import read_trial
from relay.errors import UsageError
from relay.researcher.observation import Answer, TenureView
from relay.researcher.turn import TurnContext
from relay.trial.resolve import Schemes, resolve_condition
from relay.trial.trial import run_trial
from tests.trial.helpers import condition, record, run, state
from tests.trial.puppets import puppet
from tests.trial.toy import FOURTH, LAW, SQUARE

WRONG = LAW.replace("==", "!=")
END: list[Any] = [{"action": "end"}]
FIRST = [state(SQUARE), record("square"), state(LAW), record(LAW), *END]


def trial(where: Path, *later: list[Any], steps: tuple[str, ...] = (), **options: Any) -> PlantedError:
    """A trial whose first researcher records a law that is then made wrong; the next ones do what `later` says."""
    plans = [FIRST, *later]

    def answer(view: TenureView, turn: TurnContext) -> Answer:
        return Answer(text=json.dumps({"actions": [*plans.pop(0), *END]}))

    chosen = condition(
        agent=puppet("planned", answer), interventions=["planted"], generations=len(plans), handover=steps, **options
    )
    run(where, chosen)
    (error,) = read_trial(where).planted
    return error


def facts(error: PlantedError) -> tuple[Any, ...]:
    return (error.found, error.how, error.by, error.lived, error.readers, error.repeaters, error.stands)


def test_it_is_found_by_who_strikes_it(tmp_path: Path) -> None:
    error = trial(tmp_path / "a", [], [{"action": "strike", "id": "1.1.2"}], [])
    assert (error.planted, error.role, error.note, error.name) == (1, "error", "1.1.2", WRONG)
    assert facts(error) == (3, "struck", "g3-t1", 2, ("g2-t1", "g3-t1"), (), False)
    assert "struck by g3-t1, in generation 2 after it; read by 2 tenures, repeated by 0" in error.words()


def test_it_is_found_by_who_is_told_that_it_is_refuted(tmp_path: Path) -> None:
    error = trial(tmp_path / "a", [state(WRONG)], [state(WRONG)])
    assert facts(error) == (2, "refuted", "g2-t1", 1, ("g2-t1", "g3-t1"), (), True)


def test_under_hidden_truth_stating_it_is_repeating_it(tmp_path: Path) -> None:
    error = trial(tmp_path / "a", [state(WRONG), record(WRONG, "again")], [state(WRONG)], [], truth="hidden")
    assert facts(error) == (None, None, "", 3, ("g2-t1", "g3-t1", "g4-t1"), ("g2-t1", "g3-t1"), True)
    assert "not found in 3 generations; read by 3 tenures, repeated by 2" in error.words()


def test_it_is_found_by_who_writes_the_right_one_again(tmp_path: Path) -> None:
    error = trial(tmp_path / "a", [state(LAW)], [state(LAW), record(LAW)], [])
    assert facts(error) == (3, "restored", "g3-t1", 2, ("g2-t1", "g3-t1", "g4-t1"), (), True)


def test_copying_it_into_another_note_is_repeating_it(tmp_path: Path) -> None:
    copy = {"action": "write", "text": f"```relay\n{SQUARE}\n{WRONG}\n```"}
    text = {"action": "write", "text": f"```relay\n{SQUARE}\n{LAW}\n```"}
    plans = [[state(SQUARE), state(LAW), text], [copy], []]

    def answer(view: TenureView, turn: TurnContext) -> Answer:
        return Answer(text=json.dumps({"actions": [*plans.pop(0), *END]}))

    agent = puppet("copier", answer)
    run(tmp_path / "a", condition(agent=agent, interventions=["planted"], generations=3, notes="journal"))
    (error,) = read_trial(tmp_path / "a").planted
    assert facts(error) == (None, None, "", 2, ("g2-t1", "g3-t1"), ("g2-t1",), True)


def test_who_does_not_get_the_note_does_not_read_it(tmp_path: Path) -> None:
    error = trial(tmp_path / "a", [], [state(LAW)], steps=("lost(p=1)",))
    assert facts(error) == (None, None, "", 2, (), (), True)


def test_it_is_found_by_who_earns_it_anew(tmp_path: Path) -> None:
    chosen = resolve_condition(
        "alien(q=4, layers=3, width=2)", schemes=Schemes(interventions=("planted(told=false)",)), generations=3, seed=2
    )
    asyncio.run(run_trial(chosen, tmp_path / "a"))
    (error,) = read_trial(tmp_path / "a").planted
    assert (error.found, error.how, error.lived) == (2, "rediscovered", 1)


def test_half_of_the_errors_are_found_after_a_half_life(tmp_path: Path) -> None:
    one = trial(tmp_path / "a", [], [])

    def after(*lives: tuple[int, bool]) -> int | None:
        return half_life(replace(one, found=1 + lived if found else None, followed=1 + lived) for lived, found in lives)

    assert after() is None and after((3, False)) is None
    assert after((1, True)) == 1 and after((1, True), (2, True), (3, True)) == 2
    assert after((1, True), (2, True), (9, False), (9, False)) == 2
    assert after((1, True), (9, False), (9, False)) is None
    # two were followed for a generation only, so half of those still followed are found after 3
    assert after((1, False), (1, False), (3, True), (9, False)) == 3


def test_show_tells_of_planted_errors(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trial(tmp_path / "a", [{"action": "strike", "id": "1.1.2"}])
    read = read_trial(tmp_path / "a")
    Console(width=200).print(overview(read))
    printed = " ".join(capsys.readouterr().out.split())
    assert "planted an error in" in printed and "struck by g2-t1, in generation 1 after it" in printed
    assert "intervention planted(" in printed
    data = trial_summary(read)
    assert data["planted_half_life"] == 1 and data["best_stateless"] is None
    assert data["planted"][0]["readers"] == ["g2-t1"] and data["planted"][0]["how"] == "struck"
    json.dumps(data)


def test_the_best_of_stateless_researchers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plans = [[state(SQUARE)], [state(SQUARE), state(FOURTH)], [], [state(SQUARE)]]

    def answer(view: TenureView, turn: TurnContext) -> Answer:
        return Answer(text=json.dumps({"actions": [*plans.pop(0), *END]}))

    agent = puppet("alone", answer)
    run(tmp_path / "a", condition(agent=agent, notes="none", generations=2, width=2))
    read = read_trial(tmp_path / "a")
    assert is_stateless(read) and best_stateless(read) == pytest.approx(3 / 8)
    assert trial_summary(read)["best_stateless"] == pytest.approx(3 / 8)
    Console(width=200).print(overview(read))
    assert "the best of 4 researchers established 0.38" in capsys.readouterr().out
    run(tmp_path / "b", condition(notes="none", memory="immortal"))
    with pytest.raises(UsageError, match="passes something on"):
        best_stateless(read_trial(tmp_path / "b"))
