"""What a researcher is told of an answer that was cut, of actions that were skipped, and of replies that were cut."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from relay.records.budget import Budget
from relay.researcher.observation import Answer, Message, TenureView
from relay.researcher.turn import TurnContext
from tests.trial.helpers import condition, of_type, record, run, scripted, state
from tests.trial.puppets import Puppet, puppet
from tests.trial.toy import FOURTH, LAW, SQUARE

END = '{"actions": [{"action": "end"}]}'
VALUE = {"action": "evaluate", "term": "square(1)"}


def heard(where: Path, *answers: Any, **options: Any) -> list[str]:
    """The text of the replies to the first of `answers`, as the next prompt has it."""
    prompts: list[tuple[Message, ...]] = []

    def say(view: TenureView, turn: TurnContext) -> Any:
        prompts.append(Puppet(name="says").messages(view))
        return answers[len(view.turns)] if len(view.turns) < len(answers) else END

    run(where, condition(agent=puppet("says", say), generations=1, **options))
    return prompts[1][-1].content.rpartition("\n\n")[0].splitlines()


def test_a_cut_answer_is_told_in_one_line(tmp_path: Path) -> None:
    text = json.dumps({"actions": [state(SQUARE), state(LAW), state(FOURTH)]})
    cut = Answer(text=text[: text.index("fourth")], finish_reason="length")
    assert heard(tmp_path / "a", cut) == [
        "1. defined: square(x: Element) -> Element. It explains phenomenon 1, 2.",
        "2. holds",
        "Your answer was cut off after action 2; nothing of the rest was done.",
    ]
    (event,) = of_type(tmp_path / "a", "cut")
    assert (event.whole, event.about) == (2, None) and not of_type(tmp_path / "a", "fault")


def test_of_an_answer_beyond_its_allowance_it_is_told_how_much_was_lost(tmp_path: Path) -> None:
    budget = Budget(turns=3, tokens=40_000, context=6_000, evaluations=60, answer=100, reserve=50)
    long = json.dumps({"actions": [state(SQUARE), *[state(f"{LAW} # {number}") for number in range(60)]]})
    lines = heard(tmp_path / "a", long, budget=budget)
    (event,) = of_type(tmp_path / "a", "cut")
    assert 3 <= event.whole <= 6 and event.about == 61
    assert lines[-1] == f"Your answer was cut after action {event.whole} of about 61; nothing of the rest was done."
    answered = of_type(tmp_path / "a", "answered")[0]
    assert (answered.tokens_out, answered.finish_reason) == (100, "too_long") and answered.text == long
    assert answered.excess == -(-len(long) // 4) + 4 - 100
    assert len(of_type(tmp_path / "a", "judged")) == event.whole


def test_what_needs_a_definition_that_failed_is_skipped_free_of_charge(tmp_path: Path) -> None:
    actions = [
        state("define square(x: Element) -> Element = nothing(x)"),  # 1 fails
        state(FOURTH),  # 2 needs it
        state("define eighth(x: Element) -> Element = fourth(fourth(x))"),  # 3 needs what was skipped
        VALUE,  # 4
        record("square", "of no use"),  # 5
        state("claim (square: Element): op(square, square) == op(square, square)"),  # 6 does not need it: a variable
        state("define fine(x: Element) -> Element = op(x, x)"),  # 7
        state("define square(x: Element) -> Element = op(x, x)"),  # 8 a second attempt
        VALUE,  # 9
    ]
    lines = heard(tmp_path / "a", json.dumps({"actions": actions}))
    assert lines[-1] == "Skipped, at no cost: 2, 4 to 5 for want of `square`; 3 for want of `fourth`."
    assert [line.partition(".")[0] for line in lines[:-1]] == ["1", "6", "7", "8", "9"]
    acted = of_type(tmp_path / "a", "acted")
    assert [event.needs for event in acted[:9]] == ["", "square", "fourth", "square", "square", "", "", "", ""]
    assert of_type(tmp_path / "a", "tenure_ended")[0].spent.evaluations == 5


def test_ninety_skipped_actions_are_one_short_line(tmp_path: Path) -> None:
    actions = [state(f"define f{number}(x: Element) -> Element = f{number}a(x)") for number in range(9)]
    actions += [state(f"claim (x: Element): f{number % 9}(x) == x") for number in range(90)]
    lines = heard(tmp_path / "a", json.dumps({"actions": actions}), budget=Budget(context=16_000))
    assert lines[-1] == "Skipped, at no cost, for want of names that were not defined: 10 to 99."


def test_long_replies_are_cut_to_a_share_of_the_context_and_say_so(tmp_path: Path) -> None:
    long = {"action": "evaluate", "term": "[" + ", ".join(["op(1, 2)"] * 90) + "]"}
    term = {"action": "evaluate", "term": f"[{'op(' * 9}x{', x)' * 9} for x in Element]"}
    lines = heard(tmp_path / "a", json.dumps({"actions": [term] * 120 + [long]}), budget=Budget(context=12_000))
    said = "\n".join(lines)
    assert len(said.encode()) / 4 < 12_000 / 4 + 60
    assert "... (cut: the replies to one answer may have 3,000 tokens)" in said
    assert lines[-1].startswith("Done, but the reply is cut for want of room: ") and lines[-1].endswith(" to 121.")
    acted = of_type(tmp_path / "a", "acted")[:121]
    assert acted[0].data is not None and all(event.data is None for event in acted if "(cut" in event.reply[-80:])
    assert acted[-1].data is None  # data tell no more than the text does
    assert all(event.evaluations >= 1 for event in acted)  # they were carried out


@pytest.mark.parametrize("reserve", [None, 900])
def test_the_reserve_can_be_budgeted_and_is_told(tmp_path: Path, reserve: int | None) -> None:
    told: list[str] = []

    def say(view: TenureView, turn: TurnContext) -> Any:
        told.append(Puppet(name="says").messages(view)[-1].content.splitlines()[-1])
        return Answer(text='{"actions": []}'.ljust(4 * turn.max_tokens), tokens_out=turn.max_tokens)

    budget = Budget(turns=40, context=4_000, tokens=100_000, evaluations=9, reserve=reserve)
    run(tmp_path, condition(agent=puppet("says", say), budget=budget, generations=1))
    assert all("Your answer may have at most " in line for line in told)
    room = [int(line.split()[-2].replace(",", "")) for line in told]
    context = [int(re.search(r"of 4,000 tokens has ([\d,]+) left", line)[1].replace(",", "")) for line in told]  # type: ignore[index]
    assert all(most < left for most, left in zip(room[:-1], context[:-1], strict=True)) and room[-1] <= context[-1]
    last = room[-1]
    assert (reserve or 500) <= last and told[-1].startswith("Left: 1 turn (as many as the context allows), ")


def test_of_several_names_none_is_recorded_in_an_older_meaning(tmp_path: Path) -> None:
    again = state("define square(x: Element) -> Element = nothing(x)")
    first, second = [state(SQUARE), state(FOURTH)], [again, record("square, fourth"), record("fourth")]
    run(tmp_path, condition(agent=scripted(first, second), generations=1))
    assert [event.needs for event in of_type(tmp_path, "acted")][2:5] == ["", "square", ""]
    assert len(of_type(tmp_path, "note_changed")) == 2  # one, and its copy in the store


def test_a_report_of_absurdly_many_tokens_leaves_a_log_that_can_be_read(tmp_path: Path) -> None:
    def answer(view: TenureView, turn: TurnContext) -> Answer:
        return Answer(text=END, tokens_in=10**4_300, tokens_out=10**4_300)

    run(tmp_path, condition(agent=puppet("absurd", answer), generations=2))
    assert all(event.excess < 10**10 for event in of_type(tmp_path, "answered"))
