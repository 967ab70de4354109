"""`ledger(cap=...)`: one statement or one short text per entry, the most important first, under a cap.

Texts come first, then definitions that were reported to explain a phenomenon, then claims that were reported as
accepted, then the others; in each group the newest first. The statements that an entry calls are placed before it, so
that shown statements can be called. If not all entries fit, a quarter of the cap holds an index of the others, which
can be opened. If truth is hidden, nothing was reported, and only age decides. `ledger_page` lays the entries out.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from relay.notation import fences
from relay.notation.scope import RESERVED
from relay.records.events import NoteChanged
from relay.records.status import ACCEPTED
from relay.researcher.actions import Action, Purpose, Role, note_action
from relay.researcher.tokens import Counter
from relay.schemes.notes.common_actions import OpenNote, StrikeNote
from relay.schemes.notes.ledger_page import LedgerPage, PageShares, remark_of
from relay.schemes.notes.note import Note
from relay.schemes.notes.scheme import (
    FENCE,
    Layout,
    NotePlace,
    Notes,
    NoteScheme,
    Opened,
    Outcome,
    Refused,
    Several,
    Written,
)
from relay.text import excerpt

__all__ = ["Ledger", "RecordStatement", "WriteText"]

TEXT = 120
"""Most tokens of a free text, if a quarter of the cap is not less."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class RecordStatement(Action):
    """Enter one statement by its source, or one or several by their names, with a remark in plain words."""

    purpose: ClassVar[Purpose | None] = Purpose.WRITE

    action: Literal["record"] = "record"
    statement: Annotated[str, Role.STATEMENT]
    remark: Annotated[str, Role.REMARK] = ""


class WriteText(Action):
    """Enter a short text without statements."""

    purpose: ClassVar[Purpose | None] = Purpose.WRITE

    action: Literal["note"] = "note"
    text: Annotated[str, Role.TEXT, Field(json_schema_extra={"maxLength": 4 * TEXT})]


