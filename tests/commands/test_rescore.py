"""`relay rescore`: what it says, what it writes, and what it refuses."""

from __future__ import annotations

import asyncio
import json
import signal
from pathlib import Path

import pytest

from relay.trial.rescoring import Rescorer
from tests.commands.conftest import Invoke

TASK = """\
name: small
statement_size: 20
given:
  sorts: [{name: E, size: 3}]
  operations: [{name: op, parameters: [E, E], result: E, table: [[0, 1, 2], [1, 2, 0], [2, 0, 1]]}]
briefs: {plain: {text: Study it.}}
concepts:
  - id: double
    forms: ["define double(x: E) -> E = op(x, x)"]
    laws: ["claim (x: E, y: E): double(op(x, y)) == op(double(x), double(y))"]
"""
MORE = """\
  - id: triple
    forms: ["define triple(x: E) -> E = op(x, op(x, x))"]
    laws: ["claim (x: E): triple(x) == triple(op(x, x))"]
"""
STATED = ("define f(x: E) -> E = op(x, x)", "define g(x: E) -> E = op(f(x), x)")
ANSWER = json.dumps({"actions": [{"action": "state", "source": source} for source in STATED]})
AGENT = f"scripted(lines=['{ANSWER}'])"
QUICK = ("-q", "--workers", "0", "--no-cache")


@pytest.fixture
def trial(relay: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A trial on a task file, in a directory named `t`."""
    monkeypatch.chdir(tmp_path)
    Path("small.yaml").write_text(TASK, encoding="utf-8")
    assert relay("run", "small.yaml", "--agent", AGENT, "-g", "2", "--out", "t", *QUICK).status == 0
    return Path("t")


def test_the_same_task_changes_nothing(relay: Invoke, trial: Path) -> None:
    told = relay("rescore", trial, "--workers", "0")
    assert told.status == 0
    assert told.out == "4 statements judged again: nothing changed\n"
    assert "the new trial is in t-rescored; `relay show t-rescored` shows it" in told.err
    for name in ("events.jsonl", "condition.yaml", "files/small.yaml"):
        assert Path("t-rescored", name).read_bytes() == (trial / name).read_bytes()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_leaves_nothing_behind(
    relay: Invoke, trial: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    async def ended(self: Rescorer, block: object) -> None:
        assert [path.name for path in Path().glob(".t-rescored-*.part")]
        signal.raise_signal(number)
        await asyncio.sleep(1)

    before = signal.getsignal(number)
    monkeypatch.setattr(Rescorer, "block", ended)
    told = relay("rescore", trial, "--workers", "0", "--no-cache")
    assert (told.status, told.err.splitlines()[-1]) == (128 + number, "stopped; nothing was written")
    assert sorted(path.name for path in Path().iterdir()) == ["small.yaml", "t"]
    assert signal.getsignal(number) == before


def test_a_task_with_more_concepts_gives_more_credit(relay: Invoke, trial: Path) -> None:
    Path("small.yaml").write_text(TASK + MORE, encoding="utf-8")
    told = relay("run", "small.yaml", "--agent", AGENT, "-g", "2", "--out", "t", *QUICK)
    assert told.status == 2 and "small.yaml" in told.err
    told = relay("rescore", trial, "--task", "small.yaml", "--out", "more", "--workers", "0")
    assert told.status == 0, told.err
    assert "established: +triple" in told.out
    assert "recall of the established: 1.000 before" not in told.out, "one of two concepts was missing"
    data = json.loads(relay("show", "more", "--json").out)
    assert data["generations"][-1]["established"] == ["double", "triple"]
    again = json.loads(relay("rescore", trial, "--task", "small.yaml", "--out", "json", *QUICK, "--json").out)
    assert again["established"] == {"gained": ["triple"], "lost": []} and not again["same"]
    # its own copy of the task is named in the condition, and it can be judged again from there
    assert Path("more/files/rescored/small.yaml").read_text(encoding="utf-8") == TASK + MORE
    assert relay("rescore", "more", "--out", "third", *QUICK).status == 0
    assert Path("third/events.jsonl").read_bytes() == Path("more/events.jsonl").read_bytes()


def test_a_free_name_beside_the_trial_is_found(
    relay: Invoke, trial: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place, name in ((trial, "."), (trial / "open", "..")):
        (tmp_path / place).mkdir(exist_ok=True)
        monkeypatch.chdir(tmp_path / place)
        assert relay("rescore", name, *QUICK).status == 0
        monkeypatch.chdir(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["small.yaml", "t", "t-rescored", "t-rescored-2"]
    assert relay("show", trial).status == 0


def test_nothing_is_written_into_a_trial(relay: Invoke, trial: Path) -> None:
    """Else it could not be read any more."""
    for command in (
        ("rescore", trial, "--out", trial / "again"),
        ("notes", trial, "--export", trial / "notes"),
        ("run", "alien", "-g", "1", "-q", "--out", trial / "deep" / "another"),
    ):
        told = relay(*command)
        assert told.status == 2 and "lies in the directory of the trial" in told.err, told.err
    assert relay("show", trial).status == 0


def test_another_world_is_refused(relay: Invoke, trial: Path) -> None:
    for task, told in (
        ("alien", "has another `given`"),
        ("nowhere.yaml", "nowhere.yaml"),
        ("nothing", "there is no task named `nothing`"),
    ):
        found = relay("rescore", trial, "--task", task)
        assert found.status == 2 and told in found.err and found.err.count("\n") == 1
    assert relay("rescore", trial, "--task", "alien", "--own-task").status == 2
    assert sorted(path.name for path in Path().iterdir()) == ["small.yaml", "t"]


def test_a_task_of_code_is_run_only_if_it_is_trusted(relay: Invoke, tmp_path: Path) -> None:
    code = tmp_path / "mine.py"
    code.write_text(
        "from pathlib import Path\n"
        "from tasks.alien import Alien\n"
        "if Path(__file__).parent.name == 'files': Path(__file__).with_name('mark').touch()\n"
        "class Mine(Alien):\n"
        "    '''A task.'''\n",
        encoding="utf-8",
    )
    out = tmp_path / "t"
    assert relay("run", f"{code}:Mine", "--agent", "scripted", "-g", "1", "--out", out, *QUICK).status == 0
    told = relay("rescore", out)
    assert told.status == 2 and "is code of its own (files/mine.py:Mine)" in told.err and "--trust" in told.err
    assert relay("rescore", out, "--own-task", "--out", tmp_path / "own", *QUICK).status == 0
    assert relay("rescore", out, "--trust", "--out", tmp_path / "trusted", *QUICK).status == 0
