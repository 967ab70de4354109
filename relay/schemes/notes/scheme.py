"""The base of note schemes: how notes are laid out, capped and shown, and the actions that read and write them.

A scheme has no state. It sees the store and what was reported to a tenure, and never a withheld verdict, credit, or the
hidden graph. The engine logs its decisions, rewrites names for the reader, and merges the changes of a generation in
tenure order.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

from relay.records.events import NoteChanged, NoteRef
from relay.records.record import Record
from relay.researcher.actions import Action
from relay.researcher.tokens import Counter
from relay.schemes.notes.note import Note
from relay.schemes.outside import Outside

__all__ = [
    "CALLABLE",
    "FoundNotes",
    "Layout",
    "Linked",
    "Mention",
    "NotePlace",
    "NoteScheme",
    "Opened",
    "Outcome",
    "Part",
    "Refused",
    "Several",
    "Written",
]

Notes = Mapping[str, Note]
"""Id -> note, in the order in which notes came into the store."""

SEPARATOR = "\n\n"
"""Text between two parts."""

CALLABLE = (
    "Statements that others shall be able to call go in fences that open with ```relay and close with ```; only "
    "statements that you have stated, or could read, can be called, and only where everything that they call can be "
    "read too."
)
"""For the instructions of schemes whose notes are free texts."""

FENCE = "```relay\n{}\n```"
"""The form of a fence around parts that are fenced."""


@dataclass(frozen=True)
class Mention:
    """What the text of a part tells of one note beside the note's own text. The successor gets the same as data, so a
    mention must hold nothing that the text does not tell."""

    id: str
    status: str = ""
    explains: tuple[int, ...] = ()


@dataclass(frozen=True)
class Part:
    """A piece of the text shown to a successor. If it holds a note, names in `text` are rewritten for the reader."""

    text: str
    note: Note | None = None
    mentions: tuple[Mention, ...] = ()
    """What `text` tells of `note`, and of notes that it only lists. A note that is not mentioned can be read all the
    same, but programs can't tell its id."""
    fenced: bool = False
    """Whether `text` is statements and comments, and is shown in a fence marked `relay`. Such parts share one fence if
    they follow each other."""

    def tokens(self, count: Counter) -> int:
        """Number of tokens, including the separator to the next part, but not those of a fence (`FENCE`)."""
        return count(self.text + ("\n" if self.fenced else SEPARATOR))


@dataclass(frozen=True)
class Layout:
    """What a successor is shown, and what was left out."""

    parts: tuple[Part, ...] = ()
    listed: tuple[Note, ...] = ()
    """Notes that only an index names; they can be opened."""
    dropped: tuple[Note, ...] = ()
    """All notes that are not shown in full, the next in line first."""
    searchable: bool = False
    """Whether all of `dropped` can be found by a search, or opened by whoever knows their ids."""

    @property
    def openable(self) -> tuple[Note, ...]:
        """Notes that are not shown in full and can be opened: those that an index names come first."""
        if not self.searchable:
            return self.listed
        listed = {note.id for note in self.listed}
        return (*self.listed, *(note for note in self.dropped if note.id not in listed))

    @property
    def shown(self) -> tuple[Note, ...]:
        """Notes shown in full, in order."""
        return tuple(part.note for part in self.parts if part.note is not None)


@dataclass(frozen=True)
class Linked:
    """The statements in a note's text."""

    statements: tuple[str, ...] = ()
    rests_on: Mapping[str, str] = field(default_factory=dict)
    told: tuple[str, ...] = ()
    """The status of each of `statements` that was reported to the author; "" if none was."""
    explains: tuple[int, ...] = ()
    """Numbers of the phenomena that the statements explain, as reported to the author."""
    unknown: tuple[str, ...] = ()
    """First lines of statements that the author neither stated nor could read."""

    @property
    def warning(self) -> str:
        """A sentence about `unknown`, with a space before it; empty if there are none."""
        if not self.unknown:
            return ""
        return (
            f" It holds {len(self.unknown)} statement(s) that you neither stated nor could read, which nobody will be "
            f"able to call: `{self.unknown[0]}`. State it first, then write it down."
        )


