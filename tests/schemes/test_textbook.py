"""`textbook`: ordered chapters under a cap, rewritten to fit."""

from __future__ import annotations

import re
from pathlib import Path

from relay.records.events import NoteChanged
from relay.researcher.tokens import count_text
from relay.schemes.notes.naming import read_parts
from relay.schemes.notes.note import Note
from relay.schemes.notes.textbook import Textbook
from tests.schemes.test_letter import add, fenced, pages
from tests.trial.helpers import of_type, state
from tests.trial.toy import FOURTH, SQUARE


def chapter(title: str, text: str, **more: str) -> dict[str, str]:
    return {"action": "chapter", "title": title, "text": text, **more}


def rewrite(id: str, text: str, **more: str) -> dict[str, str]:
    return {"action": "rewrite", "id": id, "text": text, **more}


def remove(id: str) -> dict[str, str]:
    return {"action": "remove", "id": id}


def titles(page: str) -> list[str]:
    return re.findall(r"^Chapter \[\S+\] (.*?) \(by", page, re.MULTILINE)


def replies(where: Path, *kinds: str) -> list[tuple[bool, str]]:
    return [(event.ok, event.reply) for event in of_type(where, "acted") if event.action["action"] in kinds]


def test_chapters_stand_in_the_order_that_their_authors_gave_them(tmp_path: Path) -> None:
    answers = [
        [chapter("Three", "c"), chapter("One", "a", after=""), chapter("Two", "b", after="1.1.2")],
        [
            chapter("Between", "d", after="1.1.1"),
            remove("1.1.2"),
            chapter("Last", "e", sure="guess"),
        ],
        [],
    ]
    shown = pages(tmp_path / "a", answers, notes="textbook", generations=3)
    assert titles(shown[1]) == ["Three", "One", "Two"]
    assert titles(shown[2]) == ["Three", "Between", "Two", "Last"] and "generation 2; guess)" in shown[2]


def test_what_would_exceed_the_cap_is_refused_with_both_numbers(tmp_path: Path) -> None:
    answers = [[chapter("A", "word " * 150)], [chapter("B", "word " * 150), rewrite("1.1.1", "short"), add("more")], []]
    shown = pages(tmp_path / "a", answers, notes="textbook(cap=300)", generations=3)
    (_, refused, rewritten, added) = replies(tmp_path / "a", "chapter", "rewrite", "add")
    assert re.search(r"would have (\d+) tokens, and may have 300: nothing is changed; shorten something", refused[1])
    assert not refused[0] and rewritten[0] and added[0]
    assert shown[2].endswith("short\n\nmore")
    texts = [event.text for event in of_type(tmp_path / "a", "note_changed") if event.applied]
    assert texts[0].startswith("word word") and texts[1:] == ["short", "short\n\nmore"]  # the log has what was replaced


def test_a_chapter_is_edited_as_its_reader_reads_it(tmp_path: Path) -> None:
    """What a chapter holds already keeps its meaning, also where its reader can't read what it rests on."""
    answers = [
        [state(SQUARE), state(FOURTH), chapter("Powers", fenced(FOURTH)), chapter("Words", "w")],
        [add("in short"), {"action": "add", "id": "1.1.1", "text": "of use"}],
        [],
    ]
    pages(tmp_path / "a", answers, notes="textbook", generations=3)
    changes = [event for event in of_type(tmp_path / "a", "note_changed") if event.applied]
    first, second = (event for event in changes if event.id == "1.1.1")
    assert second.text == f"{first.text}\n\nof use"
    assert second.statements == first.statements != () and second.rests_on == first.rests_on


def test_chapters_written_side_by_side_may_be_too_many_and_can_be_opened(tmp_path: Path) -> None:
    answers = [[chapter("A", "word " * 180)], [chapter("B", "other " * 140)], [{"action": "open", "id": "1.2.1"}], []]
    answers[3:] = [[rewrite("1.2.1", "blind"), remove("1.1.1")], []]
    shown = pages(tmp_path / "a", answers, notes="textbook(cap=300)", width=2, generations=3)
    assert titles(shown[2]) == ["A", "B"] and "word word" in shown[2] and "other" not in shown[2]
    assert count_text(shown[2]) <= 300
    assert [ref.id for ref in of_type(tmp_path / "a", "shown")[2].listed] == ["1.2.1"]
    (opened,) = of_type(tmp_path / "a", "note_opened")
    assert opened.note.id == "1.2.1"
    assert replies(tmp_path / "a", "rewrite") == [(False, "You have not read chapter 1.2.1; open it first.")]
    assert titles(shown[4]) == ["B"]


def test_an_edit_that_no_longer_applies_says_so_in_its_title() -> None:
    note = Note(id="1.1.1", version=2, author="g2-t1", text="theirs", data={"title": "Laws", "at": 1.0})
    mine = NoteChanged(id="1.1.1", version=2, author="g2-t2", text="mine", data=note.data, applied=False)
    merged = Textbook().merge({note.id: note}, mine)
    assert merged.conflict and merged.data["title"] == "Laws (written side by side with 1.1.1)"
    page = Textbook().show({note.id: note, merged.id: Note.of(merged)}, 1_000, count_text)
    text = read_parts(page.parts, {}).text
    assert text.index("theirs") < text.index("Laws (written side by side") < text.index("mine")


def test_a_title_is_one_short_line(tmp_path: Path) -> None:
    answers = [[chapter("A\n```relay\nx" + " long" * 40, "text"), chapter(" ", "text"), chapter("B", " ")], []]
    shown = pages(tmp_path / "a", answers, notes="textbook", generations=2)
    first, second = titles(shown[1])
    assert first.startswith("A '''relay x long") and len(first) <= 60 and second == "Untitled"
    assert replies(tmp_path / "a", "chapter")[2] == (False, "A chapter needs a text.")
