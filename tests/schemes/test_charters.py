"""The predicates of the charters that relay ships, on conduct that is made up."""

from __future__ import annotations

from typing import Any

import pytest

from relay.components import build
from relay.records.events import Acted, Answered, AnyEvent, Judged, NoteChanged, NoteOpened, NoteRef, NotesShown
from relay.researcher.actions import NoteAction, Purpose
from relay.schemes.handover.conduct import Conduct
from relay.schemes.notes import Note

PLAN = "look at op with itself since all else was in vain"
THERE = Note(id="1.1.1", version=1, author="g1-t1", text="old words\n```relay\nclaim (x: A): x == x\n```")
WRITING = NoteAction(name="write", purpose=Purpose.WRITE)
EDITING = NoteAction(name="edit", purpose=Purpose.EDIT)
STRIKING = NoteAction(name="strike", purpose=Purpose.STRIKE)
ALL = (WRITING, EDITING, STRIKING)


def kept(name: str, *events: AnyEvent, actions: tuple[NoteAction, ...] = ALL) -> str:
    """What a charter says of a tenure with these events, as `kept/chances`."""
    found = build("relay.handover", name).kept(Conduct(events, {THERE.id: THERE}, actions))
    return f"{found.kept}/{found.chances}"


def shown(*ids: str, listed: bool = False) -> NotesShown:
    refs = tuple(NoteRef(id=id, version=1) for id in ids)
    return NotesShown(listed=refs) if listed else NotesShown(notes=refs)


def answered(turn: int) -> Answered:
    return Answered(turn=turn, text="", tokens_in=1, tokens_out=1)


def did(action: str, id: str = "", text: str = "", turn: int = 1, ok: bool = True, **changed: Any) -> list[AnyEvent]:
    """An action, with the change of a note that it makes."""
    change = NoteChanged(turn=turn, id=id, version=2, author="g2-t1", text=text, applied=False, **changed)
    return [*([change] if id and ok else []), Acted(turn=turn, action={"action": action}, ok=ok, reply="")]


@pytest.mark.parametrize(
    ("events", "told"),
    [
        ([], "0/0"),
        ([shown()], "0/0"),
        ([shown("1.1.1")], "1/1"),
        ([shown("1.1.1", listed=True)], "1/1"),
        ([shown(), NoteOpened(note=THERE.ref, tokens=1)], "1/1"),
        ([shown("1.1.1"), *did("strike", "1.1.1")], "0/1"),
        ([shown("1.1.1"), *did("edit", "1.1.1", "new")], "0/1"),
        ([shown("1.1.1"), *did("edit", "1.1.1", "new"), *did("write", "2.1.1", "new")], "0/1"),
        ([shown(), *did("strike", "1.1.1")], "0/1"),  # by an id that it was never told
        ([shown("1.1.1"), *did("strike", "1.1.1", ok=False)], "1/1"),
        ([shown("1.1.1"), *did("write", "1.1.1", "old words\nand more")], "1/1"),  # adding to it is no change
        ([shown("1.1.1"), *did("write", "2.1.1", "new"), *did("edit", "2.1.1", "newer")], "1/1"),
        ([shown(), *did("write", "2.1.1", "new"), *did("strike", "2.1.1")], "0/0"),
    ],
)
def test_a_change_of_what_another_wrote_breaks_never_strike(events: list[AnyEvent], told: str) -> None:
    assert kept("never_strike", *events) == told


def test_never_strike_has_no_chances_where_nothing_can_be_changed() -> None:
    assert kept("never_strike", shown("1.1.1"), actions=(WRITING,)) == "0/0"
    assert kept("never_strike", shown("1.1.1"), actions=(WRITING, STRIKING)) == "1/1"


def judged(told: str | None, kind: str = "claim", key: str = "k", status: str = "holds") -> Judged:
    return Judged(key=key, kind=kind, source="", status=status, message="", told=told)


@pytest.mark.parametrize(
    ("events", "told"),
    [
        ([], "0/0"),
        ([judged(None), *did("write", "2.1.1", "words")], "0/0"),  # without the claim
        ([judged(None), *did("write", "2.1.1", "words", statements=("k",))], "0/1"),
        ([judged("undecided"), *did("write", "2.1.1", "words", statements=("k",))], "0/1"),
        ([judged("proved"), *did("write", "2.1.1", "words", statements=("k",))], "0/0"),
        ([judged("refuted"), *did("write", "2.1.1", "words", statements=("k",))], "0/0"),
        ([judged("defined", kind="define"), *did("write", "2.1.1", "words", statements=("k",))], "0/0"),
        ([judged(None), *did("write", "2.1.1", "Unchecked: words", statements=("k",))], "1/1"),
        ([judged(None), *did("write", "2.1.1", "uncheckedness", statements=("k",))], "0/1"),
        ([judged(None), *did("write", "2.1.1", "words", statements=("k",), data={"sure": "guess"})], "1/1"),
        ([judged(None), *did("write", "2.1.1", "words", statements=("k",), data={"sure": "certain"})], "0/1"),
        ([judged(None), *did("write", "2.1.1", "a", statements=("k",)), *did("strike", "2.1.1")], "0/0"),
        ([judged(None), *did("write", "2.1.1", "a", statements=("k",)),
          *did("edit", "2.1.1", "a unchecked", statements=("k",))], "1/1"),
        ([judged(None), judged("proved"), *did("write", "2.1.1", "a", statements=("k",))], "0/0"),
        ([*did("write", "2.1.1", "words", statements=("another's",))], "0/0"),
    ],
)  # fmt: skip
def test_what_mark_unchecked_asks_for(events: list[AnyEvent], told: str) -> None:
    assert kept("mark_unchecked", *events) == told


@pytest.mark.parametrize(
    ("events", "told"),
    [
        ([shown()], "0/0"),
        ([answered(1)], "0/1"),
        ([answered(1), *did("write", "2.1.1", PLAN)], "1/1"),
        ([answered(1), *did("write", "2.1.1", "what comes next is not clear")], "0/1"),
        ([answered(1), *did("write", "2.1.1", PLAN), answered(2)], "0/1"),
        ([answered(1), answered(2), *did("write", "2.1.1", f"```relay\n{PLAN}\n```", turn=2)], "0/1"),
        ([answered(1), *did("write", "1.1.1", f"{THERE.text}\n{PLAN}")], "1/1"),
        ([answered(1), *did("edit", "1.1.1", f"{THERE.text}\nshort")], "0/1"),
        ([answered(1), *did("write", "2.1.1", PLAN, ok=False)], "0/1"),
    ],
)
def test_a_plan_is_new_words_in_the_last_turn(events: list[AnyEvent], told: str) -> None:
    assert kept("leave_plan", *events) == told


def test_leave_plan_has_no_chances_without_notes() -> None:
    assert kept("leave_plan", answered(1), actions=()) == "0/0"


def test_what_was_there_already_is_not_added() -> None:
    conduct = Conduct(notes={"a": Note(id="a", version=1, author="", text="one\ntwo\ntwo")})
    assert conduct.added("a", "two\nthree\none\nthree\none") == ("three", "three", "one")
    assert conduct.added("b", "one\ntwo") == ("one", "two")
