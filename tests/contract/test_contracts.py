"""The contracts of all kinds of components but note schemes: every installed component keeps its own, so does each
example, and each rule fails on a component that breaks just that rule."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from relay.commands.component_check import BASES, CONTRACTS
from relay.components import available
from tests.contract import breaking

HERE = str(Path(breaking.__file__).resolve())
EXAMPLES = Path(__file__).parents[2] / "examples"
NEEDING = {
    "file": {"path": str(EXAMPLES / "counting.yaml")},
    "judge": {"model": "mock/judge"},
    "llm": {"model": {"name": "mock", "parameters": {"name": "explorer"}}},
    "process": {"command": f"python3 {EXAMPLES / 'bridge.py'}"},
    "scripted": {"lines": ['{"actions": [{"action": "evaluate", "term": "1"}]}']},
    "stripped": {"remarks": True},
}
"""What a component can't be built without."""
UNTRIED = {("relay.agents", "human"), ("relay.handover", "foreign"), ("relay.tasks", "linear_algebra")}
"""A person; the notes of another trial, which has to run first; and a theory whose check takes minutes. They have tests
of their own."""
SOUND = (
    ("relay.memory", f"{HERE}:Sound"),
    ("relay.handover", f"{HERE}:Straight"),
    ("relay.handover", f"{HERE}:Lending"),
    ("relay.truth", f"{HERE}:Open"),
    ("relay.interventions", f"{HERE}:Acting"),
    ("relay.memory", "window(across=true)"),
    ("relay.memory", "summary(across=true)"),
    ("relay.handover", "stripped(statements=true)"),
)


def installed() -> Iterator[tuple[str, object]]:
    for group in CONTRACTS:
        for name in available(group) if group != "relay.notes" else ():
            if (group, name) not in UNTRIED:
                yield group, {"name": name, "parameters": NEEDING.get(name, {})}


@pytest.mark.parametrize(("group", "component"), [*installed(), *SOUND], ids=str)
def test_every_installed_component_keeps_its_contract(tmp_path: Path, group: str, component: str) -> None:
    assert [str(each) for each in CONTRACTS[group].broken_by(component, tmp_path)] == []


@pytest.mark.parametrize(
    ("group", "rule"), [(group, rule.name) for group in breaking.BREAKING for rule in CONTRACTS[group].rules]
)
def test_each_rule_fails_on_a_component_that_breaks_just_that_rule(tmp_path: Path, group: str, rule: str) -> None:
    broken = breaking.BREAKING[group][rule]
    found = CONTRACTS[group].broken_by(f"{HERE}:{broken.__name__}", tmp_path)
    assert [each.rule for each in found] == [rule], list(map(str, found))
    assert all("\n" not in str(each) for each in found)


def test_a_note_that_a_step_brings_may_define_nothing(tmp_path: Path) -> None:
    found = CONTRACTS["relay.handover"].broken_by(f"{HERE}:Importing", tmp_path)
    assert [each.rule for each in found] == ["grounded"]
    assert "a note that was not in the view defines something that can be called" in found[0].found


@pytest.mark.parametrize("group", CONTRACTS)
def test_each_rule_has_a_name_and_a_sentence(group: str) -> None:
    rules = CONTRACTS[group].rules
    assert len({rule.name for rule in rules}) == len(rules)
    assert all(rule.sentence.endswith(".") for rule in rules)


def test_each_kind_has_a_base_and_a_contract() -> None:
    assert BASES.keys() == CONTRACTS.keys()
