"""`textbook(cap=...)`: ordered chapters under a cap, rewritten to fit.

A change that would make the textbook longer than the cap is refused with both numbers, so its author has to shorten
something. What was rewritten away stays in the log. Researchers who work side by side may write too much together:
then the last chapters are only listed, can be opened, and nothing can be added until the textbook is shorter.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from relay.records.events import NoteChanged
from relay.researcher.actions import Action, Purpose, Role, Sure, note_action
from relay.researcher.tokens import Counter
from relay.schemes.notes.authors import LONG_AUTHOR, heading, told_of
from relay.schemes.notes.common_actions import OpenNote
from relay.schemes.notes.linking import close_fences
from relay.schemes.notes.note import Note
from relay.schemes.notes.page import first_that_fit
from relay.schemes.notes.scheme import (
    CALLABLE,
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

__all__ = ["AddToChapter", "RemoveChapter", "RewriteChapter", "Textbook", "WriteChapter"]

TITLE = 60
"""Most characters of a title."""
LISTED = "Chapters that are not shown for want of room; open one to read it:"
UNTITLED = "Untitled"


class WriteChapter(Action):
    """Write a new chapter, after another one or at the end."""

    purpose: ClassVar[Purpose | None] = Purpose.WRITE

    action: Literal["chapter"] = "chapter"
    title: Annotated[str, Role.TITLE]
    text: Annotated[str, Role.TEXT]
    after: Annotated[str, Role.NOTE] = ""
    sure: Sure = ""


class RewriteChapter(Action):
    """Put another text in the place of a chapter's."""

    purpose: ClassVar[Purpose | None] = Purpose.EDIT

    action: Literal["rewrite"] = "rewrite"
    id: Annotated[str, Role.NOTE]
    text: Annotated[str, Role.TEXT]
    title: Annotated[str, Role.TITLE] = ""
    sure: Sure = ""


class AddToChapter(Action):
    """Add a paragraph at the end of a chapter, the last one if none is named."""

    purpose: ClassVar[Purpose | None] = Purpose.WRITE

    action: Literal["add"] = "add"
    text: Annotated[str, Role.TEXT]
    id: Annotated[str, Role.NOTE] = ""


class RemoveChapter(Action):
    """Take a chapter out."""

    purpose: ClassVar[Purpose | None] = Purpose.STRIKE

    action: Literal["remove"] = "remove"
    id: Annotated[str, Role.NOTE]


