"""The start of every command: its imports, its speed, and errors of the installation."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from relay.__main__ import check_names
from relay.components import available
from relay.errors import UsageError
from relay.records.condition import Condition
from tests.commands.conftest import Invoke

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("agents", "flint", "lark", "matplotlib", "networkx", "numpy", "pydantic", "sympy", "tasks")


def imported(names: tuple[str, ...], *words: str) -> tuple[str, str]:
    """Run a command; return its output and the list of those packages of `names` that it imported."""
    code = (
        f"import sys\nsys.argv = {['relay', *words]!r}\nfrom relay.__main__ import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"print([name for name in {names} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    said, _, last = done.stdout.rstrip("\n").rpartition("\n")
    return said, last


@pytest.mark.parametrize("words", ["--help", "--version"])
def test_help_imports_nothing_heavy(words: str) -> None:
    said, names = imported(HEAVY, words)
    assert "relay" in said
    assert names == "[]"


def test_listing_schemes_imports_nothing_that_only_a_search_needs() -> None:
    said, names = imported(("bm25s", "numba"), "list", "notes")
    assert "retrieval: " in said
    assert names == "[]"


@pytest.mark.parametrize(
    ("words", "needs"),
    [(("show",), {"rich"}), (("show", "-g", "1"), {"rich"}), (("show", "--json"), set()), (("notes",), set())],
)
def test_reading_a_trial_imports_nothing_that_computes(
    directory: Path, words: tuple[str, ...], needs: set[str]
) -> None:
    heavy = {*HEAVY, "asyncio", "rich"} - {"pydantic"} - needs
    _, names = imported(tuple(sorted(heavy)), *words, str(directory))
    assert names == "[]"


@pytest.mark.parametrize(
    "command",
    [
        (),
        ("run",),
        ("resume",),
        ("show",),
        ("notes",),
        ("check",),
        ("task", "check"),
        ("list",),
        ("cache",),
        ("cache", "show"),
    ],
)
def test_every_command_explains_itself(relay: Invoke, command: tuple[str, ...]) -> None:
    told = relay(*command, "--help")
    assert told.status == 0
    assert "relay " in told.out
    assert not told.err


def test_help_states_the_defaults_that_hold(relay: Invoke) -> None:
    told = " ".join(relay("run", "--help").out.replace("│", " ").split())
    chain = Condition.model_fields
    for name, default in {
        "--turns": "the agent's",
        "--tokens": "the agent's",
        "--context": "the agent's",
        "--answer": "the agent's",
        "--evaluations": "the agent's",
        "--seconds": "the agent's",
        "--generations": chain["generations"].default,
        "--width": chain["width"].default,
    }.items():
        after = told[told.index(f"{name} ") :]
        assert after.partition("[default: ")[2].startswith(f"({default})]"), name


def test_an_unknown_option_is_status_2(relay: Invoke) -> None:
    assert relay("show", "--colour").status == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("rnu",), "'run'? (see `relay --help`)"),
        (("run",), "TASK"),
        (("run", "alien", "--sede", "3"), "--sede"),
        (("run", "alien", "--width", "0"), "--width"),
        (("run", "alien", "--turns", "many"), "(see `relay run --help`)"),
        (("task", "chek"), "(see `relay task --help`)"),
        (("run", "README.md"), "README.md is no task file"),
        (("run", "x" * 3000), "the path of a .yaml file"),
    ],
)
def test_misspelt_words_are_one_line(relay: Invoke, words: tuple[str, ...], said: str) -> None:
    told = relay(*words)
    assert (told.status, told.out, told.err.count("\n")) == (2, "", 1)
    assert said in told.err


def test_no_words_are_answered_by_help(relay: Invoke) -> None:
    told = relay()
    assert (told.status, told.err) == (2, "")
    assert "Usage: relay" in told.out


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_a_terminal_without_the_characters_is_written_to(directory: Path, encoding: str) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "relay", "show", str(directory)], env=environment, capture_output=True, check=True
    )
    assert b"?" in done.stdout
    assert not done.stderr


def test_own_names_pass() -> None:
    check_names(ROOT)


@pytest.mark.parametrize("layout", ["tasks.py", "tasks/__init__.py", "tasks/other.py", "cli.py"])
def test_a_shadowing_distribution_is_named(tmp_path: Path, layout: str) -> None:
    stranger = tmp_path / layout
    stranger.parent.mkdir(exist_ok=True)
    stranger.write_text("main = None\n", encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])}
    done = subprocess.run(
        [sys.executable, "-P", "-m", "relay", "--help"], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    if layout == "tasks/other.py":  # without `__init__.py`, Python prefers a real package later on the path
        assert done.returncode == 0
        return
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert f"shadows relay's `{layout.partition('/')[0].removesuffix('.py')}`" in done.stderr
    assert str(tmp_path) in done.stderr


def test_an_incomplete_installation_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"shadows|missing"):
        check_names(tmp_path)


@pytest.mark.parametrize(
    ("typed", "place", "names"),
    [("relay run lin", 2, ["linear_algebra"]), ("relay run --notes ", 3, [*available("relay.notes")])],
)
def test_the_shell_completes_names(typed: str, place: int, names: list[str]) -> None:
    asked = {"_RELAY_COMPLETE": "complete_bash", "COMP_WORDS": typed, "COMP_CWORD": str(place)}
    code = "import sys\nsys.argv = ['relay']\nfrom relay.__main__ import main\nmain()"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env={**os.environ, **asked}, capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == names, done.stderr
