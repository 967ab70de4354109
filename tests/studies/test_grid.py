"""The arms of a study: each combination and each control once, under names of their own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from relay.errors import UsageError
from relay.records.condition import Condition
from relay.studies.fields import resolved
from relay.studies.grid import Arm, arms, folder
from tests.studies.builder import study


def names(**changes: Any) -> list[str]:
    return [arm.name for arm in arms(study(**changes))]


def condition(arm: Arm) -> Condition:
    return resolved(arm.fields, 1)


def arm_of(name: str, **changes: Any) -> Condition:
    return condition(next(arm for arm in arms(study(**changes)) if arm.name == name))


def test_arms_are_the_combinations_in_order() -> None:
    axes = {"notes": ["journal", "ledger(cap=900)"], "width": [1, 2]}
    assert names(vary=axes) == [
        "journal, width 1", "journal, width 2", "ledger(cap=900), width 1", "ledger(cap=900), width 2",
    ]  # fmt: skip


def test_an_axis_sets_a_part() -> None:
    found = arm_of("900", vary={"notes.cap": [900, 1500]}, condition={"task": "alien", "notes": "ledger"})
    assert found.notes.parameters["cap"] == 900
    found = arm_of("budget.evaluations 70, width 2", vary={"budget.evaluations": [70, 80], "width": [1, 2]})
    assert (found.budget.evaluations, found.width) == (70, 2)


def test_a_labelled_axis_sets_several_fields_at_once() -> None:
    labelled = {"people": {"one": {"width": 1, "budget.evaluations": 600}, "two": {"width": 2}}}
    assert names(vary=labelled) == ["one", "two"]
    found = arm_of("one", vary=labelled)
    assert (found.width, found.budget.evaluations) == (1, 600)


def test_flat_has_the_budget_of_the_whole_trial() -> None:
    flat = arm_of("flat", controls=["flat"], condition={
        "task": "alien", "generations": 3, "width": 2, "budget": {"evaluations": 100, "turns": 5, "tokens": 9000},
    })  # fmt: skip
    assert (flat.generations, flat.width, flat.notes.name) == (1, 1, "none")
    budget = flat.budget
    assert (budget.evaluations, budget.turns, budget.tokens) == (600, 30, 54_000)
    assert budget.context == arm_of("none").budget.context


def test_controls_are_made_of_every_arm_that_passes_notes_on() -> None:
    found = names(controls=["flat", "blank", "junk(k=2)"], vary={"notes": ["none", "journal", "ledger"]})
    assert found == [
        "none", "journal", "ledger", "flat", "journal + blank", "ledger + blank", "journal + junk(k=2)",
        "ledger + junk(k=2)",
    ]  # fmt: skip
    assert [step.name for step in arm_of("journal + blank", controls=["blank"]).handover] == ["blank"]
    assert [one.name for one in arm_of("journal + junk(k=2)", controls=["junk(k=2)"]).interventions] == ["junk"]


def test_a_control_of_some_arms() -> None:
    some = [{"control": "blank", "of": ["ledger"]}]
    assert names(controls=some, vary={"notes": ["journal", "ledger"]}) == ["journal", "ledger", "ledger + blank"]


def test_no_notes_and_none_are_one_arm() -> None:
    every = arms(study(controls=["none"]))
    assert [arm.name for arm in every] == ["none", "journal"]
    other = arms(study(controls=["none"], vary={"notes": [{"name": "none", "parameters": {}}, "journal"]}))
    assert len(other) == 2


def test_a_control_that_differs_between_arms_has_one_for_each() -> None:
    """The same total budget is one control; another budget is another."""
    found = names(controls=["flat"], vary={"budget.evaluations": [100, 200]})
    assert found == ["100", "200", "flat", "flat (200)"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"vary": {"notes": ["journal", "journal()"]}},
            "`journal` and `journal()` of the study are the same condition",
        ),
        ({"vary": {"notes": ["journal", "jurnal"]}}, "the arm `jurnal`: there is no note scheme named `jurnal`"),
        ({"vary": {"notes.caps": [1, 2]}}, "sets a part of `notes`, which the condition does not name"),
        ({"controls": ["blnk"]}, "there is no control `blnk`; there are blank, flat, foreign, junk"),
        ({"controls": ["flat(x=1)"]}, "the control `flat` has no parameters"),
        ({"controls": [{"control": "blank", "of": ["leger"]}]}, "names the arm `leger`; there are `none`, `journal`"),
        ({"controls": [{"of": ["journal"]}]}, "a control is `NAME` or"),
        ({"controls": [{"control": "blank", "of": "journal"}]}, "a control is `NAME` or"),
        ({"primary": {"against": "flat"}}, "against the arm `flat`; the arms are `none`, `journal`"),
        ({"condition": {}}, "names no task"),
        ({"condition": {"task": "alien", "budget": 7}}, "a budget is a mapping"),
        ({"condition": {"task": "alien", "width": "two"}}, "width is a whole number from 1"),
        ({"vary": {"budget.evaluations": list(range(200)), "budget.turns": list(range(1, 200))}}, "39,800 arms"),
        ({"vary": {"notes": ["ledger(cap=900)", "ledger(cap-900)"]}}, "can't read the component"),
    ],
)
def test_a_mistake_is_one_line(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError) as caught:
        arms(study(**changes))
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_scheme_in_a_file_is_called_by_its_name(tmp_path: Path) -> None:
    scheme = tmp_path / "mine.py"
    scheme.write_text("from relay.schemes.notes.ledger import Ledger\n\n\nclass Mine(Ledger):\n    pass\n")
    assert names(vary={"notes": [f"{scheme}:Mine", f"{scheme}:Mine(cap=900)"]}) == [
        "mine.py:Mine",
        "mine.py:Mine(cap=900)",
    ]


def test_personas_are_an_axis(tmp_path: Path) -> None:
    places = []
    for name in ("bold", "careful"):
        places.append(tmp_path / f"{name}.txt")
        places[-1].write_text(f"You are {name}.")
    cohort = {"who": {"nobody": {}, "bold": {"personas": [str(places[0])]}, "both": {"personas": [*map(str, places)]}}}
    found = {arm.name: condition(arm) for arm in arms(study(
        condition={"task": "alien", "width": 2, "model": "mock/explorer"}, vary=cohort,
    ))}  # fmt: skip
    assert [len(found[name].personas) for name in ("nobody", "bold", "both")] == [0, 1, 2]


def test_two_files_of_one_name_are_not_one_arm(tmp_path: Path) -> None:
    """They would share a directory, and one of them would count as both."""
    places = []
    for name, cap in (("a", 900), ("b", 901)):
        scheme = tmp_path / name / "mine.py"
        scheme.parent.mkdir()
        text = f"from relay.schemes.notes.ledger import Ledger\n\n\nclass Mine(Ledger):\n    cap: int = {cap}\n"
        scheme.write_text(text)
        places.append(f"{scheme}:Mine")
    with pytest.raises(UsageError, match=r"two arms are called `mine[.]py:Mine`; give labels"):
        arms(study(vary={"notes": places}))
    labelled = {"scheme": {"first": {"notes": places[0]}, "second": {"notes": places[1]}}}
    assert names(vary=labelled) == ["first", "second"]


def test_names_that_differ_in_case_alone_would_share_a_directory() -> None:
    labelled = {"arm": {"A": {"notes": "journal"}, "a": {"notes": "ledger"}}}
    with pytest.raises(UsageError, match="`A` and `a` would share a directory; give labels"):
        arms(study(vary=labelled))


def test_a_control_without_arms_is_for_all() -> None:
    assert names(controls=[{"control": "blank"}, {"control": "flat"}]) == ["none", "journal", "journal + blank", "flat"]


def test_names_of_directories() -> None:
    assert folder("ledger + junk(k=16)") == "ledger+junk-k16"
    assert folder("path/to/my.py:Scheme, width 2") == "path-to-my.py-Scheme-width-2"
    assert folder("...") == "arm"
