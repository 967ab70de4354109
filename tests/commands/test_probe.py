"""`relay probe`, and how `relay show` uses probes, on a task with three concepts of depths 1, 2 and 3 (sum 6)."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.commands.conftest import Invoke

ROOT = Path(__file__).resolve().parents[2]
TASK = ROOT / "examples" / "counting.yaml"
MODEL = '''
import json

DOUBLE = "define a(x: Hour) -> Hour = plus(x, x)"
OPPOSITE = "define o(x: Hour) -> Hour = a(a(x))"
MINUS = "define m(x: Hour, y: Hour) -> Hour = plus(x, o(y))"
asked = []

def states(*sources):
    return [{"action": "state", "source": source} for source in sources]

def knows(request):
    """One draw knows a concept, another two; at work it finds all three, and loses its second turn."""
    if request.messages[0].content.startswith("You are asked, once"):
        asked.append(request.seed)
        found = states(DOUBLE) if len(asked) % 2 else states(DOUBLE, OPPOSITE)
        return json.dumps({"actions": found})
    if request.messages[-2].role == "assistant":
        return "I am done."
    records = [{"action": "record", "statement": name, "remark": ""} for name in "aom"]
    return json.dumps({"actions": [*states(DOUBLE, OPPOSITE, MINUS), *records]})
'''


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("RELAY_LOG_DIR", str(tmp_path / "runs"))
    (tmp_path / "model.py").write_text(MODEL, encoding="utf-8")
    return f"mock/{tmp_path}/model.py:knows"


def probed(relay: Invoke, model: str, *more: str) -> Path:
    told = relay("probe", TASK, "--model", model, "--draws", "2", "--workers", "0", "-q", *more)
    assert (told.status, told.out, told.err) == (0, "", "")
    (made,) = Path(model.partition("/")[2]).parent.glob("runs/probe-*")
    return made


def test_a_probe_is_a_trial_of_one_turn_without_notes(relay: Invoke, model: str) -> None:
    told = relay("probe", TASK, "--model", model, "--draws", "2", "--workers", "0", "--json", "--context", "9000")
    data = json.loads(told.out)
    assert data["model"] == "mock/files/model.py:knows"
    assert sorted(data["draws"], key=len) == [["double"], ["double", "opposite"]]
    assert data["probed"] == ["double", "opposite"]
    assert data["depth_weighted_recall"] == pytest.approx(3 / 6)
    assert data["mean_depth_weighted_recall"] == pytest.approx(2 / 6)
    condition = data["condition"]
    assert (condition["generations"], condition["width"], condition["notes"]["name"]) == (1, 2, "none")
    assert (condition["budget"]["turns"], condition["budget"]["context"]) == (1, 9000)
    assert condition["agent"]["parameters"]["rules"] == "probe"
    assert "1 generation of 2 researchers side by side; each has 1 turn" in told.err


def test_a_probe_is_shown_again_and_not_made_again(relay: Invoke, model: str) -> None:
    made = probed(relay, model)
    assert made.name.startswith("probe-counting-mock-") and made.name.endswith("-draws2-s1")
    assert not list(made.glob("*.svg"))
    before = (made / "events.jsonl").read_bytes()
    again = relay("probe", TASK, "--model", model, "--draws", "2", "--workers", "0")
    assert "to be subtracted: 0.50" in again.out and "the trial had ended before" in again.err
    assert relay("resume", made, "--trust", "--workers", "0").out == relay("show", made).out == again.out
    assert json.loads(relay("show", made, "--json").out)["probed"] == ["double", "opposite"]
    assert (made / "events.jsonl").read_bytes() == before


def test_recall_is_shown_after_the_probe_that_stands_beside(relay: Invoke, model: str, tmp_path: Path) -> None:
    run = ("run", TASK, "--model", model, "-g", "2", "--workers", "0", "--out", tmp_path / "runs" / "trial")
    before = relay(*run)
    assert before.status == 0, before.err
    assert "`relay probe" in before.out and "after the probe" not in before.out
    made = probed(relay, model)
    shown = relay("show", tmp_path / "runs" / "trial")
    assert "recall of the retained: 1.00 raw, 0.50 after the probe, 1.00 without leaps" in shown.out
    assert made.name in shown.out.replace("\n", "")
    assert "lost turns: 14 of 16 (88%): 14 malformed" in shown.out
    data = json.loads(relay("show", tmp_path / "runs" / "trial", "--json").out)
    assert data["generations"][1]["depth_weighted_recall_after_probe"] == pytest.approx(3 / 6)
    assert data["probe"]["depth_weighted_recall"] == pytest.approx(3 / 6)
    assert data["leap_rate"] == 0.0
    one = json.loads(relay("show", tmp_path / "runs" / "trial", "--json", "-g", "2").out)
    assert one == data["generations"][1]
    assert relay(*run, "--json").out == relay("show", tmp_path / "runs" / "trial", "--json").out


@pytest.mark.parametrize("options", [(), ("--disguise", "3", "--agent", "llm(temperature=0.5)", "-M", "lines=['a b']")])
def test_the_command_that_is_offered_makes_the_probe(
    relay: Invoke, model: str, tmp_path: Path, options: Sequence[str]
) -> None:
    where = tmp_path / "elsewhere" / "trial"
    task = "alien(layers=1, q=3, width=1)"
    offered = relay("run", task, "--model", "mock/explorer", *options, "-g", "1", "--out", where).out
    command = offered.replace("\n", " ").partition("`relay ")[2].partition("`")[0]
    assert relay(*shlex.split(command), "-q").status == 0
    assert "0.00 after the probe" in relay("show", where).out


def test_the_command_that_is_offered_names_the_copies(relay: Invoke, model: str, tmp_path: Path) -> None:
    """The originals may be gone."""
    task = tmp_path / "mine.yaml"
    task.write_text(TASK.read_text(encoding="utf-8"), encoding="utf-8")
    where = tmp_path / "elsewhere" / "trial"
    offered = relay("run", task, "--model", model, "-g", "1", "--workers", "0", "--out", where).out
    command = " ".join(offered.split()).partition("`relay ")[2].partition("`")[0]
    assert f"{where}/files/mine.yaml" in command and f"--model mock/{where}/files/model.py:knows" in command
    for path in (task, tmp_path / "model.py"):
        path.unlink()
    assert relay(*shlex.split(command), "-q").status == 0
    assert "0.50 after the probe" in relay("show", where).out


def test_a_probe_of_an_edited_model_is_another_probe(relay: Invoke, model: str, tmp_path: Path) -> None:
    made = probed(relay, model)
    (tmp_path / "model.py").write_text(MODEL + "# edited\n", encoding="utf-8")
    trial = tmp_path / "runs" / "trial"
    assert relay("run", TASK, "--model", model, "-g", "1", "-q", "--workers", "0", "--out", trial).status == 0
    assert "after the probe" not in relay("show", trial).out
    told = relay("show", trial, "--probe", made)
    assert "is not comparable: it has file files/model.py " in told.err and told.err.count("\n") == 1


def test_a_probe_in_another_disguise_is_told_in_one_line(relay: Invoke, model: str, tmp_path: Path) -> None:
    made = probed(relay, model)
    trial = tmp_path / "runs" / "trial"
    run = relay("run", TASK, "--model", model, "--disguise", "3", "-g", "1", "-q", "--workers", "0", "--out", trial)
    assert run.status == 0
    shown = " ".join(relay("show", trial).out.split())
    assert "has no disguise, this trial has disguise 3" in shown and "after the probe" not in shown
    assert "--disguise 3" in shown.partition("`relay probe")[2]
    told = relay("show", trial, "--probe", made)
    assert (told.status, told.out, told.err.count("\n")) == (2, "", 1)
    assert "is not comparable: it has no disguise; " in told.err and "has disguise 3; fix: `relay probe " in told.err
    data = json.loads(relay("show", trial, "--json").out)
    assert data["probe"] is None and [each["probe_has"] for each in data["unlike_probes"]] == ["no disguise"]
    assert json.loads(relay("show", made, "--json").out)["unlike_probes"] == []


def test_a_probe_that_is_named_is_used(relay: Invoke, model: str, tmp_path: Path) -> None:
    made = probed(relay, model, "--out", str(tmp_path / "runs" / "probe-mine"))
    trial = tmp_path / "elsewhere" / "trial"
    assert relay("run", TASK, "--model", model, "-g", "1", "-q", "--workers", "0", "--out", trial).status == 0
    assert "after the probe" not in relay("show", trial).out
    assert "0.50 after the probe" in relay("show", trial, "--probe", made).out
    told = relay("show", trial, "--probe", trial)
    assert (told.status, told.out, told.err.count("\n")) == (2, "", 1)
    assert "is no probe" in told.err
    other = relay("show", made, "--probe", made)
    assert (other.status, other.err.count("\n")) == (2, 1)


def test_without_a_model_the_explorer_is_probed(relay: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RELAY_LOG_DIR", str(tmp_path))
    monkeypatch.setenv("RELAY_MODEL", "mock/script")
    data = json.loads(relay("probe", TASK, "--workers", "0", "--evaluations", "500", "--json").out)
    assert (data["model"], data["condition"]["agent"]["name"], len(data["draws"])) == (None, "explorer", 4)
    assert data["probed"]
    assert (tmp_path / "probe-counting-explorer-evaluations500-s1").is_dir()


def test_rules_of_ones_own_may_ask(relay: Invoke, model: str, tmp_path: Path) -> None:
    mine = tmp_path / "mine.md"
    mine.write_text("You are asked, once and briefly.", encoding="utf-8")
    options = ("--agent", f"llm(rules='{mine}')", "--model", model, "--draws", "2", "--workers", "0")
    data = json.loads(relay("probe", TASK, *options, "--json").out)
    assert data["condition"]["agent"]["parameters"]["rules"] == "files/mine.md"
    assert data["probed"] == ["double", "opposite"]
    mine.write_text("You are asked, once.", encoding="utf-8")
    (made,) = (tmp_path / "runs").glob("probe-*")
    told = relay("probe", TASK, *options)
    assert (told.status, told.err.count("\n")) == (2, 1)
    assert "the prompt file mine.md has changed since the trial began" in told.err and "--fresh" in told.err
    assert json.loads(relay("resume", made, "--trust", "--json").out) == data
