"""`letter(cap=...)`: one bounded letter, rewritten at each hand-over.

With several researchers in a generation there is one letter a place, each with an equal share of the cap; a successor
is shown all of them. A letter replaces the one that its place had before, which stays in the log. Whoever writes none
leaves the old one where it is.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from relay.records.events import NoteChanged
from relay.researcher.actions import Action, Purpose, Role, Sure, note_action
from relay.researcher.tokens import Counter
from relay.schemes.notes.authors import LONG_AUTHOR, heading, told_of
from relay.schemes.notes.linking import close_fences
from relay.schemes.notes.note import Note
from relay.schemes.notes.scheme import (
    CALLABLE,
    Layout,
    Mention,
    NotePlace,
    Notes,
    NoteScheme,
    Outcome,
    Part,
    Refused,
    Written,
)
from relay.text import quantity

__all__ = ["AddToLetter", "Letter", "WriteLetter"]

_PLACE = re.compile(r"g\d+-t(\d+)")


class WriteLetter(Action):
    """Write the whole letter anew."""

    purpose: ClassVar[Purpose | None] = Purpose.EDIT

    action: Literal["letter"] = "letter"
    text: Annotated[str, Role.TEXT]
    sure: Sure = ""


class AddToLetter(Action):
    """Add a paragraph at the end of the letter."""

    purpose: ClassVar[Purpose | None] = Purpose.WRITE

    action: Literal["add"] = "add"
    text: Annotated[str, Role.TEXT]


class Letter(NoteScheme):
    """One bounded letter, rewritten at each hand-over."""

    cap: int = Field(default=2_000, ge=100)
    """Most tokens of the letters of all places together."""

    actions = (WriteLetter, AddToLetter)

    @property
    def limit(self) -> int:
        """The cap."""
        return self.cap

    def instructions(self) -> str:
        """The scheme and its actions, in words."""
        write, add = (note_action(kind).example for kind in self.actions)
        return (
            "Notes are one letter to whoever comes after you, with one from each place where several work side by "
            f"side: up to {self.cap} tokens together. Write yours anew with {write}: it replaces the letter of your "
            "place, so copy what is worth keeping; `sure` may say certain, likely or guess. Add a paragraph with "
            f"{add}. {CALLABLE}"
        )

    def of_place(self, number: int, width: int) -> str:
        """Which letter is the researcher's own, if there are others."""
        return "" if width == 1 else f"Yours is the letter of place {number} of {width}, {_id(number)}."

    def show(self, notes: Notes, room: int, count: Counter) -> Layout:
        """All letters that fit, in the order of their places."""
        parts: list[Part] = []
        dropped: list[Note] = []
        left = min(room, self.cap)
        for note in sorted(notes.values(), key=lambda note: (len(note.id), note.id)):
            part = _part(note)
            tokens = part.tokens(count)
            if tokens <= left:
                left -= tokens
                parts.append(part)
            else:
                dropped.append(note)
        return Layout(parts=tuple(parts), dropped=tuple(dropped))

    def apply(self, action: Action, place: NotePlace) -> Outcome:
        """Write the letter of the tenure's place, or add to it."""
        there = place.notes.get(_id(place.number))
        match action:
            case WriteLetter(text=text, sure=sure) if text.strip():
                return self._begun(text.strip(), sure, there, place)
            case AddToLetter(text=text) if text.strip():
                before = "" if there is None else f"{place.reading(there).rstrip()}\n\n"
                sure = "" if there is None else there.data.get("sure", "")
                return self._written(before + close_fences(text.strip()), sure, there, place)
        return Refused("A letter needs a text.")

    def _begun(self, text: str, sure: str, there: Note | None, place: NotePlace) -> Outcome:
        """The next version of a letter, or as many of its lines as it may have: what is written in a last turn must not
        be lost."""
        lines = text.splitlines()

        def written(number: int) -> Outcome:
            return self._written(close_fences("\n".join(lines[:number])), sure, there, place)

        whole = written(len(lines))
        if not isinstance(whole, Refused):
            return whole
        most = bisect_left(range(1, len(lines)), True, key=lambda number: isinstance(written(number), Refused))
        begun = written(most)
        if not most or not isinstance(begun, Written):
            return whole
        return replace(begun, reply=f"{begun.reply} It was too long: only its first {quantity(most, 'line')} are kept.")

    def _written(self, text: str, sure: str, there: Note | None, place: NotePlace) -> Outcome:
        """The next version of a letter, unless it would be too long to be shown beside those of the other places."""
        linked = place.link(text, of=there)
        version = 1 if there is None else there.version + 1
        written = Written(
            id=_id(place.number),
            text=text,
            reply="",
            version=version,
            parents=() if there is None else (there.ref,),
            linked=linked,
            sure=told_of(linked),
            data={"sure": sure} if sure else {},
        )
        # letters may define the same names, and then names with suffixes make a page longer
        together = min(self.cap, place.room)
        most = together if place.width == 1 else together * 15 // 16 // place.width
        tokens = _part(written.note(LONG_AUTHOR)).tokens(place.count)
        if tokens > most:
            return Refused(
                f"Your letter would have {tokens} tokens, and may have {most}: nothing is changed; write it shorter."
            )
        reply = f"Your letter, {written.id}, is written: it has {tokens} of {most} tokens.{linked.warning}"
        return replace(written, reply=reply)

    def merge(self, notes: Notes, change: NoteChanged) -> NoteChanged:
        """A place's own letter replaces whatever letter the place had, also one that its author was not shown."""
        there = notes.get(change.id)
        own = _PLACE.fullmatch(change.author)
        if there is None or change.version == there.version + 1 or own is None or change.id != _id(int(own[1])):
            return super().merge(notes, change)
        return change.model_copy(update={"version": there.version + 1, "parents": (there.ref,)})


def _id(place: int) -> str:
    """The id of a place's letter."""
    return f"letter-{place}"


def _part(note: Note) -> Part:
    return Part(f"{heading(note, 'Letter')}\n{note.text}", note, (Mention(note.id),))
