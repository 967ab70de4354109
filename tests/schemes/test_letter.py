"""`letter`: one bounded letter, rewritten at each hand-over; with several researchers one a place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from agents.human.page import still_left
from relay.records.events import NoteChanged
from relay.researcher.observation import TenureView
from relay.researcher.prompting import render
from relay.researcher.tokens import count_text
from relay.researcher.turn import TurnContext
from relay.schemes.notes.letter import Letter
from relay.schemes.notes.note import Note
from tests.trial.helpers import condition, of_type, run, scripted, state
from tests.trial.puppets import puppet
from tests.trial.toy import FOURTH, SQUARE


def letter(text: str, sure: str = "") -> dict[str, str]:
    return {"action": "letter", "text": text, "sure": sure}


def add(text: str) -> dict[str, str]:
    return {"action": "add", "text": text}


def fenced(source: str) -> str:
    return f"```relay\n{source}\n```"


def pages(where: Path, answers: list[Any], **options: Any) -> list[str]:
    """The pages that the tenures of a trial were shown; each tenure gives the answer of its place in the trial."""
    shown: list[str] = []

    def answer(view: TenureView, turn: TurnContext) -> str:
        if view.turns:
            return '{"actions": [{"action": "end"}]}'
        shown.append(view.observation.inheritance.text)
        return json.dumps({"actions": answers[min(len(shown), len(answers)) - 1]})

    run(where, condition(agent=puppet("writer", answer), **options))
    return shown


def test_a_letter_replaces_the_one_before_which_stays_in_the_log(tmp_path: Path) -> None:
    answers = [[state(SQUARE), letter(f"First.\n{fenced(SQUARE)}", "likely")], [letter("Second.")], []]
    shown = pages(tmp_path / "a", answers, notes="letter", generations=3)
    assert shown[1].startswith("Letter [letter-1] (by researcher 1 of generation 1; likely)\nFirst.")
    assert "Second." in shown[2] and "First." not in shown[2] and "likely" not in shown[2]
    changes = [event for event in of_type(tmp_path / "a", "note_changed") if event.applied]
    assert [(event.version, event.data) for event in changes] == [(1, {"sure": "likely"}), (2, {})]
    assert [ref.version for ref in changes[1].parents] == [1] and len(changes[0].statements) == 1


def test_a_researcher_is_told_which_letter_is_its_own(tmp_path: Path) -> None:
    seen: dict[int, list[str]] = {1: [], 3: []}
    for width, prompts in seen.items():

        def answer(view: TenureView, turn: TurnContext, prompts: list[str] = prompts) -> str:
            prompts.append(render(view)[-1].content)
            assert view.observation.place in still_left(view)
            return json.dumps({"actions": [letter(f"Words. {view.observation.place}")]})

        run(tmp_path / str(width), condition(agent=puppet("placed", answer), notes="letter", width=width))
    assert not any("Yours is" in prompt for prompt in seen[1])
    assert len(seen[3]) == 27
    for prompt in seen[3]:
        assert any(f"\nYours is the letter of place {n} of 3, letter-{n}.\n" in prompt for n in (1, 2, 3))
    written = of_type(tmp_path / "3", "note_changed")
    assert {event.id for event in written} == {"letter-1", "letter-2", "letter-3"}
    assert all(event.text.endswith(f" of 3, {event.id}.") for event in written)


def test_another_word_for_how_sure_one_is_loses_no_letter(tmp_path: Path) -> None:
    shown = pages(tmp_path / "a", [[letter("Words.", "proved")], []], notes="letter", generations=2)
    assert "Words." in shown[1] and "proved" not in shown[1]


def test_a_letter_that_nobody_rewrites_stays_and_can_be_added_to(tmp_path: Path) -> None:
    answers = [[state(SQUARE), letter(fenced(SQUARE))], [], [state(FOURTH), add(fenced(FOURTH))], []]
    shown = pages(tmp_path / "a", answers, notes="letter", generations=4)
    assert shown[2] == shown[1] != ""
    assert SQUARE in shown[3] and FOURTH in shown[3]
    assert len(of_type(tmp_path / "a", "shown")[3].readable) == 2


def test_each_place_has_its_letter_under_one_cap(tmp_path: Path) -> None:
    answers = [[letter("word\n" * 200)] for _ in range(3)] + [[letter("word " * 200)]]
    shown = pages(tmp_path / "a", answers, notes="letter(cap=600)", width=3, generations=2)
    assert shown[:3] == ["", "", ""] and shown[3] == shown[4] == shown[5]
    assert count_text(shown[3]) <= 600 and [f"[letter-{number}]" in shown[3] for number in (1, 2, 3)] == [True] * 3
    for event in of_type(tmp_path / "a", "acted"):
        if event.action["action"] == "letter":
            lines = event.generation == 1
            assert event.ok == lines and ("of 187 tokens" if lines else "may have 187: nothing is") in event.reply


def test_of_a_letter_that_is_too_long_whole_lines_are_kept(tmp_path: Path) -> None:
    text = "\n".join(["word " * 10] * 4 + [fenced(SQUARE)] + ["word " * 10] * 30)
    shown = pages(tmp_path / "a", [[state(SQUARE), letter(text)], []], notes="letter(cap=200)", generations=2)
    assert SQUARE in shown[1] and count_text(shown[1]) <= 200 < count_text(shown[1] + "word " * 12)
    (reply,) = [event.reply for event in of_type(tmp_path / "a", "acted") if event.action["action"] == "letter"]
    assert "too long: only its first 1" in reply and "lines are kept" in reply
    assert len(of_type(tmp_path / "a", "shown")[1].readable) == 1


def test_what_does_not_fit_at_the_end_of_a_letter_changes_nothing(tmp_path: Path) -> None:
    agent = scripted([letter("Kept."), add("word " * 500)], [])
    run(tmp_path / "a", condition(agent=agent, notes="letter(cap=200)", generations=1))
    assert [event.ok for event in of_type(tmp_path / "a", "acted")][:2] == [True, False]
    assert [event.text for event in of_type(tmp_path / "a", "note_changed")] == ["Kept."] * 2


def test_a_letter_that_its_author_was_not_shown_is_replaced_too() -> None:
    there = {"letter-2": Note(id="letter-2", version=4, author="g4-t2", text="old")}
    change = NoteChanged(id="letter-2", version=1, author="g6-t2", text="new", applied=False)
    merged = Letter().merge(there, change)
    assert (merged.id, merged.version, merged.conflict) == ("letter-2", 5, False) and merged.parents[0].version == 4
    other = Letter().merge(there, change.model_copy(update={"author": "g6-t1"}))
    assert other.conflict and other.id == "letter-2.g6-t1"


def test_two_letters_may_give_one_name_two_meanings(tmp_path: Path) -> None:
    one, two = (f"define f(x: Element) -> Element = op(x, {body})" for body in ("x", "op(x, x)"))
    answers = [[state(source), letter(fenced(source))] for source in (one, two)]
    three = "define h(x: Element) -> Element = f_2(f(x))"
    answers += [[], [state(three), add(fenced(three))], []]
    shown = pages(tmp_path / "a", answers, notes="letter", width=2, generations=3)
    assert "`f` is `f_2`" in shown[2] and "define f_2(x" in shown[2]
    # the second place adds to its own letter: there `f` is what it reads as `f_2`
    event = next(event for event in of_type(tmp_path / "a", "note_changed") if event.generation == 2)
    assert "define f_2(x" in event.text and len(event.statements) == 2 and "`f` is" not in event.text
    assert len(of_type(tmp_path / "a", "shown")[-1].readable) == 3