class Ledger(NoteScheme):
    """One statement per entry, the most important first, under a cap."""

    cap: int = Field(default=2_000, ge=100)
    """Most tokens of the text shown to a successor, including the index."""
    words: float = Field(default=0.125, ge=0, le=1)
    """The most that free texts may have of a page that does not hold everything."""
    laws: float = Field(default=0.25, ge=0, le=1)
    """The part of such a page that is kept for accepted claims. What they do not need goes to others, and the other way
    round."""

    actions = (RecordStatement, WriteText, StrikeNote, OpenNote)

    @property
    def limit(self) -> int:
        """The cap."""
        return self.cap

    def instructions(self) -> str:
        """The scheme and its actions, in words."""
        record, write, strike, read = (note_action(kind).example for kind in self.actions)
        return (
            "Notes are a ledger of single statements; whoever comes after you is shown up to "
            f"{self.cap} tokens of it: short texts, then what was told to explain a phenomenon or to be true, then the "
            "rest, then an index of what did not fit. Enter statements that you have stated or read with "
            f"{record}: give one source, or names as `f, g`, and a remark in plain words if it helps. Say what was "
            f"tried in vain, and what to do next, with {write}: up to {self._longest} tokens. Take an entry out with "
            f"{strike}. Read one that only the index names with {read}. "
            "A definition can be called where it and everything that it calls can be read."
        )

    @property
    def _longest(self) -> int:
        """Most tokens of a free text."""
        return min(TEXT, self.cap // 4)

    # --- what is shown ---------------------------------------------------------------------------------------------

    def show(self, notes: Notes, room: int, count: Counter) -> Layout:
        """Entries by priority, each after the entries that it calls; an index if not all of them fit."""
        return self._page(notes, room, count).layout()

    def _page(self, notes: Notes, room: int, count: Counter, *, crowded: bool = False) -> LedgerPage:
        shares = PageShares(words=self.words, laws=self.laws)
        return LedgerPage(notes, max(min(room, self.cap), 0), count, shares, crowded=crowded)

    # --- what is done ----------------------------------------------------------------------------------------------

    def apply(self, action: Action, place: NotePlace) -> Outcome:
        """Record, strike or open an entry."""
        match action:
            case RecordStatement():
                return self._record(action, place)
            case WriteText(text=text):
                return self._write(text, place)
            case StrikeNote(id=id):
                note = place.notes.get(id)
                if note is None:
                    return _no_entry(id)
                return Written(
                    id=id,
                    text="",
                    version=note.version + 1,
                    parents=(note.ref,),
                    reply=f"Entry {id} is struck out for those who come after you.",
                )
            case OpenNote(id=id):
                note = place.notes.get(id)
                return _no_entry(id) if note is None else Opened(note)
        return super().apply(action, place)

    def _record(self, action: RecordStatement, place: NotePlace) -> Outcome:
        """Enter the statements that an action names. Those that can't be entered are told; the others are entered."""
        written: list[Written] = []
        refused: dict[str, list[str]] = {}
        names = _named(action.statement)
        for name in names:
            entry = self._entry(name, action.remark, place, len(written))
            if isinstance(entry, Refused):
                refused.setdefault(entry.reply, []).append(f"`{name}`")
            else:
                written.append(entry)
        if len(names) == 1 and refused:
            return Refused(*refused)
        told = [f"Not recorded: {', '.join(which)}. {reply}" for reply, which in refused.items()]
        if not written:
            return Refused(" ".join(told))
        reply = " ".join([self._standing("Recorded", written, place), *_missing(written, place), *told])
        return replace(written[0], reply=reply) if len(names) == 1 else Several(tuple(written), reply)

    def _entry(self, name: str, remark: str, place: NotePlace, after: int) -> Written | Refused:
        """One entry, without its reply. `name`: the name or source of its statement."""
        source = place.source(name) or name
        fenced = FENCE.format(source)
        linked = place.link(fenced)
        # A source that closes its fence could add text that looks like entries of other authors.
        whole = [fence.body.strip() for fence in fences(fenced)] == [source.strip()]
        if len(linked.statements) != 1 or linked.unknown or not whole:
            return Refused(
                "An entry is one statement that you have stated or can read, by its source or by its name; "
                "this is none. State it first, then record it."
            )
        key = linked.statements[0]
        for note in place.notes.values():
            if key in note.statements and note.id in place.read and not remark:
                return Refused(f"It stands in the ledger already, as entry {note.id}.")
        plain = _plain(remark)
        text = fenced + (f"\n{plain}" if plain else "")
        # the page beside an index: a larger entry might never be shown in full
        if place.count(text) > self.cap * 3 // 4:
            return Refused(f"With its remark it has {place.count(text)} tokens, too many here; shorten the remark.")
        return Written(id=place.fresh_id(after), text=text, reply="", linked=linked, sure=linked.told[0])

    def _write(self, text: str, place: NotePlace) -> Outcome:
        """Enter a free text, or as much of it as an entry may have: what is written in a last turn must not be lost."""
        words = _plain(text).split()
        if not words:
            return Refused("An entry needs a text.")
        most = bisect_right(range(1, len(words) + 1), self._longest, key=lambda n: place.count(" ".join(words[:n])))
        if not most:
            return Refused(f"A text may have at most {self._longest} tokens, and its first word has more.")
        one = Written(id=place.fresh_id(), text=" ".join(words[:most]), reply="")
        reply = self._standing("Written", [one], place)
        if most < len(words):
            reply += f" It was too long: only its first {self._longest} tokens are kept."
        return replace(one, reply=reply)

    def _standing(self, done: str, written: Sequence[Written], place: NotePlace) -> str:
        """Where a successor finds new entries, and how full the page is. It depends only on what the tenure has
        read."""
        notes = {id: note for id, note in place.notes.items() if id in place.read}
        crowded = len(notes) < len(place.notes)
        labels: dict[str, list[str]] = {}
        for one in written:
            note = one.note("")
            there = _same(notes, note)
            if there is not None:
                note = there.model_copy(update=self._joined(there, note))
            notes[note.id] = note
            labels.setdefault(note.id, []).append(one.id if there is None else f"{one.id} (it joins entry {there.id})")
        page = self._page(notes, place.room, place.count, crowded=crowded)
        found: dict[str, list[str]] = {}
        for id, ids in labels.items():
            if id in page.shown:
                where = "shown"
            elif crowded:  # which unread entries stand before it in the index is not known
                where = "not shown, for want of room"
            else:
                where = "only in the index" if id in page.listed else "not even in the index"
            found.setdefault(where, []).extend(ids)
        told = [f"{done} as {', '.join(ids)}; {where}." for where, ids in found.items()]
        full = int(100 * page.fullness)
        return " ".join([*told, f"The page is {full}% full." if full < 100 else "The page is full."])

    def merge(self, notes: Notes, change: NoteChanged) -> NoteChanged:
        """If the store has an entry with the same statement, the change becomes a new version of that entry, so that
        each statement has one entry. It gets the new remark too, and keeps the stronger reported status."""
        there = _same(notes, change) if change.version == 1 else None
        if there is None:
            return super().merge(notes, change)
        return change.model_copy(
            update={
                "id": there.id,
                "version": there.version + 1,
                "parents": (there.ref,),
                "rests_on": there.rests_on,
                **self._joined(there, change),
            }
        )

    def _joined(self, there: Note, new: Note | NoteChanged) -> dict[str, Any]:
        """What changes in an entry if another one with the same statement joins it."""
        remark = remark_of(new.text)
        text = there.text
        # characters, about half the cap in tokens: the entry must remain small enough to be shown
        longest = max(2 * self.cap, len(there.text))
        if remark and remark not in text and len(text) + len(remark) < longest:
            text = f"{text}\n{remark}"
        return {
            "text": text,
            "sure": max(there.sure, new.sure, key=_weight),
            "explains": tuple(sorted({*there.explains, *new.explains})),
        }


def _same(notes: Notes, new: Note | NoteChanged) -> Note | None:
    """The entry with the same statement."""
    return next((note for note in notes.values() if new.statements and note.statements == new.statements), None)


def _named(statement: str) -> list[str]:
    """The names of several statements if the text consists of such; else the text alone."""
    names = re.split(r"[\s,]+", statement.strip().strip(","))
    several = len(names) > 1 and all(map(_NAME.fullmatch, names)) and RESERVED.isdisjoint(names)
    return list(dict.fromkeys(names)) if several else [statement.strip()]


def _plain(text: str) -> str:
    """A text on one line, without fences: they could smuggle in further statements."""
    return " ".join(text.replace("```", "'''").replace("~~~", "---").split())


def _weight(told: str) -> int:
    """The rank of a reported status: 2 if it is accepted, 1 if it is any other, 0 if none was reported."""
    return 2 if told in ACCEPTED else 1 if told else 0


def _missing(written: Sequence[Written], place: NotePlace) -> Iterator[str]:
    """A warning, if entries call what no note holds: then nobody after this tenure can call them."""
    held = {key for id in place.read if id in place.notes for key in place.notes[id].statements}
    held.update(key for one in written for key in one.linked.statements)
    lost = {name for one in written for name, key in one.linked.rests_on.items() if key not in held}
    if lost:
        names = ", ".join(f"`{name}`" for name in sorted(lost))
        yield f"It calls {names}, which no note that you have read holds: record that too, or it can't be called."


def _no_entry(id: str) -> Refused:
    shown = excerpt(id, 40)
    return Refused(f"You have seen no entry `{shown}`: give the id of one that you were shown, or of the index.")
