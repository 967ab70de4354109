"""The page on components: its code is that of the examples, which are short; it tells all that an author needs; and the
errors that it explains are those that relay tells."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from relay.commands.component_check import BASES
from relay.commands.templates import TEMPLATES
from relay.records.record import Record
from relay.schemes import handover, memory, notes, truth
from relay.schemes.handover import Conduct, HandoverView
from relay.schemes.handover.conduct import Deed
from relay.schemes.notes.scheme import NotePlace
from relay.trial.interventions.intervention import Desk, Held
from tests.commands.conftest import Invoke

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "components.md").read_text(encoding="utf-8")
SHORT = ("notes", "memory", "handover", "charter", "truth")
"""The examples whose code the page holds."""


@pytest.mark.parametrize("kind", SHORT)
def test_the_page_holds_the_examples_and_they_are_short(kind: str) -> None:
    example = (ROOT / "examples" / f"{kind}.py").read_text(encoding="utf-8")
    assert f"```python\n{example}```" in PAGE
    assert example.count("\n") < 40


@pytest.mark.parametrize("kind", TEMPLATES)
def test_each_example_has_docstrings_and_the_command_that_runs_it(kind: str) -> None:
    example = (ROOT / "examples" / f"{kind}.py").read_text(encoding="utf-8")
    tree = ast.parse(example)
    assert f"examples/{kind}.py:{TEMPLATES[kind][1]}" in (ast.get_docstring(tree) or "")
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            assert ast.get_docstring(node), node.name


def test_examples_need_nothing_but_the_doors_that_the_page_names() -> None:
    doors = {"relay.schemes.notes", "relay.schemes.memory", "relay.schemes.handover", "relay.schemes.truth"}
    for kind in SHORT:
        tree = ast.parse((ROOT / "examples" / f"{kind}.py").read_text(encoding="utf-8"))
        imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        assert {name for name in imported if name and name.startswith("relay")} <= doors


SECTIONS = {
    "## A note scheme": ("relay.notes", notes),
    "## A memory scheme": ("relay.memory", memory),
    "## A hand-over step": ("relay.handover", handover),
    "## A truth": ("relay.truth", truth),
}


@pytest.mark.parametrize("heading", SECTIONS)
def test_it_tells_every_method_and_every_name_that_can_be_imported(heading: str) -> None:
    group, door = SECTIONS[heading]
    own = [name for name in vars(BASES[group]) if not name.startswith("_") and name not in UNTOLD]
    for name in own:
        assert re.search(rf"`{name}\b", PAGE), f"the page does not tell `{name}` of {group}"
    classes = [name for name in door.__all__ if name[0].islower() or name in TOLD]
    for name in classes:
        assert re.search(rf"\b{name}\b", PAGE), f"the page does not tell `{name}`"


UNTOLD = {"model_config", "model_fields", "at_work", "carry_out", "tell"}
"""Truths and note schemes that ask a model are no matter for this page."""
TOLD = {"CALLABLE", "Layout", "Part", "Mention", "Written", "Several", "Opened", "FoundNotes", "Refused", "Remembered"}


@pytest.mark.parametrize("of", [NotePlace, HandoverView, Conduct, Deed, Desk, Held, notes.Note])
def test_it_tells_every_part_of_what_a_component_gets(of: type) -> None:
    if issubclass(of, Record):
        names = [*of.model_fields, "ref", "defines"]
    else:
        names = [
            *getattr(of, "__dataclass_fields__", ()),
            *of.__annotations__,
            *(name for name in vars(of) if not name.startswith("_")),
        ]
    for name in set(names):
        assert re.search(rf"`(await )?{name}\b", PAGE), f"the page does not tell `{name}` of {of.__name__}"


HEAD = (
    "from typing import Annotated, ClassVar, Literal\n"
    "from relay.schemes.notes import *\nfrom relay.schemes.truth import Shown\n"
)
BODY = "    def instructions(self):\n        return 'x'\n    def show(self, notes, room, count):\n"
PIN = "class Pin(Action):\n"
SCHEME = "class Mine(NoteScheme):\n"
ERRORS = {
    "lacks `instructions` and `show`": f"{SCHEME}    pass\n",
    'Field name "tells"': "class Mine(Shown):\n    tells: bool = True\n",
    "A non-annotated attribute was detected": f"{SCHEME}    most = 8\n",
    "returned nothing instead of a `Layout`, from `show`": f"{SCHEME}{BODY}        pass\n",
    "a value of the type list instead of a `tuple` in `parts`": f"{SCHEME}{BODY}        return Layout([])\n",
    "has a method `show` that has to be awaited": f"{SCHEME}{BODY}        return 1\n".replace(
        "def show", "async def show"
    ),
    "'mappingproxy' object does not support item assignment": f"{SCHEME}{BODY}        notes['a'] = 3\n",
    'must be `Literal["pin"]`': "{PIN}    action: str = 'pin'\n{MINE}    actions = (Pin,)\n",
    "its `actions` must be a tuple": "{PIN}    action: Literal['pin'] = 'pin'\n{MINE}    actions = (Pin)\n",
    "has no `purpose`": "{PIN}    action: Literal['pin'] = 'pin'\n{MINE}    actions = (Pin,)\n",
    "can't hold any text": "{PIN}    purpose = Purpose.WRITE\n    action: Literal['pin'] = 'pin'\n"
    "    n: Annotated[int, Role.TEXT]\n{MINE}    actions = (Pin,)\n",
    "don't write `__init__`": f"{SCHEME}    def __init__(self):\n        self.most = 3\n{BODY}        return 1\n",
    "Instance is frozen": f"{SCHEME}{BODY}        self.most = 3\n",
    "can't be imported: ModuleNotFoundError": f"import nowhere_at_all\n{SCHEME}    pass\n",
}


@pytest.mark.parametrize("told", ERRORS)
def test_the_errors_that_it_explains_are_told_so(relay: Invoke, tmp_path: Path, told: str) -> None:
    assert told in PAGE
    file = tmp_path / "mine.py"
    text = ERRORS[told].replace("{PIN}", PIN).replace("{MINE}", f"{SCHEME}{BODY}        return Layout()\n")
    file.write_text(HEAD + text, encoding="utf-8")
    option = "--truth" if "Shown)" in ERRORS[told] else "--notes"
    found = relay("run", "alien", "-q", option, f"{file}:Mine", "--out", tmp_path / "t")
    assert found.status == 2 and told in found.err and found.err.count("\n") == 1
    assert not (tmp_path / "t").exists()
