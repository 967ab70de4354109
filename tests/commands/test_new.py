"""`relay new` writes a component that runs at once, and never over another file."""

from __future__ import annotations

import shlex
import tomllib
from pathlib import Path

import pytest

from relay.commands.completion import complete_templates
from relay.commands.templates import TEMPLATES, examples_folder
from tests.commands.conftest import Invoke

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RELAY_LOG_DIR", "runs")


@pytest.mark.parametrize("kind", TEMPLATES)
def test_what_it_writes_keeps_the_contract_and_runs(relay: Invoke, kind: str) -> None:
    found = relay("new", kind, "my own")
    assert found.status == 0 and not found.err
    assert "class MyOwn(" in Path("my_own.py").read_text()
    first, *commands = found.out.splitlines()
    assert first.startswith("my_own.py holds ")
    assert [shlex.split(line)[1] for line in commands] == ["check-component", "run"]
    for line in commands:
        assert "my_own.py:MyOwn" in line
        words = shlex.split(line)[1:]
        assert words[0] != "run" or f"relay run {' '.join(words[1:])}" in Path("my_own.py").read_text().splitlines()[0]
        more = ("-g", "2", "--turns", "1", "--workers", "0", "--no-cache", "-q") if words[0] == "run" else ()
        told = relay(*words, *more)
        assert told.status == 0, told.err


def test_it_writes_the_example_under_another_name(relay: Invoke) -> None:
    assert relay("new", "notes", "Wall", "--file", "boards.py").status == 0
    example = (ROOT / "examples/notes.py").read_text(encoding="utf-8")
    expected = example.replace("examples/notes.py:Board", "boards.py:Wall").replace("Board", "Wall")
    assert Path("boards.py").read_text(encoding="utf-8") == expected


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["note", "Mine"], "there is no template for `note` (did you mean `notes`?); the kinds are: notes, memory"),
        (["notes", "1st"], "`1st` can't be the name of a class"),
        (["notes", "!!"], "`!!` can't be the name of a class"),
        (["notes", "none"], "`none` can't be the name of a class"),
        (["notes", "Layout"], None),
        (["notes", "note_scheme"], "`NoteScheme` means something else in the file already"),
        (["notes", "Pin"], "`Pin` means something else in the file already"),
        (["task", "list"], None),
        (["task", "Task"], "`Task` means something else in the file already"),
        (["agent", "Exception"], "`Exception` means something else in the file already"),
        (["notes", "Mine", "--file", "mine.txt"], "mine.txt is no Python file"),
        (["notes", "Mine", "--file", "no/folder/mine.py"], "no/folder/mine.py can't be written: No such file"),
    ],
)
def test_what_it_refuses(relay: Invoke, tmp_path: Path, words: list[str], told: str | None) -> None:
    found = relay("new", *words)
    if told is None:
        assert found.status == 0
        return
    assert found.status == 2 and told in found.err and found.err.count("\n") == 1
    assert not list(tmp_path.rglob("*.py"))


def test_the_kinds_are_completed() -> None:
    assert complete_templates("") == list(TEMPLATES)
    assert complete_templates("t") == ["truth", "task"]


def test_it_overwrites_nothing(relay: Invoke) -> None:
    Path("mine.py").write_text("precious")
    found = relay("new", "memory", "Mine")
    assert (found.status, found.err) == (2, "relay: mine.py exists already; give --file for another one\n")
    assert Path("mine.py").read_text() == "precious"


def test_a_wheel_has_what_it_writes() -> None:
    """Where relay is installed there is no folder of examples: the wheel has copies beside the module."""
    build = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]["targets"]
    packed = build["wheel"]["force-include"]
    assert packed == {f"examples/{kind}.py": f"relay/commands/examples/{kind}.py" for kind in sorted(TEMPLATES)}
    assert examples_folder() == ROOT / "examples"
