"""`relay check-component` finds out what a component is, and says rule by rule what it keeps."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from relay.commands.completion import complete_components
from relay.commands.component_check import CONTRACTS
from tests.commands import misfits
from tests.commands.conftest import Invoke
from tests.contract import breaking, slips

MISFITS, BREAKING, SLIPS = (str(Path(module.__file__).resolve()) for module in (misfits, breaking, slips))
EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.mark.parametrize(
    ("component", "first"),
    [
        ("journal", "note scheme journal"),
        ("carryover(turns=2)", "memory scheme carryover(turns=2)"),
        ("leave_plan", "hand-over step leave_plan"),
        ("hidden", "truth hidden"),
        ("junk(k=1)", "intervention junk(k=1)"),
        (f"{EXAMPLES / 'agent.py'}:Guesser(guesses=1)", f"agent {EXAMPLES / 'agent.py'}:Guesser(guesses=1)"),
        (str(EXAMPLES / "task.py"), f"task {EXAMPLES / 'task.py'}:Clock"),
        (str(EXAMPLES / "counting.yaml"), f"task file(path={EXAMPLES / 'counting.yaml'})"),
    ],
)
def test_a_component_of_any_kind(relay: Invoke, component: str, first: str) -> None:
    found = relay("check-component", component)
    assert found.status == 0 and not found.err
    lines = found.out.splitlines()
    contract = next(each for each in CONTRACTS.values() if first.startswith(each.noun))
    assert lines[0] == first
    assert [line.split()[:2] for line in lines[1:-1]] == [["kept", rule.name] for rule in contract.rules]
    assert lines[-1] == f"it keeps all {len(contract.rules)} rules"


def test_names_are_completed() -> None:
    assert complete_components("j") == ["journal", "judge", "junk"]
    assert "mock" not in complete_components("")


def test_a_broken_rule_is_told_with_what_the_component_does(relay: Invoke) -> None:
    found = relay("check-component", f"{SLIPS}:Talkative")
    assert found.status == 1 and not found.err
    broken = [line for line in found.out.splitlines() if line.startswith("BROKEN")]
    assert len(broken) == 1 and broken[0].split()[1] == "caps"
    assert "But a page of " in broken[0] and "(limit: 300)" in broken[0]
    assert found.out.splitlines()[-1] == "it breaks 1 rule"


def test_what_it_raises_is_told_with_its_place_and_the_rest_is_not_checked(relay: Invoke) -> None:
    found = relay("check-component", f"{SLIPS}:Fainting")
    assert found.status == 1
    lines = found.out.splitlines()
    assert lines[1].startswith("kept    lived")
    assert "`show` raises ZeroDivisionError: no room in `Fainting.show`" in lines[2] and "slips.py, line " in lines[2]
    assert all(line.startswith("- ") for line in lines[3:-1])
    assert lines[-1] == f"it breaks 1 rule; {len(lines) - 4} could not be checked"


def test_for_programs(relay: Invoke) -> None:
    found = relay("check-component", f"{BREAKING}:Narrowly", "--json")
    assert found.status == 1
    data = json.loads(found.out)
    assert (data["component"], data["kind"], data["kept"]) == (f"{BREAKING}:Narrowly", "memory scheme", False)
    assert [rule["kept"] for rule in data["rules"][:3]] == [True, False, None]
    assert data["rules"][1]["rule"] == "total"
    assert "`hand_on` raises LookupError: too narrow in `Narrowly.narrow`" in data["rules"][1]["found"]


def test_what_a_component_prints_does_not_mix_with_results(relay: Invoke) -> None:
    found = relay("check-component", f"{MISFITS}:Prints", "--json")
    assert "so much to tell" in found.err
    assert json.loads(found.out)["kind"] == "note scheme"


@pytest.mark.parametrize(
    ("component", "told"),
    [
        ("nothing", "no component is named `nothing`; give path/to/file.py:Name, or a name of `relay list`"),
        ("mock", "`mock` is a provider of models, which have no contract"),
        ("nothing.py", "there is no file nothing.py; give path/to/file.py:Name"),
        ("nothing.py:Mine", "there is no file nothing.py; give path/to/file.py:Name"),
        (f"{MISFITS}:Nobody", "has no `Nobody`"),
        (f"{MISFITS}:annotations", "is no component: expected a subclass of `NoteScheme`"),
        (f"{MISFITS}:Leave", "is no component: expected a subclass of `NoteScheme`"),
        (MISFITS, "misfits.py has Plain, Teller, RaisesAtConstruction"),
        (f"{MISFITS}:LacksMethods", "lacks `instructions` and `show` ("),
        (f"{MISFITS}:RaisesAtConstruction", "can't be made: ZeroDivisionError: at once in `RaisesAtConstruction"),
        (f"{MISFITS}:Plain(cap=3)", "has no parameter `cap`; it has none"),
        ("ledger(cap=few)", "can't have cap='few'"),
        ("human", "the agent `human` asks a person"),
    ],
)
def test_what_can_not_be_checked_is_one_line(relay: Invoke, component: str, told: str) -> None:
    found = relay("check-component", component)
    assert found.status == 2 and not found.out
    assert told in found.err and found.err.count("\n") == 1
