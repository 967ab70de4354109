"""Wikis: titled pages that are viewed and edited on demand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relay.researcher.tokens import count_text
from relay.schemes.notes import Note, Wiki
from relay.schemes.notes.naming import read_parts
from tests.schemes.wikis import create, delete, fenced, insert, live, rename, replies, str_replace, view
from tests.trial.helpers import of_type, state
from tests.trial.toy import FOURTH, LAW, SQUARE

TWICE = "define square(x: Element) -> Element = op(x, op(x, x))"
"""Another definition with the name of `SQUARE`."""
USE = "claim (x: Element): fourth(x) == square(x)"


def changes(where: Path, generation: int) -> list[Any]:
    """The changes that stand in the store, of one generation."""
    return [event for event in of_type(where, "note_changed") if event.applied and event.generation == generation]


def page(number: int, text: str = "words", generation: int = 1, **more: Any) -> Note:
    """Page `number`."""
    return Note(
        id=f"{generation}.1.{number}", version=1, author=f"g{generation}-t1", generation=generation, text=text,
        data={"title": f"Title {number}"}, **more,
    )  # fmt: skip


def test_the_index_is_shown_and_a_page_is_viewed_on_demand(tmp_path: Path) -> None:
    text = f"The square.\n{fenced(SQUARE)}\nIt is the first."
    views = live(
        tmp_path / "a",
        [state(SQUARE), create("Squares", text, "likely")],
        [state("claim (x: Element): square(x) == x"), view("squares"), state("claim (x: Element): square(x) == x")],
    )
    told = views[1].observation.inheritance
    assert "[1.1.1 explains 1, 2] Squares (version 1 by g1-t1, likely): The square. define square" in told.text
    assert [(entry.id, entry.full, entry.status, entry.explains) for entry in told.entries] == [
        ("1.1.1", False, "", (1, 2))
    ]
    by = "by researcher 1 of generation 1"
    (first, _), (_, read), (third, _) = replies(tmp_path / "a", 2)
    assert not first and third
    assert read == f"Page [1.1.1] Squares, version 1 ({by}; likely; defined), 5 lines:\n{text}"


def test_a_page_is_edited_by_quoting_it_or_by_the_number_of_a_line(tmp_path: Path) -> None:
    live(
        tmp_path / "a",
        [
            state(SQUARE), create("Squares", f"one\ntwo\n{fenced(SQUARE)}"), str_replace("Squares", "two", "2"),
            insert("1.1.1", 0, "zero"), insert("1.1.1", "6", "end"), rename("1.1.1", "  The   square "),
        ],
        [view("the square"), str_replace("The square", "zero\n", ""), view("1.1.1", "2-3"), view("1.1.1", "3")],
        [delete("The square"), view("1.1.1")],
    )  # fmt: skip
    assert all(ok for ok, _ in replies(tmp_path / "a", 1))
    *_, last = changes(tmp_path / "a", 1)
    assert last.text == f"zero\none\n2\n{fenced(SQUARE)}\nend" and last.version == 5
    assert last.data == {"title": "The square"} and last.statements and last.sure == "defined"
    said = [reply for _, reply in replies(tmp_path / "a", 2)]
    head = "Page [1.1.1] The square, version 6 (by researcher 1 of generation 2; defined)"
    assert said[1:] == [
        "Page 1.1.1, The square, is changed.",
        f"{head}, lines 2 to 3 of 6:\n2\n```relay\n```",
        f"{head}, line 3 of 6:\n```relay\n```",
    ]
    assert [ok for ok, _ in replies(tmp_path / "a", 3)] == [True, False]
    assert changes(tmp_path / "a", 3)[0].text == ""


def test_what_can_t_be_done_is_refused_with_the_culprit_and_the_mend(tmp_path: Path) -> None:
    many = "\n".join(["more"] * 30)
    wrong = {
        "str_replace": [
            (str_replace("A", "four", "4"), "`old` does not stand in page 1.1.1: `four`. Copy it letter by letter"),
            (str_replace("A", "one", "1"), "`old` stands 2 times in page 1.1.1, on lines 1, 3: `one`. Add text around"),
            (str_replace("A", "", "1"), "`old` is empty: give a text that stands in page 1.1.1, or use insert."),
            (str_replace("A", "two", "two"), "`old` and `new` are the same"),
            (str_replace("A", "one\ntwo\none", " "), "Nothing would be left of page 1.1.1: use delete"),
            (str_replace("A", "two", "word " * 500), "tokens, and may have at most 100: shorten it"),
        ],
        "insert": [
            (insert("A", 4, "x"), "`line` is 4; page 1.1.1 has 3 lines: give a number from 0, for the start, to 3"),
            (insert("A", "last", "x"), "`line` is last; page 1.1.1 has 3 lines"),
            (insert("A", -1, "x"), "`line` is -1"),
            (insert("A", 1, " "), "`text` is empty"),
        ],
        "view": [
            (view("A", "4-9"), "`lines` is 4-9; page 1.1.1 has 3 lines: give the first and the last, as `3-9`"),
            (view("A", "3-2"), "`lines` is 3-2"),
            (view("A", "all"), "`lines` is all"),
            (view("Z"), "You have seen no page `Z`: give the id or the title of one that the index lists."),
        ],
        "create": [
            (create("a", "x"), "Page 1.1.1 has the title A: change it, or choose another one."),
            (create("B", " \n"), "A page needs a text."),
            (create("b" * 61, "x"), "A title may have at most 60 characters, and this has 61: shorten it."),
            (create("B", many * 10), "tokens, and may have at most 100: shorten it"),
        ],
        "rename": [
            (rename("A", "A"), "Page 1.1.1 has this title already."),
            (rename("A", " "), "A page needs a title."),
        ],
    }  # fmt: skip
    mistakes = [each for group in wrong.values() for each in group]
    live(tmp_path / "a", [create("A", "one\ntwo\none"), *(action for action, _ in mistakes)], notes="wiki(cap=100)")
    assert len(of_type(tmp_path / "a", "note_changed")) == 2  # the page, and the same when it is settled
    for (ok, reply), (action, told) in zip(replies(tmp_path / "a", 1)[1:], mistakes, strict=True):
        assert not ok and told in reply, (action, reply)


def test_only_who_has_read_a_page_can_change_it(tmp_path: Path) -> None:
    unread = [str_replace("A", "one", "1"), insert("A", 0, "zero"), rename("A", "B")]
    live(tmp_path / "a", [create("A", "one\ntwo")], [*unread, view("A", "1-1"), *unread, view("A", "1-2"), *unread])
    told = replies(tmp_path / "a", 2)
    assert [ok for ok, _ in told] == [False] * 3 + [True] + [False] * 3 + [True] * 4
    refused = [reply for ok, reply in told if not ok]
    assert set(refused) == {"You have not read all of page 1.1.1: view it without `lines`, then change it."}


def test_an_edit_keeps_the_links_of_what_it_leaves_in_the_page(tmp_path: Path) -> None:
    """Also of a definition that calls what the editor has not read: others may read both."""
    live(
        tmp_path / "a",
        [state(SQUARE), state(FOURTH), create("S", fenced(SQUARE)), create("F", f"tpyo\n{fenced(FOURTH)}")],
        [view("F"), str_replace("F", "tpyo", "typo"), state(USE)],
        [view("F"), view("S"), state(USE)],
    )
    before, after = changes(tmp_path / "a", 1)[1], changes(tmp_path / "a", 2)[0]
    assert (after.statements, after.rests_on) == (before.statements, before.rests_on) and after.version == 2
    assert [ok for ok, _ in replies(tmp_path / "a", 2)] == [True, True, False]
    assert [ok for ok, _ in replies(tmp_path / "a", 3)] == [True, True, True]


def test_a_page_is_edited_in_the_names_of_its_reader(tmp_path: Path) -> None:
    """A name that means something else to the reader is another one in the page, as the reader views and edits it."""
    live(
        tmp_path / "a",
        [state(SQUARE), create("S", f"first\n{fenced(SQUARE)}")],
        [
            state(TWICE), view("S"), str_replace("S", "define square_2(", "define quad("), view("S"),
            view("S", "2-3"), state(USE.replace("fourth", "square_2")), str_replace("S", "first", "1"),
        ],
        [view("S"), state("claim (x: Element): square_2(x) == op(x, x)")],
    )  # fmt: skip
    told = replies(tmp_path / "a", 2)
    renamed = SQUARE.replace("square", "square_2")
    note = "(for you `square` is `square_2` in what follows)"
    assert told[1][1].endswith(f"4 lines:\n{note}\nfirst\n{fenced(renamed)}")
    assert told[2][0] and "nobody" not in told[2][1]
    assert [ok for ok, _ in told] == [True] * 7
    # what a reader calls by a name keeps that name for it, whatever it writes
    assert told[3][1].endswith(f"4 lines:\n(for you `quad` is `square_2` in what follows)\nfirst\n{fenced(renamed)}")
    assert told[4][1].endswith(f"of 4:\n(for you `quad` is `square_2` in what follows)\n```relay\n{renamed}\n```")
    first, last = changes(tmp_path / "a", 2)
    assert list(first.rests_on) == ["quad"] and last.text == f"1\n{fenced(renamed)}"
    assert list(last.rests_on) == ["square_2"]
    assert all(ok for ok, _ in replies(tmp_path / "a", 3))


def test_a_part_of_a_page_is_text_alone(tmp_path: Path) -> None:
    text = f"first\n{fenced(SQUARE)}\nlast"
    use = state("claim (x: Element): square(x) == op(x, x)")
    live(
        tmp_path / "a",
        [state(SQUARE), create("S", text)],
        [view("S", "2-4"), use, create("mine", fenced(SQUARE)), view("S"), use, create("mine", fenced(SQUARE))],
    )
    told = replies(tmp_path / "a", 2)
    assert [ok for ok, _ in told] == [True, False, True, True, True, False]
    assert "1 statement(s) that you neither stated nor could read" in told[2][1]
    parts = [(event.part, list(event.names), list(event.called)) for event in of_type(tmp_path / "a", "note_opened")]
    assert parts == [((2, 4), [], ["square"]), (None, ["square"], [])]


def test_edits_side_by_side_are_kept_as_conflicts(tmp_path: Path) -> None:
    """However often each of them edits the page."""
    twice = [view("A"), str_replace("A", "one", "1"), str_replace("A", "two", "2")]
    live(
        tmp_path / "a",
        [[create("A", "one\ntwo")], []],
        [[view("A"), str_replace("A", "one", "uno")], twice],
        [[view("1.1.1"), view("1.1.1.g2-t2"), view("A")], [rename("A", "B")]],
        width=2,
    )
    mine, first, second = changes(tmp_path / "a", 2)
    assert (mine.id, mine.version, mine.text, mine.conflict) == ("1.1.1", 2, "uno\ntwo", False)
    assert (first.id, first.version, first.text, first.conflict) == ("1.1.1.g2-t2", 1, "1\ntwo", True)
    assert (second.id, second.version, second.text) == ("1.1.1.g2-t2", 2, "1\n2")
    told = replies(tmp_path / "a", 3)
    assert [ok for ok, _ in told] == [True, True, False]
    assert told[2][1] == "Several pages have the title `A`: 1.1.1, 1.1.1.g2-t2. Give the id."


def test_a_page_without_a_title_gets_one_from_its_text(tmp_path: Path) -> None:
    live(
        tmp_path / "a",
        [
            {"action": "state", "source": SQUARE, "record": True, "remark": "of use"},
            {"action": "state", "source": LAW, "record": True, "remark": ""},
            create("", "Tried in vain:   all of it"),
            create("", fenced(SQUARE)),
            create("", " "),
        ],
    )
    titles = [event.data["title"] for event in changes(tmp_path / "a", 1)]
    assert titles[0] == "square" and titles[1].startswith("claim (x: Element)")
    assert titles[2:] == ["Tried in vain: all of it", "square 2"]
    assert [each.text for each in changes(tmp_path / "a", 1)[:2]] == [f"of use\n{fenced(SQUARE)}", fenced(LAW)]
    assert replies(tmp_path / "a", 1)[-1] == (False, "A page needs a title.")


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(1, 9)), max_size=40), st.integers(0, 900))
def test_the_index_keeps_its_cap_and_lists_the_last_changed(pages: list[tuple[int, int]], room: int) -> None:
    notes = [page(at, "w" * size, generation) for at, (size, generation) in enumerate(pages)]
    layout = Wiki(cap=500).show({note.id: note for note in notes}, room, count_text)
    text = read_parts(layout.parts, {}).text
    assert count_text(text) <= min(room, 500) and not layout.shown
    assert [note.generation for note in layout.dropped] == sorted((g for _, g in pages), reverse=True)
    assert layout.listed == layout.dropped[: len(layout.listed)]
    assert all(f"[{note.id}] " in line for note, line in zip(layout.listed, text.split("\n")[1:], strict=False))
    left_out = len(notes) - len(layout.listed)
    assert (f"and {left_out} more that are not listed" in text) == (0 < left_out < len(notes))


def test_a_page_that_is_edited_comes_to_the_top(tmp_path: Path) -> None:
    views = live(
        tmp_path / "a",
        [create("A", "a"), create("B", "b")],
        [create("C", "c"), view("A"), str_replace("A", "a", "aa")],
        [],
    )
    entries = [[entry.id for entry in each.observation.inheritance.entries] for each in views]
    assert entries == [[], ["1.1.2", "1.1.1"], ["2.1.1", "1.1.1", "1.1.2"]]


def test_the_index_drops_first_words_before_pages() -> None:
    notes = {note.id: note for note in (page(at, "words " * 20) for at in range(12))}
    wide, narrow = (Wiki(cap=cap).show(notes, 10_000, count_text) for cap in (800, 300))
    assert len(wide.listed) == len(narrow.listed) == 12
    assert "words" in wide.parts[0].text and "words" not in narrow.parts[0].text


@pytest.mark.parametrize("line", [3, "3", " 3 "])
def test_a_line_may_be_given_as_a_number_or_as_a_text(tmp_path: Path, line: int | str) -> None:
    live(tmp_path / "a", [create("A", "1\n2\n3"), insert("A", line, "4")])
    assert changes(tmp_path / "a", 1)[-1].text == "1\n2\n3\n4"
