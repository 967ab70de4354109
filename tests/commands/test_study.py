"""A study from the command line: written, planned, run, gone on with, and compared."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.commands.conftest import Invoke

STUDY = """
study: small
condition: {task: alien(layers=2), generations: 2, budget: {evaluations: 300}}
vary: {notes: [none, journal]}
seeds: 2
controls: [flat]
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("RELAY_LOG_DIR", raising=False)
    path = tmp_path / "small.yaml"
    path.write_text(STUDY)
    return path


def test_a_study_is_planned_run_and_compared(relay: Invoke, file: Path) -> None:
    planned = relay("study", "plan", file)
    assert planned.status == 0
    assert "3 arms on 2 theories: 6 trials" in planned.out
    assert "2 pairs can't decide 3 comparisons" in planned.out
    ran = relay("study", "run", file, "-j", "1")
    assert ran.status == 0
    assert "small: 6 trials to run in runs/small" in ran.err
    again = json.loads(relay("study", "run", file, "--json").out)
    assert (again["ended_before"], again["completed"]) == (6, 0)
    status = json.loads(relay("study", "status", file, "--json").out)
    assert status["counts"] == {"completed": 6}
    found = json.loads(relay("compare", "runs/small", "--json").out)
    assert found["reference"] == "flat"
    assert [arm["arm"] for arm in found["arms"]] == ["none", "journal", "flat", "best of none"]
    assert all(arm["theories"] == 2 for arm in found["arms"])
    shown = relay("compare", "runs/small", "--by", "generation")
    assert "is not decidable from 2 paired theories" in shown.out
    assert "after each generation, mean over theories" in shown.out


def test_another_endpoint_is_said_to_be_chosen_afterwards(relay: Invoke, file: Path) -> None:
    relay("study", "run", file, "-q")
    assert "not named before" not in relay("compare", "runs/small").out
    other = relay("compare", "runs/small", "--measure", "depth_50", "--against", "none").out
    assert "this endpoint was not named before these trials ran" in other
    assert "depth_50 after the last generation; against none" in other


def test_trials_without_a_study_are_arms_by_what_differs(relay: Invoke, file: Path) -> None:
    relay("study", "run", file, "-q")
    places = [f"runs/small/{arm}/s{seed}" for arm in ("journal", "none") for seed in (1, 2)]
    found = json.loads(relay("compare", *places, "--json").out)
    assert [arm["arm"] for arm in found["arms"]] == ["journal", "none", "best of none"]
    assert [pair["pairs"] for pair in found["comparisons"]] == [2, 2]
    assert "not named before" in " ".join(found["words"])


def test_a_trial_that_is_given_twice_counts_once(relay: Invoke, file: Path) -> None:
    relay("study", "run", file, "-q")
    places = ["runs/small/journal/s1", "runs/small/none/s1", "runs/small/journal/s1/"]
    found = json.loads(relay("compare", *places, "--json").out)
    assert [arm["trials"] for arm in found["arms"]] == [1, 1, 1]
    beside = relay("compare", "runs/small", "runs/small/none/s1")
    assert beside.status == 2
    assert "runs/small is a study, which is compared by itself" in beside.err


def test_nothing_has_ended(relay: Invoke, file: Path) -> None:
    relay("study", "run", file, "-q")
    for place in Path("runs/small").iterdir():
        if place.is_dir():
            shutil.rmtree(place)
    refused = relay("compare", "runs/small")
    assert (refused.status, refused.err.count("\n")) == (2, 1)
    assert "no trial has ended yet" in refused.err


def test_controls_are_added_by_an_option(relay: Invoke, file: Path) -> None:
    planned = json.loads(relay("study", "plan", file, "--controls", "--json").out)
    assert [arm["name"] for arm in planned["arms"]] == [
        "none", "journal", "flat", "journal + shuffled", "journal + blank",
    ]  # fmt: skip


def test_foreign_notes_run_after_the_trials_that_they_are_of(relay: Invoke, file: Path) -> None:
    file.write_text(STUDY.replace("[flat]", "[foreign]"))
    ran = json.loads(relay("study", "run", file, "--json").out)
    assert (ran["completed"], ran["unfinished"]) == (6, [])
    found = json.loads(relay("compare", "runs/small", "--json").out)
    means = {arm["arm"]: arm["mean"] for arm in found["arms"]}
    assert means["journal + foreign"] == means["none"] < means["journal"]


def test_what_was_edited_since_is_refused_before_anything_runs(relay: Invoke, file: Path) -> None:
    relay("study", "run", file, "-q")
    file.write_text(STUDY.replace("300", "400"))
    refused = relay("study", "run", file)
    assert refused.status == 2
    assert "began otherwise: the budget's evaluations (300 before, 400 now)" in refused.err
    assert refused.err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["study", "plan", "none.yaml"], "none.yaml can't be read"),
        (["study", "status", "."], "holds no study"),
        (["compare", "."], "holds no study"),
        (["compare", "runs/nothing"], "holds no study"),
        (["study", "new", "a b"], "is no name of a study"),
    ],
)
def test_a_mistake_is_one_line(relay: Invoke, file: Path, arguments: list[str], words: str) -> None:
    result = relay(*arguments)
    assert result.status == 2
    assert words in result.err
    assert result.err.count("\n") == 1


def test_a_new_study_runs_at_once(relay: Invoke, file: Path) -> None:
    assert relay("study", "new", "mine").status == 0
    assert "5 arms on 8 theories: 40 trials" in relay("study", "plan", "mine.yaml").out
    assert relay("study", "new", "mine").status == 2


def test_the_schema_is_that_of_the_file(relay: Invoke) -> None:
    assert set(json.loads(relay("study", "schema").out)["properties"]) >= {"study", "condition", "vary", "seeds"}
