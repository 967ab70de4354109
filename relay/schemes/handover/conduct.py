"""What one tenure did, for the predicate of a charter: its events, and what they say in short.

Everything follows from the log. A predicate may look at the events themselves, or at what is put together here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from relay.records.events import Acted, Answered, AnyEvent, Judged, NoteChanged, NoteOpened, NotesShown
from relay.researcher.actions import NoteAction, Purpose
from relay.schemes.notes.note import Note

__all__ = ["Conduct", "Deed"]


@dataclass(frozen=True)
class Deed:
    """One action that was carried out, or refused, with what came of it."""

    turn: int
    action: Mapping[str, Any]
    """The action as it was answered, by its fields."""
    ok: bool
    purpose: Purpose | None
    """What the note scheme's action is for; None if it is none of the note scheme's."""
    judged: tuple[Judged, ...]
    """The statement that it stated, if it did."""
    changes: tuple[NoteChanged, ...]
    """The changes of notes that it made."""


@dataclass(frozen=True)
class Conduct:
    """What one tenure did and read, and in which notes."""

    events: tuple[AnyEvent, ...] = ()
    """The events of the tenure, in order."""
    notes: Mapping[str, Note] = field(default_factory=dict)
    """Id -> note, as the store was when the generation began. Others wrote them all: a tenure writes none before."""
    actions: tuple[NoteAction, ...] = ()
    """The actions of the note scheme."""

    @cached_property
    def deeds(self) -> tuple[Deed, ...]:
        """All actions, in order."""
        purposes = {action.name: action.purpose for action in self.actions}
        found: list[Deed] = []
        before: list[AnyEvent] = []
        for event in self.events:
            if not isinstance(event, Acted):
                before.append(event)
                continue
            found.append(
                Deed(
                    turn=event.turn,
                    action=event.action,
                    ok=event.ok,
                    purpose=purposes.get(str(event.action.get("action"))),
                    judged=tuple(each for each in before if isinstance(each, Judged)),
                    changes=tuple(each for each in before if isinstance(each, NoteChanged)),
                )
            )
            before = []
        return tuple(found)

    @cached_property
    def stated(self) -> dict[str, Judged]:
        """Key -> the last verdict on each statement that the tenure stated. What it was told is `told`."""
        return {event.key: event for event in self.events if isinstance(event, Judged) and event.key}

    @cached_property
    def left(self) -> dict[str, NoteChanged]:
        """Id -> the last version of each note that the tenure wrote or changed, without those that it struck."""
        last = {event.id: event for event in self.events if isinstance(event, NoteChanged)}
        return {id: change for id, change in last.items() if change.text}

    @cached_property
    def within_reach(self) -> tuple[Note, ...]:
        """The notes of others that the tenure was shown, or that an index named, or that it opened."""
        ids: dict[str, None] = {}
        for event in self.events:
            if isinstance(event, NotesShown):
                ids |= {ref.id: None for ref in (*event.notes, *event.listed)}
            elif isinstance(event, NoteOpened):
                ids[event.note.id] = None
        return tuple(self.notes[id] for id in ids if id in self.notes)

    def added(self, id: str, text: str) -> tuple[str, ...]:
        """The lines of a text, as a note is to have it, that the note did not have when the generation began, or had
        less often."""
        note = self.notes.get(id)
        there = Counter(() if note is None else note.text.splitlines())
        return tuple((Counter(text.splitlines()) - there).elements())

    @property
    def last_turn(self) -> int:
        """The number of the last turn that was answered; 0 if none was."""
        return max((event.turn for event in self.events if isinstance(event, Answered)), default=0)

    def offers(self, *purposes: Purpose) -> bool:
        """Whether the note scheme has an action with one of these purposes."""
        return any(action.purpose in purposes for action in self.actions)
