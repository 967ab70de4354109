"""The event that tells what was withheld of a statement, some generations after it was stated."""

from __future__ import annotations

from typing import Literal

from relay.records.event import Event
from relay.records.record import later


class StatusTold(Event):
    """At the end of a generation it becomes known what a statement is: from now on every note that holds it tells. It
    belongs to no tenure."""

    type: Literal["status_told"] = "status_told"
    key: str
    """Key of the statement."""
    stated: int
    """The generation in which it was stated."""
    status: str = later("")
    """The status of a claim; empty for a definition."""
    explains: tuple[int, ...] = later(())
    """Numbers of the phenomena that a definition explains."""