class NotePlace(Protocol):
    """What a scheme can access while it carries out one action of a tenure."""

    @property
    def notes(self) -> Notes:
        """The notes that the tenure was shown, may open or find, or wrote; by id."""

    @property
    def read(self) -> Collection[str]:
        """Ids of the notes that the tenure read in full or wrote. A reply may depend only on these notes, and that of a
        search on those that it shows."""

    @property
    def count(self) -> Counter:
        """Counts the tokens of a text as the agent does."""

    @property
    def number(self) -> int:
        """The tenure's place in its generation, from 1 to `width`."""

    @property
    def width(self) -> int:
        """The number of tenures in a generation."""

    def link(self, text: str, of: Note | None = None) -> Linked:
        """The statements in the fences of a text, as this tenure reads them. `of`: the note that the text is a new
        version of. What it calls keeps its meaning, whether this tenure can read that or not."""

    def reading(self, note: Note) -> str:
        """The text of a note with all names as this tenure knows them. Whoever edits a note begins with this."""

    def source(self, name: str) -> str | None:
        """The source of the statement that this tenure knows as `name`, with all names as the tenure knows them; None
        if it knows no such statement."""

    @property
    def room(self) -> int:
        """Most tokens of the notes that the tenure was shown, and, as far as it can know, of those that its successor
        will be."""

    def fresh_id(self, after: int = 0) -> str:
        """An id that no note has or will have; `after`: the number of new notes that the same action writes before."""


@dataclass(frozen=True)
class Written:
    """A note is to be written, edited (`version` above 1) or struck (`text` empty)."""

    id: str
    text: str
    reply: str
    version: int = 1
    parents: tuple[NoteRef, ...] = ()
    linked: Linked = Linked()
    sure: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)

    def note(self, author: str) -> Note:
        """The note as a store has it if the change is applied."""
        return Note(
            id=self.id,
            version=self.version,
            author=author,
            text=self.text,
            rests_on=dict(self.linked.rests_on),
            statements=self.linked.statements,
            sure=self.sure,
            explains=self.linked.explains,
            data=dict(self.data),
        )


@dataclass(frozen=True)
class Several:
    """Several notes are to be written by one action. `reply` tells of all of them."""

    written: tuple[Written, ...]
    reply: str


@dataclass(frozen=True)
class Opened:
    """A note is to be shown, in full or in part."""

    note: Note
    head: str = ""
    """What the reply says before the text, on one line, without a colon. Empty: `Entry` and the id. It may tell only
    what the tenure was shown of the note already, or what is a part of the note."""
    lines: tuple[int, int] | None = None
    """The first and the last line of a part, from 1; None: all of it. A part is read as text: nothing that it states
    can be called."""


@dataclass(frozen=True)
class FoundNotes:
    """Notes are to be shown in full, in this order, as many as there is room for."""

    notes: tuple[Note, ...]
    reply: str
    """The line above them."""


@dataclass(frozen=True)
class Refused:
    """Nothing happened; `reply` says why and how to fix it."""

    reply: str


Outcome = Written | Several | Opened | FoundNotes | Refused


class NoteScheme(Record):
    """Base of note schemes. Its fields are its configuration."""

    actions: ClassVar[tuple[type[Action], ...]] = ()
    """Actions in addition to those that every researcher has. For programs, each has a `purpose`, and its fields are
    marked with a `Role`."""

    @property
    def limit(self) -> int | None:
        """Most tokens of the text shown to a successor, if the scheme limits it and its instructions say so."""
        return None

    @abstractmethod
    def instructions(self) -> str:
        """The scheme in words, for a researcher: how notes reach it, and the JSON of each action."""

    @abstractmethod
    def show(self, notes: Notes, room: int, count: Counter) -> Layout:
        """What a successor is shown of `notes`: a layout of at most `room` tokens."""

    def of_place(self, number: int, width: int) -> str:
        """What every prompt of the researcher at place `number`, from 1 to `width`, tells of that place, on one line;
        empty if its place makes no difference."""
        return ""

    def apply(self, action: Action, place: NotePlace) -> Outcome:
        """The outcome of an action of this scheme. Nothing is changed here: the engine carries it out."""
        return Refused(f"These notes have no action `{action.action}`.")

    async def carry_out(self, action: Action, place: NotePlace, outside: Outside) -> Outcome:
        """The outcome of an action of a researcher. The default is `apply`. Whatever else it depends on comes through
        `outside`."""
        return self.apply(action, place)

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Held open while actions may be carried out. A scheme serves its models here. Raises `UsageError` for problems
        that a user can fix, before anything is spent."""
        yield

    def merge(self, notes: Notes, change: NoteChanged) -> NoteChanged:
        """The change as it is applied to the store at the end of its generation.

        If the note is still at the version from which the change was made, the change is returned as it is. Otherwise
        it is a conflict: an edit becomes a note of its own, and a strike has no effect. What the same author changed
        after such an edit changes that note of its own.
        """
        # Two tenures may edit the same version; the author keeps their ids apart.
        fork = f"{change.id}.{change.author}"
        if (forked := notes.get(fork)) is not None:
            update = {"id": fork, "version": forked.version + 1, "parents": (forked.ref,)}
            return change.model_copy(update=update)
        there = notes.get(change.id)
        if change.version == (there.version if there else 0) + 1:
            return change
        if not change.text:
            return change.model_copy(update={"conflict": True})
        return change.model_copy(update={"id": fork, "version": 1, "conflict": True})
