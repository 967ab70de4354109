"""What became of the errors that a control planted in the notes, by events alone: who read them, who repeated them, and
when they were found.

An error is *found* when a researcher strikes or edits the note so that it no longer holds it, when somebody states the
wrong claim and is told that it is refuted, when the statement that stood there before is written into the notes again,
or when another definition is credited with the concept, or accounts for the phenomenon, that the former one did. It is
*repeated* by whoever states it anew, states something that calls it, or writes it into another note; not by whoever is
told at once that it is refuted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from relay.records.events import AnyEvent, Credited, Explained, Judged, NoteChanged, NoteOpened, NoteRef, NotesShown
from relay.records.intervened import CONTROL, Intervened
from relay.records.status import Status
from relay.text import quantity

PLANTED = frozenset({"error", "false"})
"""Roles of the statements that are followed."""
BY = "planted"
"""The intervention whose statements are followed: the junk of others is not meant to be found."""

How = Literal["struck", "edited", "refuted", "restored", "rediscovered"]


@dataclass(frozen=True)
class PlantedError:
    """One planted error, and what became of it up to the last generation that has ended."""

    name: str
    """The name of its statement, or the beginning of its source."""
    role: str
    """`error` in what a researcher wrote, or a `false` claim of the control's own."""
    note: str
    """Id of the note in which it was planted."""
    planted: int
    """The generation after which it was planted."""
    readers: tuple[str, ...]
    """Tenures, as `gG-tT`, that were shown or opened a note while it held the error."""
    repeaters: tuple[str, ...]
    """Tenures that repeated it."""
    found: int | None
    """The generation that found it; None if none did."""
    how: How | None
    by: str
    """The tenure that found it first; empty if none did."""
    stands: bool
    """Whether some note holds it at the end."""
    followed: int
    """The last generation that has ended."""

    @property
    def lived(self) -> int:
        """Number of generations that had begun after it was planted when it was found; if it was not found, that have
        ended."""
        return (self.followed if self.found is None else self.found) - self.planted

    def record(self) -> dict[str, Any]:
        """Return the data that `relay show --json` prints."""
        return {**asdict(self), "readers": list(self.readers), "repeaters": list(self.repeaters), "lived": self.lived}

    def words(self) -> str:
        """Describe the error and what became of it, in a line."""
        what = "an error in" if self.role == "error" else "the false"
        after = f"planted {what} `{self.name}` after generation {self.planted} (note {self.note})"
        read = f"read by {quantity(len(self.readers), 'tenure')}, repeated by {len(self.repeaters)}"
        if self.found is None:
            return f"{after}: not found in {quantity(self.lived, 'generation')}; {read}"
        return f"{after}: {self.how} by {self.by}, in generation {self.lived} after it; {read}"


@dataclass
class _Followed:
    """An error while events are read."""

    event: Intervened
    holders: set[str]
    """Ids of notes that hold it now."""
    earned: frozenset[str | int]
    """Concepts and phenomena that the former statement was credited with."""
    readers: dict[str, None] = field(default_factory=dict)
    repeaters: dict[str, None] = field(default_factory=dict)
    found: tuple[int, How, str] | None = None

    def find(self, event: AnyEvent, how: How) -> None:
        """Note that it was found, unless it was before."""
        self.found = self.found or (event.generation, how, _tenure(event))


class PlantedCount:
    """Follows the planted errors of a trial: a fold over its events."""

    def __init__(self) -> None:
        self._followed: list[_Followed] = []
        self._earned: dict[str, set[str | int]] = {}
        """Key of a definition -> concepts, and numbers of phenomena, that it was credited with."""

    def take(self, event: AnyEvent) -> None:
        """Follow the errors through one event."""
        if isinstance(event, Intervened):
            if event.by == BY and event.role in PLANTED:
                earned = frozenset(self._earned.get(event.original, ()))
                self._followed.append(_Followed(event, {event.note}, earned))
            return
        if isinstance(event, Credited | Explained):
            self._earned.setdefault(event.key, set()).add(_what(event))
        for each in self._followed:
            _follow(each, event)

    def errors(self, ended: int) -> tuple[PlantedError, ...]:
        """Return the errors, in order. `ended`: the last generation that has ended."""
        found = []
        for each in self._followed:
            generation, how, by = each.found if each.found and each.found[0] <= ended else (None, None, "")
            found.append(
                PlantedError(
                    name=each.event.name or " ".join(each.event.source.split())[:60],
                    role=each.event.role,
                    note=each.event.note,
                    planted=each.event.generation,
                    readers=tuple(each.readers),
                    repeaters=tuple(each.repeaters),
                    found=generation,
                    how=how,
                    by=by,
                    stands=bool(each.holders),
                    followed=ended,
                )
            )
        return tuple(found)


def half_life(errors: Iterable[PlantedError]) -> int | None:
    """Return the number of generations after which at least half of the errors, perhaps of many trials, have been
    found; None if that many were not found as long as any was followed.

    An error that was not found counts for as long as it was followed: the product-limit estimate of Kaplan and Meier
    (1958), at its median.
    """
    errors = tuple(errors)
    standing = 1.0
    for age in sorted({error.lived for error in errors if error.found is not None}):
        at_risk = sum(error.lived >= age for error in errors)
        standing *= 1 - sum(error.found is not None and error.lived == age for error in errors) / at_risk
        if standing <= 0.5 + 1e-12:
            return age
    return None


def _follow(each: _Followed, event: AnyEvent) -> None:
    key = each.event.key
    match event:
        case NotesShown(notes=refs):
            _read(each, event, refs)
        case NoteOpened(note=ref):
            _read(each, event, (ref,))
        case Judged(told=Status.REFUTED) if event.key == key:
            each.find(event, "refuted")
        case Judged() if event.key == key or key in event.rests_on.values():
            each.repeaters[_tenure(event)] = None
        case Credited() | Explained() if _what(event) in each.earned:
            each.find(event, "rediscovered")
        case NoteChanged(applied=True) if event.author != CONTROL:
            _change(each, event)


def _change(each: _Followed, change: NoteChanged) -> None:
    """Follow an error through a change of a note by a researcher."""
    holds = each.event.key in change.statements
    if change.id in each.holders and not holds and (change.text or not change.conflict):
        each.holders.discard(change.id)
        each.find(change, "edited" if change.text else "struck")
    elif holds and change.id not in each.holders:
        each.holders.add(change.id)
        each.repeaters[_tenure(change)] = None
    if each.event.original and each.event.original in change.statements and not holds:
        each.find(change, "restored")


def _read(each: _Followed, event: AnyEvent, refs: Sequence[NoteRef]) -> None:
    if not each.holders.isdisjoint(ref.id for ref in refs):
        each.readers[_tenure(event)] = None


def _what(event: Credited | Explained) -> str | int:
    return event.concept if isinstance(event, Credited) else event.phenomenon


def _tenure(event: AnyEvent) -> str:
    return f"g{event.generation}-t{event.tenure}"
