"""What commands tell of the truth that researchers were told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands.conftest import Invoke
from tests.trial.helpers import condition, record, run, scripted, state
from tests.trial.test_model_judge import FALSE, LAW, LIAR, judged
from tests.trial.toy import SQUARE

AGENT = scripted([state(SQUARE), state(LAW), state(FALSE)], [record(SQUARE), record(FALSE)])


def test_show_tells_the_errors_of_a_judge(relay: Invoke, tmp_path: Path) -> None:
    judged(tmp_path / "a", LIAR, AGENT, generations=2)
    text = relay("show", tmp_path / "a").out
    assert "claims: told true 2 of 2 false claims (100%, 95% interval 34% to 100%)" in " ".join(text.split())
    assert "told refuted 2 of 2 true claims" in text and "asked mock/judge 4 times: " in text
    assert "1 of 2 statements in the notes are false, 0 rest on it" in text
    first = " ".join(relay("show", tmp_path / "a", "-g", "1").out.split())
    assert "told claims: told true 1 of 1 false claim" in first
    assert "false 1 of 2 statements in the notes are false" in first
    data = json.loads(relay("show", tmp_path / "a", "--json").out)
    assert data["opinions"]["false_acceptances"] == {
        "count": 2, "of": 2, "rate": 1.0, "interval": [pytest.approx(0.342, abs=1e-3), 1.0],
    }  # fmt: skip
    assert [each["opinions"]["accepted_false"] for each in data["generations"]] == [1, 1]
    assert data["opinions"]["judges"][0]["model"] == "mock/judge"
    assert (
        data["outside"]["mock/judge"]["requests"]
        == 4
        == 2 * data["generations"][0]["outside"]["mock/judge"]["requests"]
    )
    assert data["generations"][1]["drift"] == {"statements": 2, "false": 1, "rest_on_false": 0}


@pytest.mark.parametrize(("truth", "told"), [("shown", False), ("hidden", True), ("delayed", True)])
def test_show_tells_of_false_statements_where_the_truth_is_not_shown(
    relay: Invoke, tmp_path: Path, truth: str, told: bool
) -> None:
    judged(tmp_path / "a", truth, AGENT)
    assert ("statements in the notes are false" in relay("show", tmp_path / "a").out) == told
    data = json.loads(relay("show", tmp_path / "a", "--json").out)
    assert data["opinions"] is None and data["outside"] == {}
    assert data["generations"][0]["drift"]["false"] == 1
    assert data["generations"][0]["told_late"] == (3 if truth == "delayed" else 0)
    late = "told at its end what was withheld of 3 statements" in " ".join(
        relay("show", tmp_path / "a", "-g", "1").out.split()
    )
    assert late == (truth == "delayed")


def test_notes_tell_what_was_told_since(relay: Invoke, tmp_path: Path) -> None:
    run(tmp_path / "a", condition(agent=AGENT, truth="delayed", notes="ledger", generations=2))
    assert "told since: explains 1, 2" in relay("notes", tmp_path / "a").out
    data = json.loads(relay("notes", tmp_path / "a", "--json").out)
    assert [each["status"] for note in data for each in note["told"]] == [None, "holds"]


@pytest.mark.parametrize(
    ("truth", "told"),
    [
        ("judge", "the truth `judge` needs `model`; write judge(model=...)"),
        ("judge(model=mock/nothing)", "expected mock/script, mock/explorer, mock/judge"),
        ("judge(model=mock/judge(x=1))", "has no parameter `x`"),
        ("judge(model=openai/a)", "is blocked here"),
        ("delayed(after=0)", "can't have after=0"),
    ],
)
def test_a_truth_that_can_not_be_is_one_line(relay: Invoke, tmp_path: Path, truth: str, told: str) -> None:
    done = relay("run", "alien", "--truth", truth, "--out", tmp_path / "a")
    assert (done.status, done.out) == (2, "") and told in done.err and len(done.err.splitlines()) == 1
    assert not (tmp_path / "a").exists()


def test_a_judge_over_scalars(relay: Invoke, tmp_path: Path) -> None:
    sources = [
        "define twice(x: Scalar) -> Scalar = x + x",
        "claim (x: Scalar): twice(x) == 2 * x",
        "claim (x: Scalar): twice(x) == x",
    ]
    lines = json.dumps({"actions": [state(source) for source in sources]})
    agent = f"scripted(lines=['{lines}'])"
    relay("run", "linear_algebra", "--truth", LIAR, "--agent", agent, "-g", "1", "--out", tmp_path / "a", "-q")
    data = json.loads(relay("show", tmp_path / "a", "--json").out)
    assert (data["opinions"]["accepted_false"], data["opinions"]["false"]) == (1, 1)