class Textbook(NoteScheme):
    """Ordered chapters under a cap, rewritten to fit."""

    cap: int = Field(default=2_000, ge=100)
    """Most tokens of the text shown to a successor."""

    actions = (WriteChapter, RewriteChapter, AddToChapter, RemoveChapter, OpenNote)

    @property
    def limit(self) -> int:
        """The cap."""
        return self.cap

    def instructions(self) -> str:
        """The scheme and its actions, in words."""
        write, rewrite, add, remove, read = (note_action(kind).example for kind in self.actions)
        return (
            f"Notes are a textbook of up to {self.cap} tokens, in chapters with ids. Whoever comes after you reads it, "
            f"and rewrites it to fit. Write a chapter with {write}: after the chapter with that id, or at the end; "
            f"`sure` may say certain, likely or guess. Put a new text in the place of one with {rewrite}; add a "
            f"paragraph to one, or to the last, with {add}; take one out with {remove}. What would make the book too "
            f"long is refused: shorten something first. Chapters that did not fit are listed; read one with {read}. "
            f"{CALLABLE}"
        )

    # --- what is shown ---------------------------------------------------------------------------------------------

    def show(self, notes: Notes, room: int, count: Counter) -> Layout:
        """The chapters in order, up to the first that does not fit; the others are listed as far as there is room."""
        room = min(room, self.cap)
        chapters = _ordered(notes.values())
        shown = [_part(note) for note in chapters]
        if sum(part.tokens(count) for part in shown) <= room:
            return Layout(parts=tuple(shown))
        parts, _ = first_that_fit(([part] for part in shown), room - min(room // 8, 200), count)
        rest = chapters[len(parts) :]
        listed, index = _index(rest, room - sum(part.tokens(count) for part in parts), count)
        return Layout(parts=(*parts, *index), listed=tuple(listed), dropped=tuple(rest))

    # --- what is done ----------------------------------------------------------------------------------------------

    def apply(self, action: Action, place: NotePlace) -> Outcome:
        """Write, rewrite, add to, remove or open a chapter."""
        match action:
            case WriteChapter(title=title, text=text, after=after, sure=sure):
                if after and after not in place.notes:
                    return _no_chapter(after)
                at = _after(_ordered(place.notes.values()), after)
                data = {"title": _line(title) or UNTITLED, "at": at} | ({"sure": sure} if sure else {})
                return self._written(Written(place.fresh_id(), text, "", data=data), None, place)
            case RewriteChapter(id=id, text=text, title=title, sure=sure):
                if (there := place.notes.get(id)) is None:
                    return _no_chapter(id)
                if id not in place.read:
                    return _unread(id)
                data = {**there.data, "sure": sure} if sure else {k: v for k, v in there.data.items() if k != "sure"}
                data["title"] = _line(title) or _named(there.data)
                return self._edited(there, text, data, place)
            case AddToChapter(text=text, id=id):
                chapters = _ordered(place.notes.values())
                there = place.notes.get(id) if id else chapters[-1] if chapters else None
                if id and there is None:
                    return _no_chapter(id)
                if there is None:
                    data = {"title": UNTITLED, "at": 1.0}
                    return self._written(Written(place.fresh_id(), text, "", data=data), None, place)
                if there.id not in place.read:
                    return _unread(there.id)
                whole = f"{place.reading(there).rstrip()}\n\n{text.strip()}" if text.strip() else ""
                return self._edited(there, whole, there.data, place)
            case RemoveChapter(id=id):
                if (there := place.notes.get(id)) is None:
                    return _no_chapter(id)
                reply = f"Chapter {id} is taken out for those who come after you."
                return Written(id, "", reply, version=there.version + 1, parents=(there.ref,))
            case OpenNote(id=id):
                there = place.notes.get(id)
                return _no_chapter(id) if there is None else Opened(there)
        return super().apply(action, place)

    def _edited(self, there: Note, text: str, data: Mapping[str, object], place: NotePlace) -> Outcome:
        """The next version of a chapter."""
        edited = Written(there.id, text, "", version=there.version + 1, parents=(there.ref,), data=data)
        return self._written(edited, there, place)

    def _written(self, change: Written, there: Note | None, place: NotePlace) -> Outcome:
        """A change with its text linked, unless it makes the textbook too long."""
        text = close_fences(change.text.strip())
        if not text:
            return Refused("A chapter needs a text.")
        linked = place.link(text, of=there)
        change = replace(change, text=text, linked=linked, sure=told_of(linked))
        # chapters may define the same names, and then names with suffixes make a page longer
        together = min(self.cap, place.room)
        most = together if place.width == 1 else together * 15 // 16
        before = _tokens(place.notes.values(), place.count)
        after = _tokens({**place.notes, change.id: change.note(LONG_AUTHOR)}.values(), place.count)
        if after > most and after >= before:
            return Refused(
                f"The textbook would have {after} tokens, and may have {most}: nothing is changed; shorten something "
                "first."
            )
        return replace(
            change,
            reply=f"Chapter {change.id} is written; the textbook has {after} of {most} tokens.{linked.warning}",
        )

    def merge(self, notes: Notes, change: NoteChanged) -> NoteChanged:
        """An edit that no longer applies is kept as a chapter of its own, and says so in its title."""
        merged = super().merge(notes, change)
        if not (merged.conflict and merged.text):
            return merged
        title = f"{_named(change.data)} (written side by side with {change.id})"
        return merged.model_copy(update={"data": {**change.data, "title": title}})


def _named(data: Mapping[str, object]) -> str:
    title = data.get("title")
    return title if isinstance(title, str) and title else UNTITLED


def _place(note: Note) -> float:
    """Where a chapter stands; those of another scheme stand last."""
    at = note.data.get("at")
    return float(at) if isinstance(at, int | float) else math.inf


def _ordered(notes: Iterable[Note]) -> list[Note]:
    """The chapters in order; of those at the same place, the one that was there first comes first."""
    return sorted(notes, key=_place)


def _after(chapters: Sequence[Note], id: str) -> float:
    """The place of a new chapter after the one with this id, or at the end if it is empty."""
    places = [at for note in chapters if (at := _place(note)) < math.inf]
    if not id:
        return max(places, default=0.0) + 1.0
    at = next(_place(note) for note in chapters if note.id == id)
    if at == math.inf:
        return max(places, default=0.0) + 1.0
    following = [other for other in places if other > at]
    return (at + min(following)) / 2 if following else at + 1.0


def _part(note: Note) -> Part:
    return Part(f"{heading(note, 'Chapter', _named(note.data))}\n{note.text}", note, (Mention(note.id),))


def _tokens(notes: Iterable[Note], count: Counter) -> int:
    return sum(_part(note).tokens(count) for note in notes)


def _index(rest: Sequence[Note], room: int, count: Counter) -> tuple[list[Note], list[Part]]:
    """The chapters of `rest` that an index of at most `room` tokens names, and its part; nothing if none fits."""
    lines = [LISTED]
    listed: list[Note] = []
    for note in rest:
        line = heading(note, "Chapter", _named(note.data))
        if Part("\n".join([*lines, line])).tokens(count) > room:
            break
        lines.append(line)
        listed.append(note)
    if not listed:
        return [], []
    return listed, [Part("\n".join(lines), mentions=tuple(Mention(note.id) for note in listed))]


def _line(title: str) -> str:
    """A title on one line, without fences, and not too long."""
    return excerpt(" ".join(title.replace("```", "'''").replace("~~~", "---").split()), TITLE)


def _no_chapter(id: str) -> Refused:
    return Refused(f"You have seen no chapter `{excerpt(id, 40)}`: give the id of one that you were shown, or listed.")


def _unread(id: str) -> Refused:
    return Refused(f"You have not read chapter {id}; open it first.")
