from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from analysis.frontier import frontier, layers, lost
from analysis.summary import trial_summary
from analysis.terminal import overview
from analysis.trials import RunningTenure, Trial, read_trial
from relay.errors import UsageError
from relay.records.events import Answered, Fault, NotesShown, TenureStarted
from relay.records.head import Head
from relay.records.measures import depths
from tests.analysis.builder import credited, log, toy, write, write_open


def test_rows_follow_the_log(trial: Trial) -> None:
    assert [row.generation for row in trial.rows] == [1, 2, 3, 4]
    assert [len(row.established) for row in trial.rows] == [2, 4, 6, 8]
    assert [len(row.new) for row in trial.rows] == [2, 2, 2, 2]
    assert trial.established_in["c1_1"] == 1
    assert trial.established_in["c3_2"] == 4
    assert "c4_1" not in trial.established_in
    assert trial.reason == "completed"
    assert trial.auc == pytest.approx((2 + 5 + 8 + 14) / 19 / 4)


def test_auc_agrees_with_the_log(trial: Trial, directory: Path) -> None:
    last = json.loads((directory / "events.jsonl").read_bytes().splitlines()[-1])
    assert trial.auc == last["auc"]


def test_a_torn_line_of_an_unfinished_block_is_dropped(directory: Path) -> None:
    """A process was killed while it appended the last block."""
    log_file, head = directory / "events.jsonl", Head.read(directory / "head.json")
    lines = log_file.read_bytes().splitlines(keepends=True)
    log_file.write_bytes(b"".join(lines[:-1]) + lines[-1][:40])
    chain = json.loads(lines[-2])["chain"]
    head.model_copy(update={"blocks": head.blocks - 1, "chain": chain}).write(directory / "head.json")
    torn = read_trial(directory)
    assert len(torn.rows) == 4
    assert torn.reason is None


def test_a_trial_that_has_not_begun_is_empty(tmp_path: Path) -> None:
    empty = read_trial(write(tmp_path / "trial", toy(), []))
    assert empty.rows == ()
    assert empty.auc == 0.0
    assert lost(empty) == ()


def test_open_tenures_are_told_without_their_credit(tmp_path: Path) -> None:
    task = toy()
    directory = write(tmp_path / "trial", task, log(task, 2)[:-1])
    events = [TenureStarted(), NotesShown(), Answered(text="", tokens_in=7, tokens_out=2, turn=1)]
    fault = Fault(side="machine", kind="gone", message="the line is dead")
    write_open(directory, 3, 1, [*events, credited("c4_1"), fault])
    trial = read_trial(directory)
    assert trial.running == (RunningTenure(generation=3, tenure=1, turns=1, tokens=9, fault="the line is dead"),)
    assert trial.last_fault == "the line is dead"
    assert trial_summary(trial)["running"] == [{"generation": 3, "tenure": 1, "turns": 1, "tokens": 9}]
    shown = io.StringIO()
    Console(file=shown, width=100).print(overview(trial))
    assert "generation 3 is not over: 1 tenure with 1 turn and 9 tokens so far" in shown.getvalue()
    assert "c4_1" not in shown.getvalue()
    assert "c4_1" not in trial.established_in


@pytest.mark.parametrize(
    ("name", "content", "culprit"),
    [
        ("events.jsonl", "{}\n", "line 1"),
        ("events.jsonl", '{"v":99,"type":"generation_started","generation":1}\n', "schema version 99"),
        ("condition.yaml", "- 1\n", "condition.yaml"),
        ("condition.yaml", "a: [\n", "condition.yaml"),
        ("task.json", "{}", "task.json"),
        ("task.json", "\xff", "task.json"),
    ],
)
def test_a_damaged_trial_is_named(directory: Path, name: str, content: str, culprit: str) -> None:
    (directory / name).write_text(content, encoding="latin-1")
    with pytest.raises(UsageError, match=culprit) as caught:
        read_trial(directory)
    assert "\n" not in str(caught.value)


def test_what_is_no_trial_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="does not exist"):
        read_trial(tmp_path / "nowhere")
    with pytest.raises(UsageError, match=r"no condition\.yaml"):
        read_trial(tmp_path)


def test_depths_and_layers() -> None:
    task = toy((2, 2, 1))
    assert depths(task.concepts) == {"c1_1": 1, "c1_2": 1, "c2_1": 2, "c2_2": 2, "c3_1": 3}
    assert layers(task.concepts) == (("c1_1", "c1_2"), ("c2_1", "c2_2"), ("c3_1",))


def test_the_frontier_is_what_can_be_reached_next() -> None:
    concepts = toy((2, 2, 1)).concepts
    assert frontier(concepts, ()) == ("c1_1", "c1_2")
    assert frontier(concepts, ("c1_1",)) == ("c1_2",)
    assert frontier(concepts, ("c1_1", "c1_2")) == ("c2_1", "c2_2")
    assert frontier(concepts, [concept.id for concept in concepts]) == ()


def test_lost_is_established_and_not_retained(trial: Trial) -> None:
    assert lost(trial) == ("c1_1",)


def test_the_summary_has_the_keys_of_the_contract(trial: Trial) -> None:
    data = trial_summary(trial)
    assert {"task", "seed", "condition", "auc", "generations"} <= data.keys()
    assert data["seed"] == 7
    first = data["generations"][0]
    wanted = {"generation", "established", "retained", "depth_weighted_recall", "depth_50", "turns", "tokens"}
    assert wanted | {"evaluations"} <= first.keys()
    assert first["tokens"] == 150


def test_the_log_is_streamed(tmp_path: Path) -> None:
    task = toy((3, 3))
    long = read_trial(write(tmp_path / "long", task, log(task, 200, per_generation=1), generations=200))
    assert len(long.rows) == 200
    assert sum(len(row.new) for row in long.rows) == 6
