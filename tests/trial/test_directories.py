"""Unusable directories: the error names them in one line, and no incomplete file remains."""

from __future__ import annotations

import json
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from relay.errors import UsageError
from relay.records.reader import read_condition
from relay.trial.directory import load_trial
from tests.trial.helpers import condition, run, scripted, state
from tests.trial.toy import SQUARE


def one_line(error: pytest.ExceptionInfo[UsageError]) -> str:
    text = str(error.value)
    assert "\n" not in text
    return text


def test_no_trial(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="does not exist"):
        read_condition(tmp_path / "nowhere")
    with pytest.raises(UsageError, match=r"contains no trial \(no condition\.yaml\)"):
        load_trial(tmp_path, trust=True)


def test_a_directory_of_something_else(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("x")
    with pytest.raises(UsageError, match=r"is not empty \(it has thesis\.tex\); give another directory"):
        run(tmp_path, condition())
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_what_a_killed_start_left_is_no_trial(tmp_path: Path) -> None:
    (tmp_path / "a/files").mkdir(parents=True)
    (tmp_path / "a/files/toy.py").write_text("raise SystemExit")
    with pytest.raises(UsageError, match=r"is not empty \(it has files\)"):
        run(tmp_path / "a", condition())
    (tmp_path / "a/lock").touch()
    run(tmp_path / "a", condition())
    run(tmp_path / "b", condition())
    assert (tmp_path / "a/events.jsonl").read_bytes() == (tmp_path / "b/events.jsonl").read_bytes()
    assert load_trial(tmp_path / "a", trust=True).state.generation == 3


def test_a_file_in_its_place(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x")
    with pytest.raises(UsageError, match="give another directory"):
        run(tmp_path / "a", condition())
    with pytest.raises(UsageError):
        read_condition(tmp_path / "a")


@pytest.mark.parametrize(
    ("name", "text", "match"),
    [
        ("condition.yaml", "{", "is not YAML"),
        ("condition.yaml", "a: 1", "is not a condition"),
        ("condition.yaml", "v: 7", "schema version 7 and this relay reads version 2; use the relay that wrote it"),
        ("condition.yaml", "seed: 2020-13-45", "is not YAML"),
        ("condition.yaml", "[" * 100_000, "is not YAML"),
        ("condition.yaml", "[1]", "is not a condition"),
        ("task.json", "{}", "task.json was changed"),
        ("events.jsonl", '{"v": 2, "type": "unheard_of"}\n', r"line 1 \(generation 0\) has no digest"),
        ("events.jsonl", '{"v": 1, "type": "trial_started"}\n', "schema version 1 and this relay reads version 2"),
        ("events.jsonl", "\x00\x01\n", r"line 1 \(generation 0\) is not an event"),
        ("head.json", "{}", "is no head of a log"),
    ],
)
def test_altered_files(tmp_path: Path, name: str, text: str, match: str) -> None:
    run(tmp_path / "a", condition())
    (tmp_path / "a" / name).write_text(text)
    for use in (lambda where: load_trial(where, trust=True), lambda where: run(where, condition())):
        with pytest.raises(UsageError, match=match) as error:
            use(tmp_path / "a")
        one_line(error)


def test_an_altered_task_is_noticed(tmp_path: Path) -> None:
    run(tmp_path / "a", condition())
    task = json.loads((tmp_path / "a/task.json").read_text())
    task["brief"] = "Another."
    (tmp_path / "a/task.json").write_text(json.dumps(task))
    with pytest.raises(UsageError, match=r"task\.json was changed after the trial began"):
        load_trial(tmp_path / "a", trust=True)


@contextmanager
def small_files(limit: int) -> Iterator[None]:
    """As on a full disk: no file grows beyond so many bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("limit", [0, 100, 2_000, 4_000, 6_000, 9_000])
def test_a_full_disk(tmp_path: Path, limit: int) -> None:
    chosen = condition(agent=scripted([state(SQUARE)], "nonsense", [state(SQUARE)]), generations=3)
    run(tmp_path / "whole", chosen)
    wanted = (tmp_path / "whole/events.jsonl").read_bytes()
    with small_files(limit), pytest.raises(UsageError, match="can't write") as error:
        run(tmp_path / "a", chosen)
    one_line(error)
    if not (tmp_path / "a/condition.yaml").exists():
        assert not (tmp_path / "a").exists()
    for path in (tmp_path / "a").rglob("*.jsonl"):
        assert path.read_bytes() == b"" or path.read_bytes().endswith(b"\n")
    run(tmp_path / "a", chosen)
    assert (tmp_path / "a/events.jsonl").read_bytes() == wanted
