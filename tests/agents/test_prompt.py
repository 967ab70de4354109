"""The prompt of a language model: its parts and their order."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from agents.llm import LanguageModel
from agents.llm.prompt import HANDED_ON, render
from agents.llm.rules import read_rules
from relay.commands.statements import review
from relay.errors import UsageError
from relay.notation.reference import summary
from relay.records.task import Given, Operation, Sort
from relay.researcher.actions import answer_schema
from relay.researcher.answers import read_answer
from relay.researcher.observation import Reply, Turn
from relay.researcher.prompting import LAST, SCALARS, last_turn, notation_in_short
from relay.researcher.tokens import count_text
from relay.schemes.notes import Ledger
from tests.agents.explorer.test_from_text import task, view_of
from tests.listing import listed

LAMPS = Given(
    sorts=(Sort(name="Lamp", size=3),),
    operations=(Operation(name="next", parameters=("Lamp",), result="Lamp", table=(1, 2, 0)),),
)
FIXED = 1_500
"""Largest number of tokens of the fixed part of a prompt."""
OWN = read_rules("rules")


@pytest.mark.parametrize("name", ["alien", "linear_algebra"])
def test_the_fixed_part_is_short_and_the_same_for_all(name: str) -> None:
    first, second = (render(view_of(task(name), text=text), OWN) for text in ("", "Entry 1\nwords"))
    fixed = first[0].content.partition(task(name).brief.strip())[0]
    assert count_text(fixed) <= FIXED
    assert second[0] == first[0]
    assert "{" not in fixed.replace('{"action', "")


@pytest.mark.parametrize("name", ["alien", "linear_algebra"])
@pytest.mark.parametrize("rules", [OWN, read_rules("probe"), "Be brief."])
def test_the_notation_stands_in_it_once(name: str, rules: str) -> None:
    """The notation, made from the grammar, stands in rules that ask for it; otherwise a summary stands in the task."""
    view = view_of(task(name))
    text, given = render(view, rules)[0].content, view.observation.given
    whole, short = summary(given.scalars), notation_in_short(given)
    assert [text.count(whole), text.count(short)] == [1, 0] if "{notation}" in rules else [0, 1]
    assert text.count("implies(") == 1 and (SCALARS in text) == given.scalars


@pytest.mark.parametrize(
    ("notes", "messages", "kept"),
    [
        (True, False, ": what is not in the notes after it is lost."),
        (True, True, ": what is neither in the notes nor in this conversation after it is lost."),
        (False, True, ": what is not in this conversation after it is lost."),
        (False, False, "."),
    ],
)
def test_the_last_turn_is_announced_with_what_is_lost(notes: bool, messages: bool, kept: str) -> None:
    view = view_of(task("alien")).model_copy(update={"last": True})
    passes = {"passes_notes": notes, "passes_messages": messages}
    view = view.model_copy(update={"observation": view.observation.model_copy(update=passes)})
    assert last_turn(view.observation) == f"{LAST}{kept}"
    first, *_, last = render(view, OWN)
    assert f"{LAST}{kept}\nLeft: " in last.content and (HANDED_ON in first.content) == messages


def test_a_prompt_grows_at_its_end() -> None:
    turn = Turn(answer="{}", replies=(Reply(action="end", ok=True, text="words"),))
    views = [
        view_of(task("alien"), *[turn] * count).model_copy(update={"last": count == 3})  # as the engine says
        for count in range(4)
    ]
    prompts = ["\n".join(message.content for message in render(view, OWN)) for view in views]
    for shorter, longer in pairwise(prompts):
        assert longer.startswith(shorter.rpartition("\n\n")[0])
    assert [LAST in prompt for prompt in prompts] == [False, False, False, True]


def test_the_worked_turns_are_true() -> None:
    """Each example of an answer in the rules can be read, and each example of a reply is the engine's own text."""
    worked = OWN.partition("# Two turns")[2].splitlines()
    assert "table 1 2 0" in "\n".join(worked)
    answers = [line for line in worked if line.startswith("{")]
    told = [line.partition(". ")[2] for line in worked if line[:1].isdigit()]
    actions = [action for answer in answers for action in read_answer(answer, ())]
    assert len(actions) == len(told) == 4
    statements = [action.source for action in actions if action.action == "state"]
    built = task("alien").model_copy(update={"given": LAMPS, "phenomena": (), "concepts": (), "references": ()})
    found = listed(review(built, "\n".join(statements)))
    assert [line for line in told if line != "True"][1:] == [each.verdict.message for each in found[1:]]
    assert told[0] == "defined: twice(x: Lamp) -> Lamp."
    assert told[1] == "True"


def test_the_notation_speaks_of_scalars_only_where_there_are_any() -> None:
    assert "Matrix" in summary(True) and "conj" in summary(True)
    for word in ("Matrix", "Vector", "conj", "vector("):
        assert word not in summary(False)
    assert "a sort    every value" in summary(False)


def test_rules_may_be_replaced(tmp_path: Path) -> None:
    rules = tmp_path / "rules.md"
    rules.write_text("Be brief.\n\n{actions}\n", encoding="utf-8")
    agent = LanguageModel.model_validate({"model": "mock/script", "rules": str(rules)})
    content = agent.messages(view_of(task("alien")))[0].content
    assert content.startswith('Be brief.\n\n  {"action": "state"')
    with pytest.raises(UsageError, match="can't be read"):
        LanguageModel.model_validate({"model": "mock/script", "rules": "nowhere.md"}).messages(view_of(task("alien")))


def test_the_schema_of_an_answer_has_every_action_and_bounds_every_text() -> None:
    schema = answer_schema(Ledger().actions)
    items = schema["properties"]["actions"]["items"]["anyOf"]
    names = [item["properties"]["action"]["const"] for item in items]
    assert names == ["state", "state", "evaluate", "end", "record", "note", "strike", "open"]
    for item in items:
        assert item["required"] == list(item["properties"]) and item["additionalProperties"] is False
        for text in item["properties"].values():
            assert "const" in text or text["maxLength"] > 0
