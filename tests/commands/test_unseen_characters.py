"""Texts of strangers send no commands to a terminal, and hide or reorder nothing, whichever command prints them."""

from __future__ import annotations

import ast
import json
import unicodedata
from pathlib import Path

import pytest

from relay.records.budget import Budget
from relay.text import printable, printable_json
from tests.commands.conftest import Invoke
from tests.trial.helpers import condition, record, run, scripted, state
from tests.trial.toy import SQUARE

HOME = Path(__file__).parents[2]
CONTROLS = "".join(map(chr, (*range(0x09), *range(0x0B, 0x20), *range(0x7F, 0xA0))))
HIDING = "\u00ad\u061c\u200b\u200e\u2028\u202a\u202e\u2060\u2066\u2069\ufeff\U000e0041\U000e0100\ufe0f\u3164\u115f"
EVIL = f"\x1b]0;title\x07 \x9b31m red {CONTROLS} {HIDING} end"
BUDGET = Budget(turns=3, tokens=60_000, context=12_000, evaluations=60)
BRIEF = "".join(f"\\U{ord(character):08x}" for character in EVIL)


def unseen(text: str) -> set[str]:
    """Characters of `text` that a reader does not see, but for ends of lines and tabs."""
    kinds = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    return {c for c in text if (unicodedata.category(c) in kinds or c in HIDING) and c not in "\n\t"}


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A trial whose notes, remarks, answers and names of actions hold what a terminal obeys."""
    path = tmp_path_factory.mktemp("evil") / "trial"
    acts = [state(SQUARE), record("square", EVIL), record("claim (x: Nat): x == x", EVIL), {"action": EVIL, EVIL: EVIL}]
    agent = scripted(acts, [state(EVIL), {"action": "evaluate", "term": EVIL}, {"action": "open", "id": EVIL}])
    run(path, condition(agent=agent, notes="ledger", generations=2, width=1, budget=BUDGET))
    return path


@pytest.fixture
def task(tmp_path: Path) -> Path:
    """A task whose brief holds it."""
    source = "define twice(x: Lamp) -> Lamp = next(next(x))"
    path = tmp_path / "task.yaml"
    path.write_text(
        f"""
name: "lamps"
statement_size: 20
briefs:
  plain: {{text: "{BRIEF}"}}
given:
  scalars: false
  sorts: [{{name: Lamp, size: 3}}]
  operations: [{{name: next, parameters: [Lamp], result: Lamp, table: [1, 2, 0]}}]
concepts:
  - id: twice
    forms: ["{source}"]
""",
        encoding="utf-8",
    )
    return path


@pytest.mark.parametrize(
    "options",
    [
        (), ("-g", 1), ("--transcript", "--trust"), ("--transcript", "--trust", "--reveal"), ("--transcript",),
        ("--prompt", "--trust"), ("--json",), ("--transcript", "--trust", "--json"), ("--prompt", "--trust", "--json"),
    ],
)  # fmt: skip
def test_a_trial_is_shown_without_them(relay: Invoke, trial: Path, options: tuple[str, ...]) -> None:
    shown = relay("show", trial, *options)
    assert shown.status == 0 and shown.out
    assert not unseen(shown.out + shown.err)
    assert "transcript" not in str(options) or "\\x9b31m" in shown.out or "\\u009b31m" in shown.out


def test_notes_are_shown_and_exported_without_them(relay: Invoke, trial: Path, tmp_path: Path) -> None:
    plain, data, exported = (relay("notes", trial, *more) for more in ((), ("--json",), ("--export", tmp_path / "n")))
    texts = [path.read_text(encoding="utf-8") for path in (tmp_path / "n").iterdir()]
    assert plain.status == data.status == exported.status == 0
    assert "\\x9b31m" in plain.out and "\\u009b31m" in data.out and "\\x9b31m" in "".join(texts)
    assert not unseen(plain.out + data.out + "".join(texts))
    assert any("\x9b31m" in note["text"] for note in json.loads(data.out))  # the data is what was written


@pytest.mark.parametrize("options", [(), ("--json",), ("--reveal",), ("--reveal", "--json"), ("--disguise", 1)])
def test_a_task_is_shown_without_them(relay: Invoke, task: Path, options: tuple[str, ...]) -> None:
    shown = relay("task", "show", task, *options)
    assert shown.status == 0, shown.err
    assert "9b31m" in shown.out
    assert not unseen(shown.out + shown.err)


def test_checks_and_complaints_are_without_them(relay: Invoke, tmp_path: Path) -> None:
    hostile = EVIL.replace("\x00", "").replace("/", "")
    file = tmp_path / hostile[:40]
    file.write_text(f"claim (x: Scalar): x == {EVIL}\ndefine f{EVIL}(x: Nat) -> Nat = x", encoding="utf-8")
    calls = [
        ("check", "alien", file), ("check", "alien", file, "--json"), ("check", "alien", tmp_path / f"no{hostile[:9]}"),
        ("check", f"{hostile}(a=1)", file), ("show", tmp_path / hostile[:20]), (f"--{hostile}",), ("list", hostile),
        ("run", "alien", "--agent", f"explorer({hostile}=1)"), ("notes", file), ("list", "runs", file),
    ]  # fmt: skip
    for call in calls:
        found = relay(*call)
        assert not unseen(found.out + found.err), call
        assert found.status


def test_what_is_escaped_in_json_says_the_same() -> None:
    text = json.dumps({EVIL: [EVIL, "\ud800", "\\" + EVIL]}, ensure_ascii=False)
    assert json.loads(printable_json(text)) == json.loads(text)
    assert not unseen(printable_json(text)) and not unseen(printable(EVIL))
    assert printable("ä\tb\n→ 数 é") == printable_json("ä\tb\n→ 数 é") == "ä\tb\n→ 数 é"


PRINTING = {"print", "echo", "secho", "Console", "write"}
MAY = {
    "relay/commands/console.py": {"Console"},
    "relay/commands/output.py": {"echo", "secho"},  # the one place, which escapes
    "relay/commands/app.py": {"echo"},  # relay's own version
    "relay/__main__.py": {"print"},  # escapes itself
    "relay/notation/reference.py": {"print"},  # relay's own page
    "relay/notation/table_file.py": {"print"},  # relay's own file
    "relay/scoring/workers/dispatch.py": {"write"},  # what a component of the user's printed
    "agents/human/screen.py": {"write"},  # the command that erases the screen
}
"""File -> ways of printing that it may use without `relay.commands.output` and `relay.commands.console`."""


def test_there_is_one_way_of_printing() -> None:
    found: dict[str, set[str]] = {}
    for top in ("relay", "agents", "analysis", "tasks", "cli.py"):
        for path in sorted((HOME / top).rglob("*.py")) if (HOME / top).is_dir() else [HOME / top]:
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and (way := _printing(node.func)):
                    found.setdefault(path.relative_to(HOME).as_posix(), set()).add(way)
    assert {name: ways - MAY.get(name, set()) for name, ways in found.items() if ways - MAY.get(name, set())} == {}
    assert found.keys() >= MAY.keys() - {"relay/commands/console.py"}


def _printing(called: ast.expr) -> str:
    """The name of a function that prints to standard output or standard error past the two modules; or nothing."""
    if isinstance(called, ast.Name):
        return called.id if called.id in ("print", "Console") else ""
    if isinstance(called, ast.Attribute):
        owner = ast.unparse(called.value)
        if owner in ("typer", "click") and called.attr in ("echo", "secho"):
            return called.attr
        if called.attr == "write" and owner in ("sys.stdout", "sys.stderr", "self._console.file"):
            return "write"
    return ""
