"""A tenure's events, in memory and in its own file.

The file may hold a part of a tenure that was killed. A resumed tenure does everything once more: its logged answers
are taken from the file instead of being requested, and every event that follows from them must be the one in the file.
So what was judged and credited is derived again, not believed. Events after the last logged one are new, and are
written to the file once the tenure has caught up with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from relay.errors import UsageError
from relay.records.chain import tenure_chain
from relay.records.consulted import Consulted
from relay.records.events import Answered, AnyEvent, BrokenOff, Fault, Searched, TenureEnded
from relay.records.files import Appender
from relay.records.log import LoggedEvent, damaged, encode

__all__ = ["Emit", "TenureLog"]


class Emit(Protocol):
    """Writes events in one piece, then applies them."""

    def __call__(self, *events: AnyEvent) -> None: ...


class TenureLog:
    """The events of one tenure: those that its file has confirmed, and those appended to them."""

    def __init__(
        self,
        path: Path,
        place: tuple[int, int],
        before: str,
        logged: Sequence[LoggedEvent] = (),
        *,
        believed: bool = False,
    ) -> None:
        """`place` is the generation and tenure, `before` the digest of the block of the log on which the tenure
        stands, and `logged` are the events of its file. `believed`: whether its complete turns are taken as they are,
        because another version of relay judged them."""
        self.events: list[AnyEvent] = []
        self.believed = believed
        self._path, self._logged = path, tuple(logged)
        self._place = {"generation": place[0], "tenure": place[1]}
        self._chain = tenure_chain(before, *place)
        """Digest of the last line in the file that stands."""
        self._size = 0
        """Offset in bytes at which that line ends."""
        self._new: list[AnyEvent] = []
        """Events that are not in the file yet."""
        self._appender: Appender | None = None
        self._kept: list[Consulted] = []
        """Answers from outside in a turn that was dropped."""

    # --- catching up with the file ---------------------------------------------------------------------------------

    @property
    def upcoming(self) -> AnyEvent | None:
        """The next event in the file; None if all of them are confirmed."""
        at = len(self.events)
        return self._logged[at].event if at < len(self._logged) else None

    def outside(self) -> list[AnyEvent]:
        """Confirm and return the next events of the file that came from outside before an answer: faults of the
        machine, and requests that a person broke off."""
        found: list[AnyEvent] = []
        while isinstance(event := self.upcoming, BrokenOff) or (isinstance(event, Fault) and event.side == "machine"):
            found.append(self._confirm())
        return found

    def consulted(self, request: str) -> Consulted | None:
        """Confirm and return the next event of the file if it is the answer to this request from outside."""
        event = self.upcoming
        if not (isinstance(event, Consulted) and event.request == request):
            return None
        self._confirm()
        return event

    def kept(self, request: str) -> Consulted | None:
        """What came from outside for this request in a turn that was dropped, once."""
        found = next((event for event in self._kept if event.request == request), None)
        if found is not None:
            self._kept.remove(found)
        return found

    @property
    def following(self) -> AnyEvent | None:
        """The next event in the file that did not come from outside."""
        rest = (line.event for line in self._logged[len(self.events) :])
        return next((event for event in rest if not isinstance(event, Consulted | Fault)), None)

    def recall(self) -> list[AnyEvent]:
        """Confirm and return the next answer of the file, after the searches that were made for it; empty if the file
        has no further answer. Searches without an answer were not charged and are dropped."""
        rest = [line.event for line in self._logged[len(self.events) :]]
        searches = next((place for place, event in enumerate(rest) if not isinstance(event, Searched)), len(rest))
        if searches < len(rest) and isinstance(rest[searches], Answered):
            return [self._confirm() for _ in range(searches + 1)]
        if searches == len(rest):
            self._logged = self._logged[: len(self.events)]
        return []

    def turn(self, number: int) -> list[AnyEvent]:
        """Confirm and return all further events of turn `number` as they are in the file, if something follows them, so
        that none is missing; otherwise drop them and return none. Of what is dropped, that which came from outside is
        kept aside."""
        rest = [line.event for line in self._logged[len(self.events) :]]
        later = (event.turn > number or isinstance(event, TenureEnded) for event in rest)
        count = next((place for place, is_later in enumerate(later) if is_later), None)
        if count is not None:
            return [self._confirm() for _ in range(count)]
        self._kept = [event for event in rest if isinstance(event, Consulted)]
        self._logged = self._logged[: len(self.events)]
        return []

    @property
    def where(self) -> str:
        """The place of the next line of the file, in words."""
        line = self._logged[len(self.events)]
        return f"{self._path}, line {line.number} (generation {line.event.generation})"

    def changed(self, what: str) -> UsageError:
        """The error for the next line of the file. `what` continues a sentence about the line."""
        line = self._logged[len(self.events)]
        return damaged(self._path, line.number, line.event.generation, what)

    def _confirm(self) -> AnyEvent:
        line = self._logged[len(self.events)]
        self.events.append(line.event)
        self._chain, self._size = line.chain, line.end
        return line.event

    # --- writing ---------------------------------------------------------------------------------------------------

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Open the file for appending. What its events did not confirm is cut off first, and events that are new since
        the tenure began are written."""
        self._appender = Appender(self._path, size=self._size)
        try:
            self._write()
            yield
        finally:
            self._appender.close()
            self._appender = None

    def append(self, events: Sequence[AnyEvent], turn: int) -> list[AnyEvent]:
        """Append events in one piece and return them with generation, tenure, turn and `seq` set. Events without a
        turn get `turn`.

        Raises `UsageError` if the file has another event in the place of one of them.
        """
        placed: list[AnyEvent] = []
        for event in events:
            own = event.model_copy(update={**self._place, "turn": event.turn or turn, "seq": len(self.events)})
            if self.upcoming is None:
                self.events.append(own)
                self._new.append(own)
            elif own.model_dump_json() != self.upcoming.model_dump_json():
                raise self.changed(f"is `{self.upcoming.type}`, and what follows from the lines before it is another")
            else:
                self._confirm()
            placed.append(own)
        if self._appender is not None:
            self._write()
        return placed

    def _write(self) -> None:
        assert self._appender is not None
        new, self._new = self._new, []
        data, self._chain = encode(new, self._chain)
        self._appender.append(data)
