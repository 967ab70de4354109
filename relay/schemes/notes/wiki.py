"""`wiki(cap=...)`: titled pages. A successor is shown their index, and reads and edits pages on demand.

The six commands are those of the usual memory tools of language models: view, create, str_replace, insert, delete and
rename. A page is named by its id or by its title. Whoever edits a page must have read all of it, and edits the text as
it was read, in the reader's own names. An edit keeps the links of the statements that it leaves in the page.
`wiki_index` lays the index out.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, WithJsonSchema

from relay.notation import fences, split_statements
from relay.researcher.actions import Action, Purpose, Role, Sure, note_action
from relay.researcher.tokens import Counter
from relay.schemes.notes.authors import heading, told_of
from relay.schemes.notes.linking import close_fences
from relay.schemes.notes.note import Note
from relay.schemes.notes.scheme import CALLABLE, Layout, NotePlace, Notes, NoteScheme, Opened, Outcome, Refused, Written
from relay.schemes.notes.wiki_index import index, said_by, title_of, words_of
from relay.text import excerpt, quantity

__all__ = ["Create", "Delete", "Insert", "Rename", "StrReplace", "View", "Wiki"]

TITLE = 60
"""Most characters of a title."""

Page = Annotated[str, Role.NOTE]
Text = Annotated[str, Role.TEXT]
# a model may write a number as a text
Line = Annotated[int | str, Role.LINES, WithJsonSchema({"type": "integer"})]

_SPAN = re.compile(r"\s*(\d{1,9})\s*(?:(?:-|to|,)\s*(\d{1,9})\s*)?")
_NUMBER = re.compile(r"\s*\d{1,9}\s*")
_DEFINED = re.compile(r"\s*(?:define|claim)\s+([A-Za-z_][A-Za-z0-9_]*)")


class View(Action):
    """Read a page, or some of its lines."""

    purpose: ClassVar[Purpose | None] = Purpose.OPEN

    action: Literal["view"] = "view"
    page: Page
    lines: Annotated[str, Role.LINES, Field(json_schema_extra={"maxLength": 20})] = ""


class Create(Action):
    """Write a new page. Without a title, it gets one from its text."""

    purpose: ClassVar[Purpose | None] = Purpose.WRITE

    action: Literal["create"] = "create"
    title: Annotated[str, Role.TITLE, Field(json_schema_extra={"maxLength": TITLE})] = ""
    text: Text
    sure: Sure = ""


class StrReplace(Action):
    """Replace a text that occurs once in a page."""

    purpose: ClassVar[Purpose | None] = Purpose.EDIT

    action: Literal["str_replace"] = "str_replace"
    page: Page
    old: Annotated[str, Role.QUOTE]
    new: Text
    sure: Sure = ""


class Insert(Action):
    """Insert a text after a line of a page; 0: before its first line."""

    purpose: ClassVar[Purpose | None] = Purpose.EDIT

    action: Literal["insert"] = "insert"
    page: Page
    line: Line
    text: Text
    sure: Sure = ""


class Delete(Action):
    """Take a page out."""

    purpose: ClassVar[Purpose | None] = Purpose.STRIKE

    action: Literal["delete"] = "delete"
    page: Page


class Rename(Action):
    """Give a page another title."""

    purpose: ClassVar[Purpose | None] = Purpose.EDIT

    action: Literal["rename"] = "rename"
    page: Page
    title: Annotated[str, Role.TITLE, Field(json_schema_extra={"maxLength": TITLE})]


class Wiki(NoteScheme):
    """Titled pages that are read and edited on demand, and an index of them that is always shown."""

    cap: int = Field(default=2_000, ge=100)
    """Most tokens of the text shown to a successor, and most tokens of a page."""

    actions = (View, Create, StrReplace, Insert, Delete, Rename)

    @property
    def limit(self) -> int:
        """The cap."""
        return self.cap

    def instructions(self) -> str:
        """The scheme and its actions, in words."""
        view, create, str_replace, insert, delete, rename = (note_action(kind).example for kind in self.actions)
        return (
            f"Notes are a wiki of titled pages. Whoever comes after you is shown its index, up to {self.cap} tokens; a "
            f"page may have as many. Read a page with {view}: all of it, or `lines` such as `3-9`, as mere text. Write "
            f"a new one with {create}; `sure` may say certain, likely or guess. Change one that you have read with "
            f"{str_replace}, where `old` must occur exactly once, or with {insert}, after a line (0: at the start). "
            f"Take one out with {delete}, and retitle it with {rename}. `page` is an id or a title. "
            f"{CALLABLE}"
        )

    # --- what is shown ---------------------------------------------------------------------------------------------

    def show(self, notes: Notes, room: int, count: Counter) -> Layout:
        """The index."""
        return index(notes, max(min(room, self.cap), 0), count)

    # --- what is done ----------------------------------------------------------------------------------------------

    def apply(self, action: Action, place: NotePlace) -> Outcome:
        """Carry out one of the six commands."""
        match action:
            case Create():
                return self._create(action, place)
            case View(page=page) | StrReplace(page=page) | Insert(page=page) | Delete(page=page) | Rename(page=page):
                note = _found(page, place)
                if isinstance(note, Refused):
                    return note
                match action:
                    case View():
                        return _view(note, action.lines, place)
                    case Delete():
                        return self._delete(note)
                return self._edit(note, action, place)
        return super().apply(action, place)

    def _create(self, action: Create, place: NotePlace) -> Outcome:
        title = _plain(action.title) or _own_title(action.text, place)
        refused = self._no_title(title, place)
        if refused is not None:
            return refused
        id = self._new_id(title, place)
        return self._written(id, title, action.text.strip("\n"), action.sure, place, "Page {id}, {title}, is written.")

    def _delete(self, note: Note) -> Outcome:
        reply = f"Page {note.id}, {title_of(note)}, is taken out for those who come after you."
        return Written(note.id, "", reply, version=note.version + 1, parents=(note.ref,))

    def _edit(self, note: Note, action: Action, place: NotePlace) -> Outcome:
        """Change a page that was read in full."""
        if note.id not in place.read:
            return Refused(f"You have not read all of page {note.id}: view it without `lines`, then change it.")
        match action:
            case StrReplace(old=old, new=new, sure=sure):
                return self._replace(note, old, new, sure, place)
            case Insert(line=line, text=text, sure=sure):
                return self._insert(note, line, text, sure, place)
            case Rename(title=title):
                return self._rename(note, _plain(title), place)
        return super().apply(action, place)

    def _replace(self, note: Note, old: str, new: str, sure: str, place: NotePlace) -> Outcome:
        text = place.reading(note)
        if not old:
            return Refused(f"`old` is empty: give a text that stands in page {note.id}, or use insert.")
        at = [found.start() for found in re.finditer(f"(?={re.escape(old)})", text)]
        if not at:
            return Refused(
                f"`old` does not stand in page {note.id}: `{_short(old)}`. Copy it letter by letter from the page as "
                "it is now; view shows it."
            )
        if len(at) > 1:
            lines = ", ".join(str(text.count("\n", 0, start) + 1) for start in at[:8])
            return Refused(
                f"`old` stands {len(at)} times in page {note.id}, on lines {lines}{', ...' * (len(at) > 8)}: "
                f"`{_short(old)}`. Add text around it, so that it occurs once."
            )
        if old == new:
            return Refused(f"`old` and `new` are the same, so page {note.id} would not change.")
        return self._changed(note, text[: at[0]] + new + text[at[0] + len(old) :], sure, place)

    def _insert(self, note: Note, line: int | str, text: str, sure: str, place: NotePlace) -> Outcome:
        lines = place.reading(note).split("\n")
        number = int(line) if _NUMBER.fullmatch(str(line)) else -1
        if not 0 <= number <= len(lines):
            return Refused(
                f"`line` is {_short(str(line))}; page {note.id} has {quantity(len(lines), 'line')}: give a number from "
                f"0, for the start, to {len(lines)}, for the end."
            )
        if not text.strip():
            return Refused("`text` is empty, so nothing would be inserted.")
        return self._changed(note, "\n".join([*lines[:number], text, *lines[number:]]), sure, place)

    def _rename(self, note: Note, title: str, place: NotePlace) -> Outcome:
        refused = self._no_title(title, place, note)
        if refused is not None:
            return refused
        return self._written(
            note.id, title, place.reading(note), said_by(note), place, "Page {id} has the title {title} now.", note
        )

    def _changed(self, note: Note, text: str, sure: str, place: NotePlace) -> Outcome:
        if not text.strip():
            return Refused(f"Nothing would be left of page {note.id}: use delete to take it out.")
        reply = "Page {id}, {title}, is changed."
        return self._written(note.id, title_of(note), text, sure, place, reply, note)

    def _written(
        self, id: str, title: str, text: str, sure: str, place: NotePlace, reply: str, before: Note | None = None
    ) -> Outcome:
        """A page with this title and text. `before`: the page as it was, if there was one."""
        text = close_fences(text)
        if not text.strip():
            return Refused("A page needs a text.")
        tokens, most = place.count(text), self._most(id)
        if tokens > most:
            return Refused(
                f"Page {title} would have {tokens} tokens, and may have at most {most}: shorten it, or move a part to "
                "a page of its own."
            )
        linked = place.link(text, before)
        return Written(
            id=id,
            text=text,
            reply=reply.format(id=id, title=title) + linked.warning,
            version=1 if before is None else before.version + 1,
            parents=() if before is None else (before.ref,),
            linked=linked,
            sure=told_of(linked),
            data=self._data(id, title) | ({"sure": sure} if sure else {}),
        )

    # --- what another scheme may add to -----------------------------------------------------------------------------

    def _new_id(self, title: str, place: NotePlace) -> str:
        """The id of a new page."""
        return place.fresh_id()

    def _data(self, id: str, title: str) -> dict[str, Any]:
        """The scheme's own fields of a page."""
        return {"title": title}

    def _most(self, id: str) -> int:
        """Most tokens of a page."""
        return self.cap

    def _no_title(self, title: str, place: NotePlace, note: Note | None = None) -> Refused | None:
        """Why a page can't have this title; None if it can. `note`: the page that is to get it."""
        if not title:
            return Refused("A page needs a title.")
        if len(title) > TITLE:
            return Refused(f"A title may have at most {TITLE} characters, and this has {len(title)}: shorten it.")
        there = _titled(title, place)
        if there and (note is None or [each.id for each in there] != [note.id]):
            return Refused(f"Page {there[0].id} has the title {title_of(there[0])}: change it, or choose another one.")
        if note is not None and title == title_of(note):
            return Refused(f"Page {note.id} has this title already.")
        return None


