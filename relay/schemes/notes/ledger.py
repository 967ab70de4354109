"""`ledger(cap=...)`: one statement per entry, the most important first, under a cap.

Entries whose claim was reported as accepted, or whose definition was reported to explain a phenomenon, come first; then
the others; in both groups the newest first. The statements that an entry calls are placed right before it, so that
shown statements can be called. If not all entries fit, a quarter of the cap holds an index of the others, which can be
opened. If truth is hidden, nothing was reported, and only age decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from relay.notation import fences
from relay.records.events import NoteChanged
from relay.records.status import ACCEPTED
from relay.researcher.actions import Action, Purpose, Role, note_action
from relay.researcher.tokens import Counter
from relay.schemes.notes.note import Note
from relay.schemes.notes.scheme import (
    Layout,
    Mention,
    NotePlace,
    Notes,
    NoteScheme,
    Opened,
    Outcome,
    Part,
    Refused,
    Written,
)
from relay.text import excerpt

__all__ = ["Ledger", "OpenEntry", "RecordStatement", "Strike"]

HEADINGS = ("Told to be true, or to explain a phenomenon, with what they rest on:", "Other entries:")
INDEX = "Not shown for want of room; open an entry to read it:"
MORE = "and {} more that are not listed"
PATIENCE = 32
"""Number of entries that may fail to fit before the page counts as full. Later, shorter entries may still fit, but
testing all of them would be slow in a large store."""

HEAD = 72
"""Characters of a statement that the index shows."""


class RecordStatement(Action):
    """Enter one statement, by its source or by its name, with a remark in plain words."""

    purpose: ClassVar[Purpose | None] = Purpose.WRITE

    action: Literal["record"] = "record"
    statement: Annotated[str, Role.STATEMENT]
    remark: Annotated[str, Role.REMARK] = ""


class Strike(Action):
    """Take an entry out."""

    purpose: ClassVar[Purpose | None] = Purpose.STRIKE

    action: Literal["strike"] = "strike"
    id: Annotated[str, Role.NOTE]


class OpenEntry(Action):
    """Read an entry that the index names."""

    purpose: ClassVar[Purpose | None] = Purpose.OPEN

    action: Literal["open"] = "open"
    id: Annotated[str, Role.NOTE]


class Ledger(NoteScheme):
    """One statement per entry, the most important first, under a cap."""

    cap: int = Field(default=2_000, ge=100)
    """Most tokens of the text shown to a successor, including the index."""

    actions = (RecordStatement, Strike, OpenEntry)

    @property
    def limit(self) -> int:
        """The cap."""
        return self.cap

    def instructions(self) -> str:
        """The scheme and its three actions, in words."""
        record, strike, read = (note_action(kind).example for kind in self.actions)
        return (
            "Notes are a ledger of single statements; whoever comes after you is shown up to "
            f"{self.cap} tokens of it: first what was told to be true or to explain a phenomenon, then the rest, then "
            "an index of what did not fit. Enter a statement that you have stated or read with "
            f"{record}: give its source or its name, and a remark in plain words if it helps. Take an entry out with "
            f"{strike}. Read one that only the index names with {read}. "
            "A definition can be called where it and everything that it calls can be read."
        )

    # --- what is shown ---------------------------------------------------------------------------------------------

    def show(self, notes: Notes, room: int, count: Counter) -> Layout:
        """Entries by priority, each after the entries that it calls; an index if not all of them fit."""
        room = min(room, self.cap)
        order = self._order(notes)
        whole = _Page(notes, count, room)
        if all(whole.place(note, rank) for rank, note in order):
            return Layout(parts=tuple(whole.parts))
        page = _Page(notes, count, room - room // 4)
        failures = 0
        for rank, note in order:
            # three quarters of the room: the index gets the rest
            failures += not page.place(note, rank)
            if failures == PATIENCE:
                break
        rest = [note for _, note in order if note.id not in page.placed]
        listed, index = _index(rest, room - page.used, count)
        parts = (*page.parts, Part(index, mentions=tuple(map(_mention, listed)))) if index else tuple(page.parts)
        return Layout(parts=parts, listed=tuple(listed), dropped=tuple(rest))

    def _order(self, notes: Notes) -> list[tuple[int, Note]]:
        first = [note for note in notes.values() if _matters(note)]
        rest = [note for note in notes.values() if not _matters(note)]
        return [(0, note) for note in reversed(first)] + [(1, note) for note in reversed(rest)]

    # --- what is done ----------------------------------------------------------------------------------------------

    def apply(self, action: Action, place: NotePlace) -> Outcome:
        """Record, strike or open an entry."""
        match action:
            case RecordStatement():
                return self._record(action, place)
            case Strike(id=id):
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
            case OpenEntry(id=id):
                note = place.notes.get(id)
                return _no_entry(id) if note is None else Opened(note)
        return super().apply(action, place)

    def _record(self, action: RecordStatement, place: NotePlace) -> Outcome:
        source = place.source(action.statement.strip()) or action.statement.strip()
        fenced = _fence(source)
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
            if key in note.statements and note.id in place.read and not action.remark:
                return Refused(f"It stands in the ledger already, as entry {note.id}.")
        text = _entry(source, action.remark)
        # the page beside an index: a larger entry might never be shown in full
        if place.count(text) > self.cap * 3 // 4:
            return Refused(f"With its remark it has {place.count(text)} tokens, too many here; shorten the remark.")
        return Written(
            id=place.fresh_id(),
            text=text,
            reply="It is recorded.",
            linked=linked,
            sure=linked.told[0],
        )

    def merge(self, notes: Notes, change: NoteChanged) -> NoteChanged:
        """If the store has an entry with the same statement, the change becomes a new version of that entry, so that
        each statement has one entry. It gets the new remark too, and keeps the stronger reported status."""
        if change.version != 1 or not change.statements:
            return super().merge(notes, change)
        there = next((note for note in notes.values() if note.statements == change.statements), None)
        if there is None:
            return super().merge(notes, change)
        remark = _remark(change.text)
        text = there.text
        # characters, about half the cap in tokens: the entry must remain small enough to be shown
        if remark and remark not in text and len(text) + len(remark) < 2 * self.cap:
            text = f"{text}\n{remark}"
        return change.model_copy(
            update={
                "id": there.id,
                "version": there.version + 1,
                "text": text,
                "parents": (there.ref,),
                "rests_on": there.rests_on,
                "sure": max(there.sure, change.sure, key=_weight),
                "explains": tuple(sorted({*there.explains, *change.explains})),
            }
        )


def _matters(note: Note) -> bool:
    return note.sure in ACCEPTED or bool(note.explains)


def _weight(told: str) -> int:
    """The rank of a reported status: 2 if it is accepted, 1 if it is any other, 0 if none was reported."""
    return 2 if told in ACCEPTED else 1 if told else 0


def _fence(source: str) -> str:
    return f"```relay\n{source}\n```"


def _entry(source: str, remark: str) -> str:
    # A fence in a remark could smuggle in further statements.
    plain = " ".join(remark.replace("```", "'''").replace("~~~", "---").split())
    return _fence(source) + (f"\n{plain}" if plain else "")


def _remark(text: str) -> str:
    return text.rpartition("\n```")[2].strip()


def _no_entry(id: str) -> Refused:
    shown = excerpt(id, 40)
    return Refused(f"You have seen no entry `{shown}`: give the id of one that you were shown, or of the index.")


def _told(note: Note) -> str:
    parts = [f"told: {note.sure}"] if note.sure else []
    if note.explains:
        parts.append("explains " + ", ".join(map(str, note.explains)))
    return f"[{note.id}]" + (f" {'; '.join(parts)}" if parts else "")


def _mention(note: Note) -> Mention:
    """The same as `_told`, as data."""
    return Mention(note.id, status=note.sure, explains=note.explains)


def _index(rest: list[Note], room: int, count: Counter) -> tuple[list[Note], str]:
    """The notes of `rest` that an index of at most `room` tokens names, and the text of the index. Both are empty if
    not even one note fits."""
    lines: list[str] = []
    listed: list[Note] = []
    left = room - count(f"{INDEX}\n{MORE.format(len(rest))}\n\n")
    for note in rest:
        head = next((line for line in note.text.splitlines() if not line.startswith("```")), "")
        line = f"{_told(note)} {excerpt(head, HEAD)}"
        left -= count(line + "\n")
        if left < 0:
            break
        lines.append(line)
        listed.append(note)
    if not listed:
        return [], ""
    if len(listed) < len(rest):
        lines.append(MORE.format(len(rest) - len(listed)))
    return listed, "\n".join([INDEX, *lines])


class _Page:
    """Entries placed under a cap, each after the entries that it calls."""

    def __init__(self, notes: Notes, count: Counter, room: int) -> None:
        self.holder: dict[str, Note] = {}
        for note in notes.values():
            for key in note.statements:
                self.holder.setdefault(key, note)
        self.count = count
        self.room = room
        self.used = 0
        self.parts: list[Part] = []
        self.placed: set[str] = set()
        self.rank = -1

    def place(self, note: Note, rank: int) -> bool:
        """Place a note after the notes that it needs, under heading `rank`. Returns False, and places nothing, if they
        do not fit together."""
        if note.id in self.placed:
            return True
        new = [Part(f"{_told(part)}\n{part.text}", part, (_mention(part),)) for part in self._needed(note)]
        if rank != self.rank:
            new.insert(0, Part(HEADINGS[rank]))
        tokens = sum(part.tokens(self.count) for part in new)
        if self.used + tokens > self.room:
            return False
        self.rank = rank
        self.used += tokens
        self.parts += new
        self.placed |= {part.note.id for part in new if part.note is not None}
        return True

    def _needed(self, note: Note) -> Iterable[Note]:
        """The notes to place for `note`, which comes last: before it come the notes that hold the statements it rests
        on. Notes that are placed already are left out."""
        # An explicit stack: chains of definitions may be longer than Python's limit of recursion.
        done: dict[str, Note] = {}
        stack: list[tuple[Note, Iterator[Note]]] = [(note, self._called(note))]
        open_ids = {note.id}
        while stack:
            top, called = stack[-1]
            following = next(called, None)
            if following is None:
                done[top.id] = top
                stack.pop()
            elif following.id not in open_ids and following.id not in self.placed:
                open_ids.add(following.id)
                stack.append((following, self._called(following)))
        return done.values()

    def _called(self, note: Note) -> Iterator[Note]:
        keys = (key for key in note.rests_on.values() if key not in note.statements)
        return (self.holder[key] for key in keys if key in self.holder)
