"""What a note scheme is: how notes are laid out, capped and shown, and with which actions they are read and written.

A scheme keeps nothing. It sees the store and what a tenure was told, and never a verdict that was withheld, credit, or
the hidden graph. The engine logs what it decides, rewrites names for the reader, and settles the changes of a
generation in tenure order.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

from relay.records.events import NoteChanged, NoteRef
from relay.records.record import Record
from relay.researcher.actions import Action
from relay.researcher.tokens import Counter
from relay.schemes.notes.note import Note

__all__ = ["Layout", "Linked", "NotePlace", "NoteScheme", "Opened", "Outcome", "Part", "Refused", "Written"]

Notes = Mapping[str, Note]
"""Id -> note, in the order in which notes came into the store."""

SEPARATOR = "\n\n"
"""Between the parts of what is shown."""


@dataclass(frozen=True)
class Part:
    """A piece of what is shown; names in `text` are rewritten for the reader when it holds a note."""

    text: str
    note: Note | None = None

    def tokens(self, count: Counter) -> int:
        """Its size, with what separates it from the next."""
        return count(self.text + SEPARATOR)


@dataclass(frozen=True)
class Layout:
    """What a successor is shown."""

    parts: tuple[Part, ...] = ()
    listed: tuple[Note, ...] = ()
    """Named by an index only; they can be opened."""
    dropped: tuple[Note, ...] = ()
    """Everything that is not shown in full, next in line first."""

    @property
    def shown(self) -> tuple[Note, ...]:
        """Notes shown in full, in order."""
        return tuple(part.note for part in self.parts if part.note is not None)


@dataclass(frozen=True)
class Linked:
    """What the statements in a note's text are."""

    statements: tuple[str, ...] = ()
    rests_on: Mapping[str, str] = field(default_factory=dict)
    told: tuple[str, ...] = ()
    """The status that the author was told of each of `statements`; "" where nothing was told."""
    explains: tuple[int, ...] = ()
    """Phenomena that the author was told they explain."""
    unknown: tuple[str, ...] = ()
    """First lines of statements that the author neither stated nor could read."""


class NotePlace(Protocol):
    """What a scheme can reach while it carries out one action of a tenure."""

    @property
    def notes(self) -> Notes:
        """What the tenure was shown, may open, or wrote itself."""

    @property
    def read(self) -> Collection[str]:
        """Ids of those of `notes` that the tenure has read in full, or wrote: what a reply may depend on."""

    @property
    def count(self) -> Counter:
        """Counts tokens."""

    def link(self, text: str) -> Linked:
        """The statements in the fences of a text, as this tenure reads them."""

    def source(self, name: str) -> str | None:
        """The source of a statement by the name that this tenure knows it under, its names this tenure's."""

    def fresh_id(self) -> str:
        """An id that no note has or will have."""


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


@dataclass(frozen=True)
class Opened:
    """A note is read in full."""

    note: Note


@dataclass(frozen=True)
class Refused:
    """Nothing happened; `reply` says why and how to mend it."""

    reply: str


Outcome = Written | Opened | Refused


class NoteScheme(Record):
    """Base of note schemes. Its fields are its configuration."""

    actions: ClassVar[tuple[type[Action], ...]] = ()
    """Actions beside those that every researcher has."""

    @abstractmethod
    def instructions(self) -> str:
        """The scheme in words, for a researcher: how notes reach it, and the JSON of each action."""

    @abstractmethod
    def show(self, notes: Notes, room: int, count: Counter) -> Layout:
        """What a successor is shown in `room` tokens."""

    def apply(self, action: Action, place: NotePlace) -> Outcome:
        """What an action of this scheme does."""
        return Refused(f"These notes have no action `{action.action}`.")

    def merge(self, notes: Notes, change: NoteChanged) -> NoteChanged:
        """The change as it is applied to the store, at the end of its generation.

        An edit applies to the version that it was made from; otherwise it is kept as a note of its own, and a strike
        comes to nothing; both are marked as conflicts.
        """
        there = notes.get(change.id)
        if change.version == (there.version if there else 0) + 1:
            return change
        if not change.text:
            return change.model_copy(update={"conflict": True})
        fork = f"{change.id}.{change.author}"
        return change.model_copy(update={"id": fork, "version": 1, "conflict": True})

    def readable(self, notes: Notes, room: int, spare: int, turns: int, count: Counter) -> tuple[Note, ...]:
        """Notes that a successor could be shown, or open within one tenure: what is opened must leave `spare` tokens
        of its context unfilled, and must come back before its last turn."""
        layout = self.show(notes, room, count)
        found = list(layout.shown)
        if turns > 1:
            for note in layout.listed:
                spare -= count(note.text)
                if spare < 0:
                    break
                found.append(note)
        return tuple(found)