def _view(note: Note, lines: str, place: NotePlace) -> Outcome:
    """A page, or some of its lines."""
    number = note.text.count("\n") + 1
    if not lines.strip():
        return Opened(note, f"{_head(note)}, {quantity(number, 'line')}")
    span = _SPAN.fullmatch(lines)
    first, last = (int(span[1]), min(int(span[2] or span[1]), number)) if span else (0, 0)
    if not 1 <= first <= last:
        return Refused(
            f"`lines` is {_short(lines)}; page {note.id} has {quantity(number, 'line')}: give the first and the last, "
            "as `3-9`, or leave it empty to read all."
        )
    if (first, last) == (1, number):
        return Opened(note, f"{_head(note)}, {quantity(number, 'line')}")
    part = f"line {first}" if first == last else f"lines {first} to {last}"
    return Opened(note, f"{_head(note)}, {part} of {number}", (first, last))


def _head(note: Note) -> str:
    """The line above a page."""
    return heading(note, "Page", f"{title_of(note)}, version {note.version}", told=note.sure)


def _found(page: str, place: NotePlace) -> Note | Refused:
    """The page with this id or title, among those that the tenure knows of."""
    note = place.notes.get(page.strip())
    if note is not None:
        return note
    titled = _titled(page, place)
    if len(titled) == 1:
        return titled[0]
    if titled:
        ids = ", ".join(each.id for each in titled)
        return Refused(f"Several pages have the title `{_short(page)}`: {ids}. Give the id.")
    return Refused(f"You have seen no page `{_short(page)}`: give the id or the title of one that the index lists.")


def _titled(title: str, place: NotePlace) -> list[Note]:
    """The pages that the tenure knows of with this title, whatever its capitals and spaces."""
    wanted = _plain(title).casefold()
    return [note for note in place.notes.values() if title_of(note).casefold() == wanted]


def _own_title(text: str, place: NotePlace) -> str:
    """A title for a page without one: the name of its first statement, or its first words. A number tells it from
    other titles."""
    stated = (located.source for fence in fences(text) for located in split_statements(fence.body))
    named = next((found[1] for source in stated if (found := _DEFINED.match(source))), "")
    title = excerpt(named or words_of(text), TITLE - 8).strip()
    titles = {title_of(note).casefold() for note in place.notes.values()}
    number = 1
    while title and (f"{title} {number}" if number > 1 else title).casefold() in titles:
        number += 1
    return f"{title} {number}" if title and number > 1 else title


def _plain(text: str) -> str:
    """A text on one line."""
    return " ".join(text.split())


def _short(text: str) -> str:
    """The beginning of a text on one line, to name it."""
    return excerpt(_plain(text), 40)
