"""`relay list`: the installed components with parameters and defaults."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest
from pydantic import ConfigDict, Field

import relay.components as components
from agents.human import Human
from relay.commands.installed import KINDS, installed, words
from relay.components import GROUPS, available
from relay.records.record import Record
from tests.commands.conftest import Invoke

ROOT = Path(__file__).resolve().parents[2]


class Thing:
    """Nothing that pydantic knows."""


class Odd(Record):
    """A scheme
    of two lines.

    And more.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    thing: Thing | None = None
    kind: type = str
    """What JSON has no word for."""
    most: int | None = Field(default=None, le=7)
    """Seven."""
    sizes: tuple[int, ...] = Field(default_factory=lambda: (1, 2))

    def show(self) -> None:
        """Nothing."""


class Derived(Odd):
    """Another."""

    most: int | None = Field(default=3, ge=1, le=7)
    """Of its own,
    on two lines."""


def installing(monkeypatch: pytest.MonkeyPatch, **entries: str) -> None:
    """Replace all note schemes by these entry points."""
    found = {name: EntryPoint(name=name, value=value, group="relay.notes") for name, value in entries.items()}
    monkeypatch.setattr(components, "_entries", lambda group: found if group == "relay.notes" else {})


def test_everything_that_is_installed_is_listed(relay: Invoke) -> None:
    assert {group for group, _ in KINDS.values()} == set(GROUPS)
    told = relay("list").out
    found = json.loads(relay("list", "--json").out)
    for kind, (group, where) in KINDS.items():
        assert f"{kind} ({where})" in told
        names = [name for name in available(group) if (group, name) != ("relay.tasks", "file")]
        assert [one["name"] for one in found[kind]] == names
        for one in found[kind]:
            assert one["summary"] and one["summary"] in told
            for name, parameter in one["parameters"].items():
                assert f"    {name}, required" in told if parameter["needed"] else f"    {name} = " in told
                assert parameter["words"] in told


def test_defaults_limits_and_words(relay: Invoke) -> None:
    told = relay("list").out
    for line in (
        "ledger: One statement per entry, the most important first, under a cap.\n    cap = 2000 (at least 100)   Most",
        "    q = 4 (3 to 9)           Elements of the carrier.",
        "    brief = blind (blind or problems)   `blind`: nothing",
        "openai/NAME: A model behind an endpoint.",
        "    timeout = 600.0 (above 0)                Seconds for one answer.",
        "    default budget: 100 turns, 10,000,000 tokens, a context of 10,000,000, 200 evaluations, 600 seconds",
        "The path of a YAML file is a task too",
    ):
        assert line in told
    assert "    disguise = none   Seed of the disguise" in told, "the words of the class that it comes from"


def test_one_kind(relay: Invoke) -> None:
    assert relay("list", "truth").out.startswith("truth (--truth)\ndelayed: ")
    assert "ledger" not in relay("list", "truth").out
    (agents,) = json.loads(relay("list", "agents", "--json").out).values()
    (human,) = [one for one in agents if one["name"] == "human"]
    assert human["usual"] == Human.usual.model_dump(mode="json")
    found = relay("list", "note")
    assert (found.status, found.out) == (2, "")
    assert "no kind of components named `note`" in found.err and "notes" in found.err and found.err.count("\n") == 1


def test_whatever_is_installed_can_be_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    here = "tests.commands.test_list"
    installing(monkeypatch, odd=f"{here}:Odd", derived=f"{here}:Derived", broken="nothing_of_the_kind:X")
    broken, derived, odd = installed("notes")
    assert "can't be loaded: No module named" in broken.summary and not broken.parameters
    assert odd.summary == "A scheme of two lines."
    assert odd.parameters["sizes"].default == [1, 2]
    assert odd.parameters["kind"].words == derived.parameters["kind"].words == "What JSON has no word for."
    assert derived.parameters["most"].words == "Of its own, on two lines." and odd.parameters["most"].words == "Seven."
    assert [one.parameters["most"].allowed for one in (odd, derived)] == ["at most 7", "1 to 7"]
    assert installed("memory") == () and words("memory", (), 80) == "No component is installed."


def test_it_fits_the_terminal() -> None:
    for kind in KINDS:
        assert max(map(len, words(kind, installed(kind), 80).splitlines())) <= 80


def test_task_list_has_no_task_that_is_none(relay: Invoke) -> None:
    told = relay("task", "list").out
    assert "file: " not in told and told.splitlines()[-1].startswith("The path of a YAML file is a task too")
    rows: list[dict[str, Any]] = json.loads(relay("task", "list", "--json").out)
    assert [row["name"] for row in rows] == ["alien", "linear_algebra"]
    assert rows[0]["parameters"] == {"q": 4, "layers": 4, "width": 2, "term_size": 2, "seed": None, "shown": 1.0}


def test_the_shell_completes_kinds() -> None:
    asked = {"_RELAY_COMPLETE": "complete_bash", "COMP_WORDS": "relay list m", "COMP_CWORD": "2"}
    code = "import sys\nsys.argv = ['relay']\nfrom relay.__main__ import main\nmain()"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env={**os.environ, **asked}, capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == ["models", "memory"], done.stderr
