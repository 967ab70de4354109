"""The explorer behind prompts: it reads back the view that was written, and achieves as much as without prompts."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from agents.explorer.from_text import _parts, play, read_prompt
from relay.commands.arguments import task_spec
from relay.components import build
from relay.errors import ModelFault
from relay.records.budget import Budget, Spent
from relay.records.reply_data import OpenedData, StatementData
from relay.records.status import Status
from relay.records.task import Given, Operation, Row, Sort, Task
from relay.researcher.observation import (
    Inheritance,
    Message,
    Observation,
    PublicPhenomenon,
    Reply,
    TenureView,
    Turn,
    number_phenomena,
)
from relay.researcher.prompting import describe_given, render
from relay.researcher.tokens import count_text
from relay.trial.resolve import resolve_condition
from relay.trial.state import TrialState
from relay.trial.trial import run_trial
from tests.agents.explorer.chains import ALIEN, ARRAYS, chain


def view_of(task: Task, *turns: Turn, text: str = "", messages: tuple[Message, ...] = ()) -> TenureView:
    observation = Observation(
        brief=task.brief,
        given=task.given,
        given_text=describe_given(task.given),
        phenomena=tuple(number_phenomena(task, 5).values()),
        inheritance=Inheritance(text=text, messages=messages),
        instructions='Record with {"action": "record", "statement": "..."}.',
        budget=Budget(turns=4, tokens=1_000, evaluations=70),
        statement_size=task.statement_size,
    )
    return TenureView(observation=observation, turns=turns, spent=Spent(turns=len(turns)))


def task(name: str) -> Task:
    built: Task = build("relay.tasks", task_spec(name)).build(3)
    return built


@pytest.mark.parametrize(
    "name", ["alien", "alien(q=5)", "linear_algebra", "linear_algebra(brief=problems)", "examples/counting.yaml"]
)
def test_what_is_given_and_what_is_to_be_explained_is_read_back(name: str) -> None:
    written = view_of(task(name)).observation
    read = read_prompt(render(view_of(task(name)))).observation
    assert read.given.model_dump_json() == written.given.model_dump_json()
    assert read.statement_size == written.statement_size
    assert [p.model_dump_json() for p in read.phenomena] == [p.model_dump_json() for p in written.phenomena]
    assert read.budget.model_dump(exclude={"context"}) == written.budget.model_dump(exclude={"context"})


def test_operations_of_any_number_of_arguments_are_read_back() -> None:
    sorts = (Sort(name="Hue", size=2), Sort(name="Tone", size=3))
    three = tuple(tuple(tuple((a + b + c) % 3 for c in range(2)) for b in range(3)) for a in range(2))
    four = tuple(tuple(three[(a + b) % 2] for b in range(2)) for a in range(2))
    operations = (
        Operation(name="turn", parameters=("Hue",), result="Hue", table=(1, 0)),
        Operation(name="mix", parameters=("Hue", "Tone", "Hue"), result="Tone", table=three),
        Operation(name="blend", parameters=("Hue", "Hue", "Tone", "Hue"), result="Tone", table=four),
    )
    given = Given(sorts=sorts, operations=operations)
    built = task("alien").model_copy(update={"given": given, "phenomena": ()})
    assert read_prompt(render(view_of(built))).observation.given == given


def seen(number: int, parameters: tuple[str, ...], rows: Mapping[Any, object], text: str = "") -> Any:
    shown = tuple(Row(inputs=inputs, output=output) for inputs, output in rows.items())
    return PublicPhenomenon(
        number=number, text=text, parameters=parameters, result="Bool", field="structure", rows=shown
    )


def test_tables_of_all_kinds_are_read_back_in_the_order_of_their_numbers() -> None:
    given = Given(sorts=(Sort(name="Hue", size=2), Sort(name="Tone", size=3)))
    whole = {(a, b): a == b for a in range(2) for b in range(3)}
    partly = {point: value for point, value in whole.items() if point not in ((0, 1), (1, 2))}
    phenomena = (
        seen(1, ("Hue", "Tone"), whole, "two"),
        seen(2, ("Tone",), {(0,): True, (1,): False, (2,): True}, "one"),
        seen(3, ("Hue", "Tone"), partly, "two"),
        seen(4, ("Hue", "Tone"), dict(reversed(whole.items())), "out of order"),
        seen(5, ("Hue", "Tone"), {(0, 0): True}, "fewer than half"),
        seen(6, ("Hue", "Hue", "Hue"), {(a, b, b): True for a in range(2) for b in range(2)}, "three"),
        seen(7, ("Nat",), {(0,): True, (1,): False}, "no sort"),
        seen(8, (), {(): True}, "no arguments"),
    )
    view = view_of(task("alien").model_copy(update={"phenomena": ()}))
    told = {"given": given, "given_text": describe_given(given), "phenomena": phenomena}
    prompt = render(view.model_copy(update={"observation": view.observation.model_copy(update=told)}))
    text = prompt[0].content
    assert text.count("Tables, (Hue, Tone) -> Bool.") == text.count("Tables, (Tone) -> Bool.") == 1
    assert "\n\n2. True False True\n\n" in text
    assert "\n\n3.\n0: True . False\n1: False True .\n\n" in text
    assert "\n\n5. fewer than half (Hue, Tone) -> Bool\n0, 0 -> True\n\n" in text
    assert text.count("A value that is not shown is `.`.") == 2
    assert read_prompt(prompt).observation.phenomena == phenomena


def test_the_tables_of_a_hard_theory_cost_half_of_what_rows_did() -> None:
    """Row by row they had 3,708 tokens."""
    text = render(view_of(task("alien(q=5, layers=10, width=4, term_size=3)")))[0].content
    assert count_text(text.partition("To be explained:")[2]) <= 3_708 // 2


def test_turns_and_notes_are_read_back() -> None:
    answer = '{"actions": [{"action": "state", "source": "a"}, {"action": "state", "source": "b"}]}'
    turn = Turn(
        answer=answer,
        replies=(
            Reply(action="state", ok=True, text="defined: f(x: Element) -> Element. It explains phenomenon 2, 3."),
            Reply(action="state", ok=False, text="refuted: x = 1\n2. is not a reply"),
        ),
    )
    lost = Turn(answer="words", replies=(Reply(action="", ok=False, text="The turn is lost: it has no actions"),))
    earlier = (Message(role="user", content="Notes left for you:\n\nold"), Message(role="assistant", content="{}"))
    read = read_prompt(render(view_of(task("alien"), turn, lost, text="Entry 1\nwords", messages=earlier)))
    assert read.observation.inheritance == Inheritance(text="Entry 1\nwords", messages=earlier)
    assert [(r.ok, r.data) for r in read.turns[0].replies] == [
        (True, StatementData(status=Status.DEFINED, explained=(2, 3))),
        (True, StatementData(status=Status.REFUTED)),
    ]
    assert read.turns[1].replies == ()
    assert (read.spent.turns, read.observation.budget.turns) == (2, 4)


@pytest.mark.parametrize(("task", "notes"), [(ALIEN, "ledger"), (ALIEN, "wiki"), (ARRAYS, "ledger(cap=400)")])
def test_what_the_note_scheme_says_as_data_is_read_from_its_words(task: str, notes: str) -> None:
    for observation in chain(task, notes).observed:
        read = read_prompt(render(TenureView(observation=observation, turns=(), spent=Spent()))).observation
        assert read.inheritance == observation.inheritance
        assert read.note_actions == observation.note_actions
        assert read.notes_room == observation.notes_room


def test_a_statement_that_recorded_itself_is_read_back() -> None:
    answer = '{"actions": [{"action": "state", "source": "a", "record": true, "remark": "b"}]}'
    told = "defined: f(x: Element) -> Element. It explains phenomenon 3. Recorded as 1.1.2; shown. The page is 2% full."
    turn = Turn(answer=answer, replies=(Reply(action="state", ok=True, text=told),))
    read = read_prompt(render(view_of(task("alien"), turn))).turns[0].replies[0]
    assert read.data == StatementData(status=Status.DEFINED, explained=(3,))


def test_only_what_stands_as_an_action_is_one() -> None:
    view = view_of(task("alien"))
    words = 'Say {"action": "state", "source": "...", "record": true} to record a "note".'
    view = view.model_copy(update={"observation": view.observation.model_copy(update={"instructions": words})})
    assert read_prompt(render(view)).observation.note_actions == ()


@pytest.mark.parametrize(
    ("action", "head"),
    [("open", "Entry 1.1.2"), ("open", "Entry 1.1.2 (its author: guess)"), ("view", "Page [1.1.2] A: b, 2 lines")],
)
def test_an_opened_note_is_read_back(action: str, head: str) -> None:
    answer = json.dumps({"actions": [{"action": action, "id": "1.1.2"}]})
    turn = Turn(answer=answer, replies=(Reply(action=action, ok=True, text=f"{head}:\nits\ntext"),))
    read = read_prompt(render(view_of(task("alien"), turn)))
    assert read.turns[0].replies[0].data == OpenedData(id="1.1.2", text="its\ntext")


def test_actions_that_were_skipped_or_are_told_in_one_line_keep_their_places() -> None:
    actions = [{"action": "state", "source": source} for source in "abcdef"]
    texts = ["ill_formed: no", "", "defined: f4() -> Nat.\n2. is no reply", "", "", "proved"]
    replies = tuple(
        Reply(action="state", ok=False, text=text, needs="g2" if number in (2, 5) else "")
        for number, text in enumerate(texts, 1)
    )
    turn = Turn(answer=json.dumps({"actions": actions}), replies=replies)
    read = read_prompt(render(view_of(task("alien"), turn))).turns[0].replies
    last = read[5].text.partition("\n")[0]
    assert [*(reply.text for reply in read[:5]), last] == texts
    # where there are too many to be named, the rest is found by what is there
    told = "2. proved\n5. proved\nSkipped, at no cost, for want of names that were not defined: 1 and 3 more."
    parts = _parts(told, 6)
    assert [part.partition("\n")[0] for part in parts] == ["", "proved", "", "", "proved", ""]


def test_one_of_everything_is_read_too() -> None:
    view = view_of(task("alien"))
    budget = Budget(turns=1, tokens=1, evaluations=1)
    prompt = render(view.model_copy(update={"observation": view.observation.model_copy(update={"budget": budget})}))
    assert prompt[-1].content.endswith("Left: 1 turn, 1 token, 1 evaluation.")
    assert read_prompt(prompt).observation.budget.turns == 1


def test_a_prompt_that_is_none_is_a_fault_of_the_model() -> None:
    with pytest.raises(ModelFault, match="can't read"):
        asyncio.run(play([Message(role="user", content="hello")], 100, 1))


def test_it_gets_as_far_as_the_explorer_itself(tmp_path: Path) -> None:
    def established(agent: object, directory: Path) -> int:
        condition = resolve_condition("alien", agent=agent, generations=3, seed=3)  # type: ignore[arg-type]
        state: TrialState = asyncio.run(run_trial(condition, directory))
        return len(state.discoveries.established)

    through = established({"name": "llm", "parameters": {"model": "mock/explorer"}}, tmp_path / "through")
    assert through >= 0.9 * established("explorer", tmp_path / "itself") > 0
