"""A tenure's events, in memory and in its own file.

The file may hold a part of a tenure that was killed. Events up to the last answer are valid. Events after it are valid
only if a later machine fault proves that the turn's actions are complete; otherwise they are dropped and done again.
Searches without an answer were not charged and are dropped.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from relay.errors import UsageError
from relay.records.events import Answered, AnyEvent, NotesShown, Searched, TenureEnded
from relay.records.log import Appender, encode, read_lines

__all__ = ["Emit", "TenureLog"]


class Emit(Protocol):
    """Writes events in one piece, then applies them."""

    def __call__(self, *events: AnyEvent) -> None: ...


class TenureLog:
    """The events of one tenure: the valid ones of its file, and those appended to them."""

    def __init__(self, path: Path, generation: int, tenure: int) -> None:
        found = _standing([*read_lines(path)])
        self.events = [event for event, _ in found]
        self._path, self._size = path, found[-1][1] if found else 0
        self._place = {"generation": generation, "tenure": tenure}
        self._appender: Appender | None = None

    @property
    def last(self) -> AnyEvent | None:
        """The last event; None before the first."""
        return self.events[-1] if self.events else None

    @property
    def last_asked(self) -> int:
        """The turn of the last answer; 0 if there is none or the tenure has ended."""
        answers = [event.turn for event in self.events if isinstance(event, Answered)]
        return answers[-1] if answers and not isinstance(self.last, TenureEnded) else 0

    def belongs(self, seq: int, shown: NotesShown) -> bool:
        """Whether the event at place `seq` has the right `seq`, generation and tenure. The event at place 1 must also
        be equal to `shown`."""
        event = self.events[seq]
        if seq == 1 and event != shown.model_copy(update={**self._place, "seq": 1}):
            return False
        return event.seq == seq and {"generation": event.generation, "tenure": event.tenure} == self._place

    def changed(self) -> UsageError:
        """The error for an event that does not belong."""
        return UsageError(
            f"{self._path} was changed after it was written; restore it, or delete it to run that tenure again"
        )

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Open the file for appending. Invalid events at its end are cut off first."""
        self._appender = Appender(self._path, size=self._size)
        try:
            yield
        finally:
            self._appender.close()

    def append(self, events: Sequence[AnyEvent], turn: int) -> list[AnyEvent]:
        """Write events in one piece and return them with generation, tenure, turn and `seq` set. Events without a turn
        get `turn`."""
        assert self._appender is not None, "a tenure acts only while it is alive"
        placed: list[AnyEvent] = []
        for event in events:
            place = {**self._place, "turn": event.turn or turn}
            placed.append(event.model_copy(update={**place, "seq": len(self.events) + len(placed)}))
        self._appender.append(encode(placed))
        self.events += placed
        return placed


def _standing(found: list[tuple[AnyEvent, int]]) -> list[tuple[AnyEvent, int]]:
    """The valid events of a tenure's file; each with the offset at which it ends."""
    events = [event for event, _ in found]
    # The two opening events are written in one piece; without the second, nothing is valid.
    if not any(isinstance(event, NotesShown) for event in events):
        return []
    if isinstance(events[-1], TenureEnded):
        return found
    answers = [place for place, event in enumerate(events) if isinstance(event, Answered)]
    # without an answer, the two opening events are valid
    end = answers[-1] + 1 if answers else 2
    turn = events[answers[-1]].turn if answers else 0
    # A later turn's event shows that all actions of the last answer were done. Only machine faults can be kept from
    # it.
    later = [place for place in range(end, len(events)) if events[place].turn > turn]
    if later:
        end = later[0]
        while end < len(events) and not isinstance(events[end], Searched):
            end += 1
    return found[:end]
