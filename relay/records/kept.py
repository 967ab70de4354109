"""The event of how a charter was kept in a generation."""

from __future__ import annotations

from typing import Literal

from relay.records.event import Event
from relay.records.record import Record, later

__all__ = ["CharterKept", "TenureKept"]


class TenureKept(Record):
    """How one tenure kept a charter."""

    tenure: int
    """Its place in the generation, from 1."""
    given: bool
    """Whether it was given the rule, by the hand-over. It may also have read it in the notes."""
    chances: int
    """How often it could have kept the rule or broken it."""
    kept: int
    """How often it kept it: at most `chances`."""
    failed: str = later("")
    """Why the charter could not tell; `chances` is 0 then. Empty if it could."""


class CharterKept(Event):
    """How the tenures of a generation kept a charter: what its predicate says of their events. Comes after these, once
    for each charter. Never reported to researchers."""

    type: Literal["charter_kept"] = "charter_kept"
    by: str
    """The charter, by its name in the condition."""
    place: int
    """Its place among the hand-over steps there, from 1."""
    tenures: tuple[TenureKept, ...]
    """In order."""
