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
from relay.records.budget import Spent
from relay.records.events import Answered, Fault, GenerationStarted, NotesShown, TenureEnded, TenureStarted
from relay.records.head import Head
from relay.records.measures import deepest, depths
from tests.analysis.builder import CONDITION, credited, log, toy, write, write_open


def rendered(trial: Trial) -> str:
    """Return the overview of a trial on a terminal of 80 columns, without spaces at the ends of lines."""
    shown = io.StringIO()
    Console(file=shown, width=80).print(overview(trial))
    return "".join(f"{line.rstrip()}\n" for line in shown.getvalue().splitlines())


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
    placed = fault.model_copy(update={"generation": 3, "tenure": 1, "seq": 4})
    (tenure,) = trial.running
    assert tenure == RunningTenure(
        3, 1, Spent(turns=1, tokens_in=7, tokens_out=2), over=False, fault=placed, interrupted=True
    )
    assert trial.last_fault == "the line is dead"
    assert trial_summary(trial)["running"] == [
        {
            "generation": 3, "tenure": 1, "turns": 1, "tokens": 9, "turns_budgeted": 4, "tokens_budgeted": 200_000,
            "money": None, "over": False,
            "fault": {"turn": 0, "side": "machine", "kind": "gone", "message": "the line is dead"},
        }
    ]  # fmt: skip
    shown = rendered(trial)
    assert "generation 3 is not over:\n  tenure 1: 1 of 4 turns, 9 of 200,000 tokens\n" in shown
    assert "c4_1" not in shown
    assert "c4_1" not in trial.established_in


def test_each_open_tenure_has_its_line_and_its_latest_fault(tmp_path: Path) -> None:
    task = toy()
    wide = CONDITION.replace("width: 1", "width: 20")
    directory = write(tmp_path / "trial", task, [GenerationStarted(generation=1)], condition=wide)
    answers = [Answered(text="", tokens_in=900, tokens_out=100, turn=turn) for turn in (1, 2)]
    lost = Fault(side="model", kind="malformed", message="no JSON " * 40, turn=1)
    dead = Fault(side="machine", kind="gone", message="the line is dead", turn=2)
    for tenure in range(1, 21):
        write_open(directory, 1, tenure, [TenureStarted(), NotesShown(), answers[0], lost])
    over = TenureEnded(reason="ended", spent=Spent())
    write_open(directory, 1, 2, [TenureStarted(), NotesShown(), answers[0], dead, answers[1], over])
    trial = read_trial(directory)
    assert trial.last_fault == "", "it was answered after the fault"
    shown = rendered(trial)
    assert "  tenure 1: 1 of 4 turns, 1,000 of 200,000 tokens\n    last fault, in turn 1: malformed, no JSON" in shown
    assert "  tenure 2: 2 of 4 turns, 2,000 of 200,000 tokens, over\n    last fault, in turn 2: gone, the" in shown
    assert "  tenure 16: " in shown and "  tenure 17: " not in shown and "  and 4 more tenures\n" in shown
    assert max(map(len, shown.splitlines())) <= 80
    told = trial_summary(trial)["running"]
    assert [one["over"] for one in told] == [tenure == 2 for tenure in range(1, 21)]


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


def test_depths_are_told_of_what_is_retained(trial: Trial) -> None:
    told = [(row["deepest"], row["depth_50"]) for row in trial_summary(trial)["generations"]]
    assert told == [(1, 1.0), (2, 1.0), (2, 2.0), (3, 3.0)]
    assert deepest((), depths(trial.task.concepts)) == 0


def test_the_time_of_a_trial_is_that_of_its_processes(directory: Path) -> None:
    timings = directory / "timings.jsonl"
    assert read_trial(directory).seconds_taken is None, "it has no times"
    old = '{"generation": 1, "tenure": 1, "turn": 1, "seconds": 100.0}'
    killed = [
        '{"generation": 1, "elapsed": 0.0}',
        '{"generation": 1, "seconds": 2, "elapsed": 3.0}',
        '{"generation": 1',
    ]
    resumed = ['{"generation": 1, "elapsed": 0.0}', '{"generation": 1, "seconds": 1, "elapsed": 5.5}']
    following = ['{"generation": 2, "elapsed": 0.0}', '{"generation": 2, "elapsed": 20.25}']
    nothing = ["[" * 9_999, '{"elapsed": "long"}', '{"elapsed": -1}', '{"elapsed": NaN}', "7"]
    timings.write_text("\n".join([old, *killed, *resumed, *following, *nothing]) + "\n")
    trial = read_trial(directory)
    assert trial.seconds_taken == 100 + 3 + 5.5 + 20.25
    data = trial_summary(trial)
    assert (data["seconds_taken"], data["tokens"], data["tokens_per_turn"], data["money"]) == (128.75, 600, 50.0, None)
    assert "took 2 min 9 s, 12 turns, 600 tokens (50 a turn), 2,000 evaluations\n" in rendered(trial)
    timings.unlink()
    assert "spent 12 turns, 600 tokens (50 a turn), 2,000 evaluations\n" in rendered(read_trial(directory))


def test_a_task_that_is_read_from_a_file_has_its_own_name(directory: Path, tmp_path: Path) -> None:
    for task, title in (
        ("{name: file, parameters: {path: files/my.yaml, brief: null, seed: null}}", "toy"),
        ("{name: file, parameters: {path: files/my.yaml, brief: blind}}", "toy(brief=blind)"),
        ("{name: 'files/my.py:Mine', parameters: {size: 3}}", "toy(size=3)"),
        ("{name: alien, parameters: {q: 3}}", "alien(q=3)"),
    ):
        condition = CONDITION.replace("{{name: toy, parameters: {{}}}}", task.replace("{", "{{").replace("}", "}}"))
        trial = read_trial(write(tmp_path / "trial", toy(), [], condition=condition))
        assert rendered(trial).startswith(f"{title}\n")


def test_the_log_is_streamed(tmp_path: Path) -> None:
    task = toy((3, 3))
    long = read_trial(write(tmp_path / "long", task, log(task, 200, per_generation=1), generations=200))
    assert len(long.rows) == 200
    assert sum(len(row.new) for row in long.rows) == 6
