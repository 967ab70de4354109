"""What is compared with its type, and how the place of a mistake is found, in files and in installed packages."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from relay.component_code import defined_at, failing_place
from relay.errors import MachineFault, ModelFault, UsageError
from relay.records.record import Record
from relay.schemes.notes.note import Note
from relay.schemes.notes.scheme import Layout, Mention, Opened, Outcome, Part, Refused, Several, Written
from relay.trial.asking import ask, ask_async, misfit

NOTE = Note(id="1.1.1", version=1, author="g1-t1", text="so")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Layout((Part("x", NOTE, (Mention("1.1.1", explains=(1, 2)),)),), (), (NOTE,)), Layout),
        (Written("1", "x", "y", data={"any": [object()]}), Outcome),
        (Several((Written("1", "x", "y"),), ""), Outcome),
        (Opened(NOTE, lines=(1, 2)), Outcome),
        (Refused("no"), Outcome),
        ((), tuple[int, ...] | None),
        (None, tuple[int, ...] | None),
        ({"a": 1}, Mapping[str, int]),
        (len, Callable[[str], int]),
        (object(), Any),
        (None, None),
    ],
)
def test_what_fits_is_told_nothing_of(value: object, expected: Any) -> None:
    assert misfit(value, expected) == ""


@pytest.mark.parametrize(
    ("value", "expected", "told"),
    [
        (True, int, "a value of the type bool instead of an `int`"),
        ((1, "2"), tuple[int, ...], "a value of the type str instead of an `int`"),
        ({1: 1}, Mapping[str, int], "a value of the type int instead of a `str`"),
        ({"a": None}, Mapping[str, int], "nothing instead of an `int`"),
        (3, Callable[[str], int], "a value of the type int instead of a function"),
        (Several((None,), ""), Outcome, "nothing instead of a `Written` in `written` of a `Several`"),
        (
            Layout((Part("x", "y"),)),
            Layout,
            "a value of the type str instead of a `Note` or `None` in `note` of a `Part` in `parts` of a `Layout`",
        ),
    ],
)
def test_what_does_not_fit_is_told_with_its_place(value: object, expected: Any, told: str) -> None:
    assert misfit(value, expected) == told


@pytest.fixture
def installed() -> Any:
    """A class of a module that is no file of a component and none of relay's own."""
    module = ModuleType("somebody_elses")
    source = (
        "from relay.records.record import Record\n"
        "class Theirs(Record):\n"
        "    def show(self, error):\n"
        "        raise error\n"
        "    async def answer(self, error):\n"
        "        raise error\n"
    )
    sys.modules["somebody_elses"] = module
    exec(compile(source, "theirs.py", "exec"), module.__dict__)  # noqa: S102 (it stands for an installed package)
    yield module.Theirs
    del sys.modules["somebody_elses"]


class Own(Record):
    def show(self, error: Exception) -> None:
        raise error


def test_a_mistake_in_an_installed_component_is_placed_too(installed: Any) -> None:
    with pytest.raises(
        UsageError, match=r"`Theirs` failed with KeyError: 'x' in `Theirs\.show` \(theirs\.py, line 4\)"
    ):
        ask(installed(), "show", Any, KeyError("x"))
    with pytest.raises(UsageError, match=r"in `Theirs\.answer` \(theirs\.py, line 6\)"):
        asyncio.run(ask_async(installed(), "answer", Any, KeyError("x")))
    assert defined_at(installed, "show") == "(theirs.py, line 3)"


@pytest.mark.parametrize("error", [UsageError("foreseen"), ModelFault("lost"), MachineFault("down")])
def test_errors_of_relay_pass(installed: Any, error: Exception) -> None:
    with pytest.raises(type(error)):
        ask(installed(), "show", Any, error)


def test_only_what_may_come_from_outside_is_a_fault_of_the_machine(installed: Any) -> None:
    with pytest.raises(ConnectionError):
        asyncio.run(ask_async(installed(), "answer", Any, ConnectionError("lost")))
    with pytest.raises(UsageError, match="failed with ConnectionError: lost"):
        ask(installed(), "show", Any, ConnectionError("lost"))


def test_what_no_component_did_has_no_place() -> None:
    try:
        raise ValueError("relay's own")
    except ValueError as error:
        assert failing_place(error) is None
    assert defined_at(int) == ""
    assert Path(defined_at(Own, "show").split(",")[0].lstrip("(")).name == "test_asking.py"
