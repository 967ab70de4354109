"""What crossed from earlier researchers to the tenures of one generation: notes, messages, and what they define."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from relay.records.events import AnyEvent, NoteOpened, NotesShown

CROSSING_EVENTS = frozenset({NotesShown, NoteOpened})
"""Types of the events that are counted."""


@dataclass(frozen=True)
class Crossing:
    """What one tenure was handed."""

    tenure: int
    shown: int
    """Notes that it was shown in full."""
    listed: int
    """Notes that an index named, so that they could be opened."""
    dropped: int
    """Notes that were not shown in full for want of room, those in the index included."""
    opened: int
    """Notes that it opened."""
    callable: int
    """Definitions of others that it could call: those that it was shown, with what they rest on, and those that it
    opened."""
    messages: int
    """Messages that the memory scheme handed on."""
    tokens: int
    """Tokens of what it was handed at its start."""

    def record(self) -> dict[str, Any]:
        """Return the data that `relay show --json` prints."""
        return asdict(self)


class CrossingCount:
    """Counts the events of one generation."""

    def __init__(self) -> None:
        self._shown: dict[int, NotesShown] = {}
        self._opened: dict[int, list[NoteOpened]] = {}

    def take(self, event: AnyEvent) -> None:
        """Count one event."""
        if isinstance(event, NotesShown):
            self._shown[event.tenure] = event
        elif isinstance(event, NoteOpened):
            self._opened.setdefault(event.tenure, []).append(event)

    def crossings(self) -> tuple[Crossing, ...]:
        """Return what each tenure was handed, in order."""
        return tuple(self._crossing(shown, self._opened.get(tenure, [])) for tenure, shown in self._shown.items())

    def _crossing(self, shown: NotesShown, opened: list[NoteOpened]) -> Crossing:
        keys = {*shown.readable, *(key for event in opened for key in event.names.values())}
        return Crossing(
            tenure=shown.tenure,
            shown=len(shown.notes),
            listed=len(shown.listed),
            dropped=shown.dropped_count,
            opened=len({event.note.id for event in opened}),
            callable=len(keys),
            messages=shown.messages,
            tokens=shown.tokens,
        )
