"""`relay list runs`: the trials of a folder with their states and figures."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from relay.commands.run_table import run_table
from relay.commands.runs import find_trials, read_run
from relay.records.events import NotesShown, TenureStarted, TrialEnded
from tests.analysis.builder import CONDITION, log, toy, write, write_open
from tests.commands.conftest import Invoke

MODEL = CONDITION.replace(
    "{{name: scripted, parameters: {{}}}}",
    "{{name: llm, parameters: {{model: {{name: mock, parameters: {{name: some-model-with-a-name}}}}}}}}",
)
PRICED = "prices: {{currency: USD, input: '1', output: '1', cached: '1'}}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with trials in every state, one of them in a folder of the folder, and with things that are no trial."""
    runs, task = tmp_path / "runs", toy()
    write(runs / "a", task, log(task, 4), condition=CONDITION + PRICED)
    write(runs / "c", task, [*log(task, 2)[:-1], TrialEnded(reason="interrupted", auc=0.0)], generations=5)
    write(runs / "study" / "an-arm-whose-name-is-longer-than-its-column", task, log(task, 2)[:-1], 9, 8, MODEL)
    write_open(runs / "study" / "an-arm-whose-name-is-longer-than-its-column", 3, 1, [TenureStarted(), NotesShown()])
    write(runs / "study" / "deeper" / "too-deep", task, log(task, 2))
    damaged = write(runs / "b", task, log(task, 3))
    (damaged / "events.jsonl").write_bytes((damaged / "events.jsonl").read_bytes().replace(b"c1_1", b"c1_2", 1))
    (runs / "notes").mkdir()
    (runs / "plan.txt").write_text("no trial")
    return runs


def test_every_trial_is_listed_with_its_figures(relay: Invoke, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = relay("list", "runs", folder, "--json")
    assert told.status == 0
    found = {Path(run["directory"]).relative_to(folder).as_posix(): run for run in json.loads(told.out)}
    assert {name: run["state"] for name, run in found.items()} == {
        "a": "completed",
        "b": "damaged",
        "c": "interrupted",
        "study/an-arm-whose-name-is-longer-than-its-column": "unfinished",
    }
    assert list(found) == sorted(found)
    assert found["a"] == {
        "directory": str(folder / "a"), "state": "completed", "error": None, "task": "toy", "agent": "scripted",
        "notes": "ledger(cap=2000)", "memory": "fresh", "truth": "shown", "seed": 7, "generations": 4,
        "generations_ended": 4, "depth_weighted_recall": pytest.approx(14 / 19), "depth_50": 3.0, "deepest": 3,
        "depth": 4, "retained": 7, "established": 8, "concepts": 9, "turns": 12, "tokens": 600, "evaluations": 2000,
        "money": 0.0, "currency": "USD",
    }  # fmt: skip
    arm = found["study/an-arm-whose-name-is-longer-than-its-column"]
    assert (arm["generations_ended"], arm["generations"], arm["seed"], arm["tokens"]) == (2, 9, 8, 300)
    assert (arm["money"], arm["currency"]) == (None, None)
    assert set(found["b"]) == {"directory", "state", "error"}
    assert "events.jsonl, line" in found["b"]["error"]
    monkeypatch.setenv("RELAY_LOG_DIR", str(folder))
    assert relay("list", "runs", "--json").out == told.out


def shown(folder: Path, width: int) -> list[str]:
    runs = [read_run(directory).record() for directory in find_trials(folder)]
    stream = io.StringIO()
    Console(file=stream, width=width).print(run_table(folder, runs, width))
    return [line.rstrip() for line in stream.getvalue().splitlines()]


def test_a_terminal_of_80_columns_has_the_condition_below_the_figures(folder: Path) -> None:
    lines = shown(folder, 80)
    assert max(map(len, lines)) <= 80
    heading = " ".join(lines[: lines.index(next(line for line in lines if line.startswith("trial ")))])
    assert heading.endswith("1 completed, 1 damaged, 1 interrupted, 1 unfinished")
    for line in (
        "trial                  state       generations recall deepest established tokens",
        "a                      completed           4/4   0.74     3/4         8/9    600",
        "    toy · scripted · ledger(cap=2000) · seed 7",
        "b                      damaged",
        "c                      interrupted         2/5   0.26     2/4         4/9    300",
        "study/an-arm-whose-name-is-longer-than-its-column",
        "                       unfinished          2/9   0.26     2/4         4/9    300",
        "    toy · llm(model=mock/some-model-with-a-name) · ledger(cap=2000) · seed 8",
    ):
        assert line in lines


def test_programs_get_one_line_for_each_trial(relay: Invoke, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    told = relay("list", "runs", folder)
    lines = told.out.splitlines()
    assert (told.status, told.err, len(lines)) == (0, "", 6)
    assert lines[2].startswith("a   ") and lines[2].endswith(" 600  toy · scripted · ledger(cap=2000) · seed 7")
    assert "damaged" in lines[3] and "events.jsonl, line" in lines[3], "what is wrong is in the same line"
    assert relay("list", "runs", folder / "a").out.splitlines()[2].startswith(f"{folder / 'a'} completed")


def test_what_is_no_folder_of_trials_is_told(relay: Invoke, folder: Path) -> None:
    for arguments, culprit in (
        (("runs", folder / "nowhere"), "nowhere does not exist"),
        (("runs", folder / "plan.txt"), "plan.txt is not a folder"),
        (("notes", folder), "only `relay list runs` takes a folder"),
        (("rums",), "handover, interventions, runs"),
    ):
        told = relay("list", *arguments)
        assert (told.status, told.out, told.err.count("\n")) == (2, "", 1)
        assert culprit in told.err
    empty = relay("list", "runs", folder / "notes")
    assert (empty.status, empty.out) == (0, "") and "there are no trials in" in empty.err
    assert relay("list", "runs", folder / "notes", "--json").out == "[]\n"


def test_names_of_others_send_no_commands_to_the_terminal(relay: Invoke, tmp_path: Path) -> None:
    trial = tmp_path / "runs" / "a\x1b[31m\u202e"
    write(trial, toy(), log(toy(), 1)[:-1], 3, condition=CONDITION.replace("scripted", '"scrip\\e[31mted"'))
    listed, shown = relay("list", "runs", tmp_path / "runs"), relay("show", trial)
    refused = relay("show", trial, "-g", "9"), relay("resume", trial)
    for told in (listed.out, shown.out, *(one.err for one in refused)):
        assert "\x1b" not in told and "\u202e" not in told and "\\x1b[31m" in told
