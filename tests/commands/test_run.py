"""`relay run` and `relay resume` on a small theory, in one process."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from relay.commands.announcement import default_directory
from relay.commands.trial_run import trial_workers
from relay.trial.resolve import resolve_condition
from tests.commands.conftest import Invoke

ROOT = Path(__file__).resolve().parents[2]
SMALL = ("alien(q=3, layers=2, width=1)", "--generations", "2", "--evaluations", "3000", "--workers", "0")
FILES = {"condition.yaml", "task.json", "events.jsonl", "timings.jsonl", "head.json"}
FIGURES = {"frontier.svg", "graph.svg"}


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("small") / "trial"
    command = [sys.executable, "-m", "relay", "run", *SMALL, "--out", str(directory), "--quiet"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert not done.stdout and not done.stderr
    return directory


def test_a_run_leaves_a_whole_trial(finished: Path) -> None:
    assert {path.name for path in finished.iterdir()} >= FILES


def figures(directory: Path) -> set[str]:
    return FIGURES & {path.name for path in directory.iterdir()}


def test_figures_are_drawn_if_they_are_asked_for(relay: Invoke, finished: Path, tmp_path: Path) -> None:
    assert not figures(finished), "nobody looks at the output of this run"
    copy = shutil.copytree(finished, tmp_path / "copy")
    told = relay("run", *SMALL, "--out", copy, "--figures")
    assert figures(copy) == FIGURES and "graph.svg" in told.err
    for name in FIGURES:
        (copy / name).unlink()
    assert relay("show", copy, "--figures", "--json").out == relay("show", finished, "--json").out
    assert figures(copy) == FIGURES
    assert not figures(finished)


@pytest.mark.parametrize(
    ("options", "drawn"), [([], True), (["--no-figures"], False), (["--quiet"], False), (["--json"], False)]
)
def test_figures_are_drawn_if_the_result_is_printed_on_a_terminal(
    relay: Invoke, finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], drawn: bool
) -> None:
    copy = shutil.copytree(finished, tmp_path / "copy")
    with monkeypatch.context() as patch:
        patch.setattr(sys.stdout, "isatty", lambda: True)
        assert relay("resume", copy, *options).status == 0
    assert figures(copy) == (FIGURES if drawn else set())


def test_a_probe_has_no_figures(relay: Invoke, tmp_path: Path) -> None:
    probe = tmp_path / "probe"
    assert relay("probe", "alien(q=3, layers=2, width=1)", "--draws", 1, "--workers", 0, "--out", probe).status == 0
    told = relay("show", probe, "--figures")
    assert told.status == 2 and "no figures" in told.err and told.err.count("\n") == 1
    assert relay("resume", probe, "--figures").status == 0
    assert not figures(probe)


@pytest.mark.parametrize(
    ("task", "agent", "width", "given", "count"),
    [
        ("alien", "explorer", 1, None, 0),
        ("alien", "explorer", 1, 3, 3),
        ("alien", "explorer", 2, None, 2),
        ("alien", "human", 1, None, 2),
        ("linear_algebra", "explorer", 1, None, 2),
    ],
)
def test_a_lone_explorer_has_no_workers(
    monkeypatch: pytest.MonkeyPatch, task: str, agent: str, width: int, given: int | None, count: int
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    assert trial_workers(given, resolve_condition(task, agent=agent, width=width)) == count


def test_notes_carry_the_chain_to_the_second_layer(relay: Invoke, finished: Path) -> None:
    generations = json.loads(relay("show", finished, "--json").out)["generations"]
    assert [len(row["established"]) for row in generations] == [1, 2]
    assert json.loads(relay("notes", finished, "--json").out)


def test_running_again_does_nothing_twice(relay: Invoke, finished: Path) -> None:
    before = {path.name: path.read_bytes() for path in finished.iterdir() if path.is_file()}
    told = relay("run", *SMALL, "--out", finished)
    assert told.status == 0
    assert "the trial had ended before" in told.err
    assert relay("resume", finished, "--workers", 0).status == 0
    assert {path.name: path.read_bytes() for path in finished.iterdir() if path.is_file()} == before


def test_a_task_file_is_called_by_its_name_before_and_after(relay: Invoke, tmp_path: Path) -> None:
    told = relay("run", ROOT / "examples" / "counting.yaml", "-g", 1, "--workers", 0, "--out", tmp_path / "trial")
    assert (told.status, told.out.splitlines()[0]) == (0, "counting")
    assert told.err.startswith("counting, explorer(study_cost=0), ")


def test_another_trial_is_not_overwritten(relay: Invoke, finished: Path) -> None:
    told = relay("run", *SMALL, "--seed", 5, "--out", finished)
    assert told.status == 2
    assert "seed" in told.err
    assert told.err.startswith("relay: ")
    assert told.err.count("\n") == 1


def test_json_is_all_there_is_on_standard_output(relay: Invoke, tmp_path: Path) -> None:
    told = relay("run", *SMALL, "--notes", "none", "--out", tmp_path / "trial", "--json")
    assert told.status == 0
    assert json.loads(told.out)["generations"][1]["retained"] == []
    assert "2 generations of 1 researcher" in told.err
    assert "takes" not in told.err, "the time was measured with the defaults only"


@pytest.mark.parametrize(
    ("options", "culprit"),
    [
        (["--notes", "leger"], "leger"),
        (["--notes", "ledger(cup=3)"], "cup"),
        (["--agent", "explorer(study_cost=often)"], "study_cost"),
        (["--memory", "fresh("], "fresh("),
        (["--truth", "nowhere/file.py:Name"], "nowhere/file.py"),
    ],
)
def test_a_misspelt_component_is_one_line(relay: Invoke, tmp_path: Path, options: list[str], culprit: str) -> None:
    told = relay("run", *SMALL, *options, "--out", tmp_path / "trial")
    assert told.status == 2
    assert told.err.startswith("relay: ") and told.err.count("\n") == 1
    assert culprit in told.err
    assert not (tmp_path / "trial").exists()


@pytest.mark.parametrize(
    ("change", "culprit"),
    [
        (("prerequisites: [double]", "prerequisites: [minus]"), "cycle"),
        (("prerequisites: [double]", "prerequisites: [dobule]"), "dobule"),
        (("plus(x, x)", "plus(x)"), "double"),
        (("concepts:", "concepts: ["), "mine.yaml"),
        (("statement_size: 5", "statement_size: much"), "statement_size"),
    ],
)
@pytest.mark.parametrize("command", [("run",), ("task", "check")])
def test_a_broken_task_file_is_one_line(
    relay: Invoke, tmp_path: Path, change: tuple[str, str], culprit: str, command: tuple[str, ...]
) -> None:
    text = (ROOT / "examples" / "counting.yaml").read_text(encoding="utf-8")
    assert change[0] in text
    path = tmp_path / "mine.yaml"
    path.write_text(text.replace(*change), encoding="utf-8")
    options = ["--out", tmp_path / "trial"] if command == ("run",) else []
    told = relay(*command, path, *options)
    assert told.status == 2
    assert culprit in told.err
    assert told.err.startswith("relay: ")
    assert told.err.count("\n") == 1
    assert not (tmp_path / "trial").exists()


def test_a_directory_of_something_else_is_left_alone(relay: Invoke, tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("years of work", encoding="utf-8")
    told = relay("run", *SMALL, "--out", tmp_path)
    assert told.status == 2
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_ctrl_c_says_how_to_go_on_and_resuming_ends_alike(tmp_path: Path, finished: Path) -> None:
    long = [*SMALL[:2], "400", *SMALL[3:]]
    out = tmp_path / "trial"
    command = [sys.executable, "-m", "relay", "run", *long, "--out", str(out)]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as running:
        for _ in range(200):
            time.sleep(0.05)
            if (out / "events.jsonl").exists() and (out / "events.jsonl").stat().st_size > 3000:
                break
        running.send_signal(signal.SIGINT)
        _, err = running.communicate(timeout=30)
    assert running.returncode == 130
    assert f"relay resume {out}" in err.splitlines()[-1]
    assert "Traceback" not in err


def test_the_log_is_the_same_under_another_hash_seed(tmp_path: Path, finished: Path) -> None:
    command = [sys.executable, "-m", "relay", "run", *SMALL, "--out", str(tmp_path / "trial"), "--quiet"]
    subprocess.run(command, cwd=ROOT, check=True, env={**os.environ, "PYTHONHASHSEED": "4"})
    assert (tmp_path / "trial" / "events.jsonl").read_bytes() == (finished / "events.jsonl").read_bytes()


def test_a_long_name_of_a_directory_is_cut_and_told_apart(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("RELAY_LOG_DIR", str(tmp_path))
    names = [default_directory("alien", {"agent": f"process {'x' * 300}{end}"}, {}, 1).name for end in "ab"]
    assert [len(name) for name in names] == [200, 200] and names[0] != names[1]
    assert names[0] == default_directory("alien", {"agent": f"process {'x' * 300}a"}, {}, 1).name
