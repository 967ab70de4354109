"""What every event of a log has."""

from __future__ import annotations

from relay.records.record import Record

SCHEMA = 2
"""Version of this schema. Within a version, keys are added and never renamed."""


class Event(Record):
    """The fields of every event."""

    v: int = SCHEMA
    type: str
    generation: int = 0
    tenure: int = 0
    turn: int = 0
    seq: int = 0
