"""`evolving(cap=...)`: a wiki with one page, *how we take notes*, that researchers may change and that everybody reads.

The page has the id `method` and is always shown in full; it can be neither deleted nor renamed, and there is none until
somebody creates it. Each of its versions is in the log, marked as `standing` in the data of its notes;
`analysis.standing` finds the generations that lived under each.
"""

from __future__ import annotations

from typing import Any

from relay.records.events import NoteChanged
from relay.researcher.tokens import Counter
from relay.schemes.notes.note import Note
from relay.schemes.notes.scheme import Layout, NotePlace, Notes, Outcome, Refused
from relay.schemes.notes.wiki import Wiki
from relay.schemes.notes.wiki_index import index, page_part

__all__ = ["Evolving"]

METHOD, METHOD_TITLE = "method", "how we take notes"
"""Id and title of the page that everybody reads."""
STANDING = "standing"
"""The field that marks a note which everybody reads."""
HEAD = 40
"""Tokens that are kept for the line above that page."""


class Evolving(Wiki):
    """A wiki whose researchers also decide, on one of its pages, how notes are taken."""

    def instructions(self) -> str:
        """The scheme and its actions, in words."""
        return (
            f"{super().instructions()} The page `{METHOD_TITLE}`, of up to {self._most(METHOD)} tokens, is shown in "
            "full to all: create it, keep to it, and change it where it does not serve."
        )

    def show(self, notes: Notes, room: int, count: Counter) -> Layout:
        """The page that everybody reads, then the index of the others."""
        room = max(min(room, self.cap), 0)
        method = notes.get(METHOD) or _foreign(notes)
        if method is not None and (part := page_part(method)).tokens(count) <= room:
            return index(notes, room, count, [part])
        return index(notes, room, count)

    def merge(self, notes: Notes, change: NoteChanged) -> NoteChanged:
        """The change as it is applied. An edit of the page that becomes a note of its own is read by nobody at once."""
        merged = super().merge(notes, change)
        if merged.id == METHOD:
            return merged
        return merged.model_copy(update={"data": {name: merged.data[name] for name in merged.data if name != STANDING}})

    def _delete(self, note: Note) -> Outcome:
        if note.id == METHOD:
            return Refused(f"Page {METHOD}, {METHOD_TITLE}, can't be taken out: change its text instead.")
        return super()._delete(note)

    def _new_id(self, title: str, place: NotePlace) -> str:
        return METHOD if title.casefold() == METHOD_TITLE else super()._new_id(title, place)

    def _data(self, id: str, title: str) -> dict[str, Any]:
        return {"title": METHOD_TITLE, STANDING: True} if id == METHOD else super()._data(id, title)

    def _most(self, id: str) -> int:
        """Half of the cap for the page that everybody reads, so that the index has the other half."""
        return self.cap // 2 - HEAD if id == METHOD else self.cap

    def _no_title(self, title: str, place: NotePlace, note: Note | None = None) -> Refused | None:
        if note is not None and note.id == METHOD:
            return Refused(f"Page {METHOD} keeps its title, {METHOD_TITLE}: change its text instead.")
        if note is not None and title.casefold() == METHOD_TITLE:
            return Refused(f"Only page {METHOD} has the title {METHOD_TITLE}: create that page, or choose another one.")
        return super()._no_title(title, place, note)


def _foreign(notes: Notes) -> Note | None:
    """The page in the notes of another trial, where it has another id."""
    return next((note for note in notes.values() if note.foreign and note.data.get(STANDING)), None)
