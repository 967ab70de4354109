"""The wiki in which one page, that everybody reads, says how notes are taken."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.notes import export_notes, read_notes
from analysis.standing import read_standing
from relay.researcher.tokens import count_text
from relay.schemes.notes import Evolving, Note
from relay.schemes.notes.naming import read_parts
from tests.schemes.wikis import create, delete, fenced, insert, live, rename, replies, str_replace, view
from tests.trial.helpers import of_type, state
from tests.trial.toy import SQUARE

NAME = "How we take  notes"
METHOD = "how we take notes"


def test_the_page_is_shown_in_full_and_can_be_changed_at_once(tmp_path: Path) -> None:
    views = live(
        tmp_path / "a",
        [state(SQUARE), create("Squares", fenced(SQUARE)), create(NAME, "One page a statement.")],
        [str_replace(METHOD, "a statement", "an idea"), insert("method", 1, "Titles are names."), rename("1.1.1", "S")],
        [],
        notes="evolving",
    )
    assert [ok for ok, _ in replies(tmp_path / "a", 2)] == [True, True, False]
    second, third = (view.observation.inheritance for view in views[1:])
    assert second.text.startswith(
        "* [method] how we take notes (version 1 by g1-t1):\nOne page a statement.\n\nThe pages of the wiki"
    )
    assert "* [method] how we take notes (version 3 by g2-t1):\nOne page an idea.\nTitles are names.\n\n" in third.text
    assert [(entry.id, entry.full) for entry in third.entries] == [("method", True), ("1.1.1", False)]
    assert third.text.count("method") == 1
    (_, _, last) = of_type(tmp_path / "a", "shown")
    assert [(ref.id, ref.version) for ref in last.notes] == [("method", 3)] and last.dropped_count == 1


def test_definitions_on_the_page_can_be_called(tmp_path: Path) -> None:
    use = state("claim (x: Element): square(x) == op(x, x)")
    live(tmp_path / "a", [state(SQUARE), create(NAME, f"Like this:\n{fenced(SQUARE)}")], [use], notes="evolving")
    assert [ok for ok, _ in replies(tmp_path / "a", 2)] == [True]


@pytest.mark.parametrize(
    ("action", "told"),
    [
        (delete("method"), "Page method, how we take notes, can't be taken out: change its text instead."),
        (rename("method", "Rules"), "Page method keeps its title"),
        (rename("Other", METHOD), "Only page method has the title how we take notes: create that page, or"),
        (create(METHOD, "again"), "Page method has the title how we take notes: change it, or choose another one."),
        (insert("method", 1, "more words " * 50), "tokens, and may have at most 60: shorten it"),
    ],
)
def test_the_page_stays_where_it_is(tmp_path: Path, action: dict[str, str], told: str) -> None:
    pages = [create(NAME, "one"), create("Other", "two")]
    live(tmp_path / "a", [*pages, action], notes="evolving(cap=200)")
    *_, (ok, reply) = replies(tmp_path / "a", 1)
    assert not ok and told in reply


def test_without_room_for_it_the_page_is_listed_first() -> None:
    notes = {
        id: Note(id=id, version=1, author="g1-t1", generation=1, text="words " * size, data={"title": title})
        for id, title, size in (("1.1.1", "A", 5), ("method", METHOD, 60))
    }
    wide, narrow = (Evolving(cap=300).show(notes, room, count_text) for room in (200, 60))
    assert [note.id for note in wide.shown] == ["method"] and [note.id for note in wide.listed] == ["1.1.1"]
    assert not narrow.shown and [note.id for note in narrow.dropped] == ["method", "1.1.1"]
    for layout, room in ((wide, 200), (narrow, 60)):
        assert count_text(read_parts(layout.parts, {}).text) <= room


def test_each_version_has_the_generations_that_lived_under_it(tmp_path: Path) -> None:
    live(
        tmp_path / "a",
        [[], []],
        [[create(NAME, "one")], [create(NAME, "uno")]],
        [[], []],
        [[str_replace("method", "one", "two")], [view("method.g2-t2"), insert("method.g2-t2", 0, "mine")]],
        [
            [str_replace("method", "two", "three"), str_replace("method", "three", "four")],
            [insert("method", 0, word) for word in ("a", "b", "c")],
        ],
        [[], []],
        notes="evolving",
        width=2,
    )
    ((id, versions),) = read_standing(tmp_path / "a").items()
    assert id == "method"
    assert [(each.note.version, each.note.author, each.note.text, each.generations) for each in versions] == [
        (1, "g2-t1", "one", (3, 4)),
        (2, "g4-t1", "two", (5,)),
        (3, "g5-t1", "three", ()),
        (4, "g5-t1", "four", (6,)),
    ]
    found = read_notes(tmp_path / "a")
    (method,) = (note for note in found.notes if note.id == "method")
    words = found.words(method, reveal=False)
    assert words.startswith("## method how we take notes (version 4, by g5-t1)\n\nfour\n")
    assert words.endswith(
        "- version 1 by g2-t1: generations 3 to 4\n- version 2 by g4-t1: generation 5\n"
        "- version 3 by g5-t1: no generation\n- version 4 by g5-t1: generation 6\n"
    )
    record = found.record(method, reveal=False)
    assert record["versions"][1] == {"version": 2, "author": "g4-t1", "text": "two", "generations": [5]}
    assert "versions" not in found.record(next(note for note in found.notes if note.id != "method"), reveal=False)
    early = read_notes(tmp_path / "a", 4)
    assert [(each.note.version, each.generations) for each in early.standing["method"]] == [(1, (3, 4)), (2, ())]
    export_notes(found, tmp_path / "out", reveal=False)
    assert "generation 6" in (tmp_path / "out" / "0001-method.md").read_text()
