"""The prompt of a language model: its parts and their order."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from agents.llm import LanguageModel
from agents.llm.prompt import HANDED_ON, SUMMARY_HANDED_ON, render
from agents.llm.rules import put_together, read_rules, sentences
from relay.commands.statements import review
from relay.components import build
from relay.errors import UsageError
from relay.notation import Scope, count_nodes, read_statement, read_term, read_type
from relay.notation.limits import NUMERAL
from relay.notation.reference import summary
from relay.notation.syntax import Definition
from relay.records.task import Given, Operation, Sort
from relay.researcher.actions import State, answer_schema, note_action
from relay.researcher.answers import read_answer
from relay.researcher.observation import Reply, TenureView, Turn
from relay.researcher.prompting import LAST, SCALARS, last_turn, notation_in_short
from relay.researcher.prompting import render as view_prompt
from relay.researcher.tokens import count_text
from relay.schemes.notes import Ledger
from relay.trial.action_executor import LONGEST_VALUE
from tests.agents.explorer.test_from_text import task, view_of
from tests.listing import listed

LAMPS = Given(
    sorts=(Sort(name="Lamp", size=3),),
    operations=(Operation(name="next", parameters=("Lamp",), result="Lamp", table=(1, 2, 0)),),
)
FIXED = 1_500
"""Largest number of tokens of the fixed part of a prompt."""
OWN = read_rules("rules")


PROBLEMS = "linear_algebra(brief=problems)"
MATCH = {"action": {"const": "match", "type": "string"}, "term": {"type": "string"}}
RECORD = {"action": {"const": "state", "type": "string"}, "record": {"const": True}, "remark": {"type": "string"}}


def seated(name: str, *more: dict[str, Any], text: str = "", **budget: Any) -> TenureView:
    """A view of a task whose schema offers `more` beside what every schema offers. `budget` replaces fields of it."""
    view = view_of(task(name), text=text)
    kinds = [{"properties": {"action": {"const": kind}}} for kind in ("state", "evaluate", "end")]
    items = {"anyOf": [*kinds, *({"properties": properties} for properties in more)]}
    told = {
        "answers": {"properties": {"actions": {"items": items}}},
        "budget": view.observation.budget.model_copy(update=budget),
    }
    return view.model_copy(update={"observation": view.observation.model_copy(update=told)})


def fixed_part(view: TenureView, rules: str = OWN, without: tuple[str, ...] = ()) -> str:
    return render(view, rules, without)[0].content.partition(view.observation.brief.strip())[0]


@pytest.mark.parametrize("name", ["alien", "linear_algebra", PROBLEMS])
def test_the_fixed_part_is_short_and_the_same_for_all(name: str) -> None:
    first, second = (
        seated(name, MATCH, RECORD, seconds=60, money=Decimal(1), text=text) for text in ("", "Entry 1\nwords")
    )
    fixed = fixed_part(first)
    assert count_text(fixed) <= FIXED
    assert render(first, OWN)[0] == render(second, OWN)[0]
    assert "{" not in fixed.replace('{"action', "")


def test_actions_are_told_as_far_as_the_schema_offers_them() -> None:
    recording, matching = '"record": true', '{"action": "match"'
    plain, full = (render(seated("alien", *more), OWN)[0].content for more in ((), (MATCH, RECORD)))
    for told in (recording, matching, "seen(5", "`match`"):
        assert told in full and told not in plain
    assert "`state`, `evaluate` and `match` cost evaluations" in full
    assert "`state` and `evaluate` cost evaluations" in plain
    assert matching not in fixed_part(seated("linear_algebra", MATCH))  # it has no phenomena
    shown = view_prompt(seated("alien", MATCH))[0].content  # without rules, as another program reads it
    assert matching in shown and recording not in shown and shown.count('{"action": "state"') == 1


def test_only_what_is_budgeted_ends_a_life() -> None:
    assert "when your turns or tokens are spent" in fixed_part(seated("alien"))
    assert "when your turns, tokens, seconds or money are spent" in fixed_part(
        seated("alien", seconds=60, money=Decimal(1))
    )


def test_nothing_is_told_of_the_notation_that_a_task_cannot_use() -> None:
    for view in (seated("alien", MATCH, RECORD), seated("alien(q=5)")):
        text = "\n".join(message.content for message in render(view, OWN))
        assert not re.search(r"(?i)scalar|vector|matrix|conj|reals|complexes|\bA\[|\bv\[", text)
    text = fixed_part(seated(PROBLEMS, MATCH, RECORD))
    assert "Element" not in text and "sort" not in text


@pytest.mark.parametrize("name", ["alien", PROBLEMS])
def test_every_form_in_the_prompt_parses(name: str) -> None:
    """Each term or statement in the sentences about the notation is read, with the names that it leaves open."""
    view = seated(name, MATCH, RECORD)
    type = "Element" if name == "alien" else "Scalar"
    text = fixed_part(view).partition("# The notation")[2].partition("\n# ")[0]
    forms = re.findall(r"`([^`]+)`", text.partition("Nodes: ")[2])
    scope = Scope(view.observation.given)
    for source in (f"define f(x: {type}, y: {type}) -> {type} = x", f"define g(x: {type}) -> {type} = x"):
        definition = read_statement(source, scope)
        assert isinstance(definition, Definition)
        scope = Scope(view.observation.given, {**scope.definitions, definition.name: definition})
    words = {"for", "evaluate", "fs[0](x)"}
    assert words < set(forms) and len(forms) >= len(words) + 4
    for form in set(forms) - words:
        if form.startswith("define "):
            read_statement(form, scope)
        elif form.startswith("fs: "):
            read_statement(f"define use({form}, x: {type}) -> {type} = fs[0](x)", scope)
        else:
            free = {} if " for x " in form else {name: read_type(type, view.observation.given) for name in "xy"}
            term = read_term(form, scope, free)
            assert form != "f(x, g(y)) == x" or count_nodes(term) == 6
    if name != "alien":
        read_statement("claim positive over reals (x: Scalar) where x != 0: x * x > 0", scope)
        assert "claim NAME over reals (PARAMETER: TYPE, ...) where TERM: TERM" in text


NAMES = ["counts", "further", "skipped", "cut", "life", "reals", "nodes", "elements", "sizes", "conditions"]
NAMES += ["functions", "limits"]


def test_the_limits_are_those_that_are_kept() -> None:
    assert f"Numerals go up to {NUMERAL:,}." in OWN and f"`evaluate` shows {LONGEST_VALUE:,} characters." in OWN


def test_every_sentence_can_be_left_out_alone() -> None:
    assert list(sentences(OWN)) == NAMES
    for name in NAMES:
        view = seated("linear_algebra" if sentences(OWN)[name] == "scalars" else "alien")
        whole, short = fixed_part(view).splitlines(), fixed_part(view, without=(name,)).splitlines()
        gone = [line for line in whole if line not in short]
        assert gone and [line for line in whole if line and line not in gone] == [line for line in short if line]
        assert f"<!-- {name}" in OWN and "<!--" not in "".join(whole) and "\n\n\n" not in "\n".join(short)


def test_sentences_are_left_out_by_a_field_of_the_agent() -> None:
    agent = LanguageModel.model_validate({"model": "mock/script", "without": ["nodes", "limits"]})
    view = seated("alien")
    assert agent.messages(view) == render(view, OWN, ("nodes", "limits"))
    spelt = build("relay.agents", "llm(model='mock/script', without=[nodes, limits])")
    assert spelt == agent
    with pytest.raises(UsageError, match=r"no sentence `knots`; their sentences are: counts, further,") as told:
        build("relay.agents", "llm(model='mock/script', without=[nodes, knots])")
    assert "\n" not in str(told.value)
    with pytest.raises(UsageError, match=r"no sentence `nodes`; .* none"):
        build("relay.agents", "llm(model='mock/script', rules=probe, without=[nodes])")


def test_rules_of_ones_own_may_have_sentences(tmp_path: Path) -> None:
    rules = tmp_path / "rules.md"
    rules.write_text(
        "One. <!-- a remark -->\n<!-- two -->Two.<!-- /two -->\n"
        "<!-- three if scalars -->\nThree.\n<!-- /three -->\nFour.",
        encoding="utf-8",
    )
    text = read_rules(str(rules))
    assert sentences(text) == {"two": "", "three": "scalars"}
    assert put_together(text, ("scalars",)) == "One. <!-- a remark -->\nTwo.Three.\nFour."
    assert put_together(text, (), ("two",)) == "One. <!-- a remark -->\nFour."
    rules.write_text("<!-- one if matrices -->One.<!-- /one -->", encoding="utf-8")
    with pytest.raises(UsageError, match="a sentence with `if matrices`; the conditions are: scalars, sorts"):
        read_rules(str(rules))


@pytest.mark.parametrize("name", ["alien", "linear_algebra"])
@pytest.mark.parametrize("rules", [OWN, read_rules("probe"), "Be brief."])
def test_the_notation_stands_in_it_once(name: str, rules: str) -> None:
    """The notation, made from the grammar, stands in rules that ask for it; otherwise a summary stands in the task."""
    view = view_of(task(name))
    text, given = render(view, rules)[0].content, view.observation.given
    whole = summary(given.scalars, [sort.name for sort in given.sorts])
    short = notation_in_short(given)
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
    actions = tuple(map(note_action, Ledger().actions)) if notes else ()
    passes = {"note_actions": actions, "passes_messages": messages}
    view = view.model_copy(update={"observation": view.observation.model_copy(update=passes)})
    assert last_turn(view.observation) == f"{LAST}{kept}"
    first, *_, last = render(view, OWN)
    assert f"{LAST}{kept}\nLeft: " in last.content and (HANDED_ON in first.content) == messages


def test_where_a_summary_is_handed_on_the_prompt_says_so() -> None:
    view = view_of(task("alien"))
    passes = {"passes_messages": "summary"}
    first, *_ = render(view.model_copy(update={"observation": view.observation.model_copy(update=passes)}), OWN)
    assert SUMMARY_HANDED_ON in first.content and HANDED_ON not in first.content


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
    worked = OWN.partition("# A turn")[2].splitlines()
    assert "table 1 2 0" in "\n".join(worked)
    answers = [line for line in worked if line.startswith("{")]
    told = [line.partition(". ")[2] for line in worked if line[:1].isdigit()]
    actions = [action for answer in answers for action in read_answer(answer, ())]
    assert len(actions) == len(told) == 4
    statements = [action.source for action in actions if isinstance(action, State)]
    built = task("alien").model_copy(update={"given": LAMPS, "phenomena": (), "concepts": (), "references": ()})
    found = listed(review(built, "\n".join(statements)))
    assert [line for line in told if line != "True"][1:] == [each.verdict.message for each in found[1:]]
    assert told[0] == "defined: twice(x: Lamp) -> Lamp."
    assert told[1] == "True"


def test_the_notation_speaks_of_scalars_only_where_there_are_any() -> None:
    assert "Matrix" in summary(True) and "conj" in summary(True)
    for word in ("Matrix", "Vector", "Scalar", "conj", "vector("):
        assert word not in summary(False)
    assert "\nElement  a sort that" in summary(False) and "\nBool, a sort  every value" in summary(False)
    assert "a sort" not in summary(True, ()) and "\nBool  every value" in summary(True, ())
    assert len(summary(False).splitlines()) == len(summary(True).splitlines()) - 7


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
    assert names == ["state", "state", "evaluate", "match", "end", "record", "note", "strike", "open"]
    for item in items:
        assert item["required"] == list(item["properties"]) and item["additionalProperties"] is False
        for text in item["properties"].values():
            assert "const" in text or text["maxLength"] > 0
