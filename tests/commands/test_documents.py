"""The documents are correct: links have targets, commands exist, and examples give the quoted results."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from relay.commands.announcement import default_directory
from tests.commands.conftest import Invoke
from tests.trial.helpers import of_type

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")
BLOCK = re.compile(r"```bash\n(.*?)```", re.DOTALL)
ROOMS = ("relay", "agents", "analysis", "tasks", "tests", "benchmarks", "examples", "docs")
PLACE = re.compile(rf"`((?:{'|'.join(ROOMS)})/[\w./-]*|[\w./-]+/\w+\.py)`")


def commands(document: Path) -> list[list[str]]:
    """Return the `relay` commands in a document's shell blocks, without comments."""
    lines = [line for block in BLOCK.findall(document.read_text(encoding="utf-8")) for line in block.splitlines()]
    words = [shlex.split(part, comments=True) for line in lines for part in line.split("&&")]
    return [found[1:] for found in words if found[:1] == ["relay"]]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document: Path) -> None:
    text = re.sub(r"`[^`\n]*`", "", document.read_text(encoding="utf-8"))  # `g(a)[k](x)` is no link
    for target in LINK.findall(text):
        if not target.startswith("http"):
            assert (document.parent / target).exists(), f"{document.name} links to {target}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_that_are_named_exist(document: Path) -> None:
    """A page about one room names files relative to that room."""
    files = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    for place in PLACE.findall(document.read_text(encoding="utf-8")):
        there = (ROOT / place).exists() or any(path.as_posix().endswith(f"/{place}") for path in files)
        assert there, f"{document.name} names {place}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_commands_can_be_given(relay: Invoke, document: Path) -> None:
    for words in commands(document):
        command = words[: 2 if words[0] in ("cache", "study", "task") else 1]
        told = relay(*command, "--help")
        assert told.status == 0, f"{document.name} speaks of relay {' '.join(words)}"
        for option in words:
            if option.startswith("-"):
                assert re.search(rf"(?<![\w-]){option}(?![\w-])", told.out), f"{document.name}: {option} of {command}"


def test_a_model_of_ones_own(relay: Invoke, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The example file is the one in the document, and its commands give the quoted results."""
    document = ROOT / "docs" / "models.md"
    example = (ROOT / "examples" / "model.py").read_text(encoding="utf-8")
    assert f"```python\n{example}```" in document.read_text(encoding="utf-8")
    monkeypatch.chdir(ROOT)
    found = [words for words in commands(document) if {"mock/examples/model.py:answer", "mock/script"} & set(words)]
    assert len(found) == 2
    for number, words in enumerate(found):
        log = tmp_path / str(number)
        assert relay(*words, "--out", log, "--workers", "0", "--no-cache").status == 0
        assert "twice" in [event.name for event in of_type(log, "judged") if event.status == "defined"]


def test_the_readme_has_three_commands_that_set_up() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    installs = [line for line in readme.splitlines() if line.startswith("python3 -m pip install")]
    assert len(installs) == 3
    assert installs[0].endswith("&& relay run alien")
    assert installs[1].endswith("-m pytest -n auto")
    assert "'.[vllm]'" in installs[2] and "relay run 'linear_algebra(brief=problems)' --model vllm/" in installs[2]
    assert "grep -m 1 -F -- '-m pytest' README.md" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("task", "notes", "numbers", "name"),
    [
        ("alien", "ledger", {}, "alien-ledger-s1"),
        ("alien(q=5, layers=6)", "none", {"generations": 3}, "alien-q5-layers6-none-generations3-s1"),
        ("examples/counting.yaml", "ledger(cap=2000)", {}, "counting-ledger-cap2000-s1"),
        ("../../x.py:Name", "../..", {}, "x.py-Name-s1"),
    ],
)
def test_default_directories_tell_trials_apart(
    monkeypatch: pytest.MonkeyPatch, task: str, notes: str, numbers: dict[str, int], name: str
) -> None:
    components = {"agent": "explorer", "notes": notes}
    monkeypatch.delenv("RELAY_LOG_DIR")
    assert default_directory(task, components, numbers, 1) == Path("runs") / name
    monkeypatch.setenv("RELAY_LOG_DIR", "elsewhere")
    assert default_directory(task, components, numbers, 1) == Path("elsewhere") / name


def test_an_unknown_task_is_one_line(relay: Invoke) -> None:
    for command in (("run",), ("check",), ("task", "show"), ("task", "check")):
        told = relay(*command, "alein")
        assert told.status == 2
        assert "alein" in told.err
        assert told.err.count("\n") == 1
