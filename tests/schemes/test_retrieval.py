"""`retrieval`: atomic notes, and the best of them for a researcher's own words."""

from __future__ import annotations

from pathlib import Path

from relay.records.budget import Budget
from relay.records.reader import TrialReader
from relay.researcher.tokens import count_text
from relay.schemes.notes.note import Note
from relay.schemes.notes.retrieval import Retrieval
from tests.schemes.test_letter import fenced, pages
from tests.trial.helpers import of_type, state
from tests.trial.toy import EIGHTH, FOURTH, SQUARE


def file(text: str, sure: str = "") -> dict[str, str]:
    return {"action": "file", "text": text, "sure": sure}


def search(query: str) -> dict[str, str]:
    return {"action": "search", "query": query}


FILLED = [
    state(SQUARE), state(FOURTH), state(EIGHTH),
    file(f"Squares come first.\n{fenced(SQUARE)}", "certain"), file(f"Fourth powers.\n{fenced(FOURTH)}"),
    file(f"Eighth powers, of no use.\n{fenced(EIGHTH)}"),
    file("Turtles " + "word " * 70), file("Newest " + "word " * 70),
]  # fmt: skip
USE = state("claim (x: Element): eighth(x) == fourth(square(x))")


def notes_of(*texts: str) -> dict[str, Note]:
    return {f"1.1.{at}": Note(id=f"1.1.{at}", version=1, author="g1-t1", text=text) for at, text in enumerate(texts, 1)}


def test_a_successor_begins_with_the_newest_that_fit(tmp_path: Path) -> None:
    answers = [FILLED, []]
    shown = pages(tmp_path / "a", answers, notes="retrieval(k=1, cap=400)", generations=2)
    first, second = (event for event in of_type(tmp_path / "a", "shown"))
    assert first.notes == () and second.notes and second.listed == ()
    assert shown[1].startswith("Note [1.1.5]")
    assert second.dropped_count + len(second.notes) == 5


def test_who_states_anew_what_only_a_search_could_find_has_found_it(tmp_path: Path) -> None:
    """The log does not name the notes that can only be found, and its reader computes the same measures."""
    answers = [FILLED, [state(SQUARE), state("define other(x: Element) -> Element = op(x, square(x))")]]
    pages(tmp_path / "a", answers, notes="retrieval(k=1, cap=100)", generations=2)
    TrialReader.open(tmp_path / "a").read()
    last = of_type(tmp_path / "a", "generation_ended")[-1]
    assert last.measures["orientation_evaluations"] == 1.0


def test_a_search_shows_unread_notes_in_full_and_logs_each_as_opened(tmp_path: Path) -> None:
    long = [*FILLED, *(file("filler " * 50) for _ in range(8))]
    answers = [long, [USE, search("EIGHTH powers"), USE, search("eighth"), search("zebra"), search(" ")]]
    pages(tmp_path / "a", answers, notes="retrieval(k=1, cap=400)", generations=2)
    opened = [event.note.id for event in of_type(tmp_path / "a", "note_opened")]
    assert opened[:3] == ["1.1.1", "1.1.2", "1.1.3"], "what is called comes first"
    acted = [event for event in of_type(tmp_path / "a", "acted") if event.generation == 2]
    assert [event.ok for event in acted][:3] == [False, True, True]
    found = acted[1]
    assert found.reply.startswith("The best of ") and "Entry 1.1.1 (its author: certain):\nSquares" in found.reply
    assert [one.id for one in found.data.opened] == ["1.1.1", "1.1.2", "1.1.3"]
    assert all(one.text in found.reply for one in found.data.opened)
    assert not acted[4].ok and "has any of these words: `zebra`" in acted[4].reply and not acted[5].ok


def test_what_a_search_can_find_is_retained_if_a_tenure_could_open_it(tmp_path: Path) -> None:
    long = [*FILLED, *(file("filler " * 50) for _ in range(8))]
    pages(tmp_path / "a", [long, []], notes="retrieval(cap=400)", generations=1)
    (ended,) = of_type(tmp_path / "a", "generation_ended")
    assert ended.retained == ("eighth", "fourth", "square")
    budget = Budget(turns=1, tokens=40_000, context=6_000, evaluations=60)
    pages(tmp_path / "b", [long, []], notes="retrieval(cap=400)", generations=1, budget=budget)
    (ended,) = of_type(tmp_path / "b", "generation_ended")
    assert ended.retained == ()  # with one turn nothing that is opened can be used


def test_equals_are_ordered_from_the_newest(tmp_path: Path) -> None:
    answers = [[file(f"same words {'filler ' * 40}") for _ in range(12)], [search("same words")]]
    pages(tmp_path / "a", answers, notes="retrieval(k=3, cap=400)", generations=2)
    second = of_type(tmp_path / "a", "shown")[1]
    newest = 12 - len(second.notes)
    opened = [event.note.id for event in of_type(tmp_path / "a", "note_opened")]
    assert opened == [f"1.1.{newest - at}" for at in range(3)]


def test_a_search_shows_as_many_notes_as_there_is_room_for(tmp_path: Path) -> None:
    answers = [[file(f"same {'filler ' * 48}") for _ in range(26)], [search("same")]]
    pages(tmp_path / "a", answers, notes="retrieval(k=64, cap=400)", generations=2)
    found = of_type(tmp_path / "a", "acted")[-2]
    opened = of_type(tmp_path / "a", "note_opened")
    assert found.ok and 0 < len(opened) == len(found.data.opened) < 20
    assert f"({26 - len(of_type(tmp_path / 'a', 'shown')[1].notes) - len(opened)} more found" in found.reply
    assert not found.reply.endswith("may have 1,500 tokens)")


def test_a_note_is_about_one_thing(tmp_path: Path) -> None:
    pages(tmp_path / "a", [[file("word " * 400), file("")]], notes="retrieval", generations=1)
    long, empty = (event.reply for event in of_type(tmp_path / "a", "acted")[:2])
    assert long == "The note has 500 tokens, and may have 250: write one note about each thing."
    assert empty == "A note needs a text."


def test_the_page_is_not_longer_than_its_cap_and_names_what_is_older() -> None:
    notes = notes_of(*(f"note {at} " + "word " * 20 for at in range(20)))
    layout = Retrieval(cap=200).show(notes, 1_000, count_text)
    assert layout.searchable and layout.openable == layout.dropped and not layout.listed
    assert layout.parts[-1].text == f"{len(layout.dropped)} notes older; search for them."
    assert [note.id for note in layout.shown] == [f"1.1.{20 - at}" for at in range(len(layout.shown))]
