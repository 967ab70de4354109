"""The option `--disguise` of `relay run` and of `relay task show`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands.conftest import Invoke

SMALL = ("run", "alien(layers=2, width=1, q=3)", "-g", "2", "--workers", "0", "--json")


def test_a_disguise_is_a_parameter_of_the_agent(relay: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RELAY_LOG_DIR", str(tmp_path))
    told = relay(*SMALL, "--model", "mock/explorer", "--disguise", "7")
    assert told.status == 0, told.err
    found = json.loads(told.out)
    assert found["condition"]["agent"]["parameters"]["disguise"] == 7
    assert found["generations"][-1]["established"]
    [directory] = tmp_path.iterdir()
    assert "disguise7" in directory.name


def test_who_reads_no_words_is_told_so(relay: Invoke, tmp_path: Path) -> None:
    found = relay(*SMALL, "--disguise", "7", "--out", str(tmp_path / "a"))
    assert (found.status, found.out) == (2, "")
    assert "the agent `explorer` does not read words" in found.err and found.err.count("\n") == 1
    assert not (tmp_path / "a").exists()


@pytest.mark.parametrize("task", ["linear_algebra(brief=problems)", "alien"])
def test_a_task_is_shown_in_disguise(relay: Invoke, task: str) -> None:
    plain, other = (relay("task", "show", task, *more).out for more in ((), ("--disguise", "1")))
    words = ("Matrix", "vector", "conj", "axes") if task != "alien" else ("Element", "elements")
    assert all(word in plain and word not in other for word in words)
    assert len(plain.split()) == len(other.split())
    data = json.loads(relay("task", "show", task, "--disguise", "1", "--json").out)
    assert data["brief"] in other and data["name"] == task.partition("(")[0]
    assert not any(word in json.dumps(data) for word in words)


def test_what_stands_for_what_is_told_on_request(relay: Invoke) -> None:
    revealed = relay("task", "show", "linear_algebra", "--disguise", "1", "--reveal").out
    [line] = [line for line in revealed.splitlines() if line.startswith("Disguised: ")]
    alias = line.partition("matrix is ")[2].partition(",")[0]
    assert f"{alias.capitalize()}[m, n]" in revealed and "Disguised" not in relay("task", "show", "alien").out


def test_a_probe_may_be_in_disguise(relay: Invoke, tmp_path: Path) -> None:
    task = ("probe", "alien(layers=2, width=1, q=3)", "--workers", "0", "--json", "--draws", "1")
    told = relay(*task, "--model", "mock/explorer", "--disguise", "7", "--out", str(tmp_path / "a"))
    assert told.status == 0, told.err
    assert json.loads(told.out)["condition"]["agent"]["parameters"]["disguise"] == 7
