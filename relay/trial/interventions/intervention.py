"""The interface of interventions, and of what they act with."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from relay.notation.syntax import Definition, Statement
from relay.records.intervened import Role
from relay.records.record import Record
from relay.records.task import Given
from relay.schemes.notes.note import Note
from relay.scoring.examiner import Examination
from relay.scoring.theory import Theory

__all__ = ["Desk", "Examined", "Held", "Intervention"]


@dataclass(frozen=True)
class Examined:
    """A statement with what the checker found."""

    statement: Statement
    found: Examination


@dataclass(frozen=True)
class Held:
    """A statement that stands in a note."""

    note: Note
    source: str
    """Its source as it stands in the note's text."""
    statement: Statement


class Desk(Protocol):
    """What an intervention sees and does at the end of one generation, when all changes of notes have been merged."""

    generation: int
    """The generation that is ending."""
    done: int
    """Number of statements that this intervention has written in earlier generations."""
    rng: np.random.Generator
    """Drawn from the trial's seed, the place of the intervention, and the generation."""
    theory: Theory
    """The hidden side of the task."""

    @property
    def given(self) -> Given:
        """What the task gives."""

    @property
    def notes(self) -> Mapping[str, Note]:
        """Id -> note, as the store is now."""

    @property
    def definitions(self) -> Mapping[str, Definition]:
        """Key -> definition that a note is linked to, or that this intervention has stated."""

    @property
    def established(self) -> Collection[str]:
        """Ids of the concepts that researchers have established so far."""

    def formed(self, keys: Collection[str]) -> frozenset[str]:
        """Ids of the concepts that the definitions `keys` are forms of, as far as they were judged."""

    def readable(self) -> frozenset[str]:
        """Keys of the definitions that a successor could call, as the store is now."""

    def held(self, note: Note) -> tuple[Held, ...]:
        """The statements of a note, in order."""

    async def examined(self, source: str, called: Mapping[str, Definition], *, limited: bool = True) -> Examined | None:
        """Read a statement and have it checked. `called` maps the names that it calls to definitions. None if it does
        not read; `limited`: or if it is larger than a statement may be."""

    def write(self, examined: Examined, role: Role, *, told: bool) -> bool:
        """Write a statement into a note of its own, as the note scheme writes it, after logging it. `told`: whether the
        note says what would have been reported of the statement. Returns False, and does nothing, if the scheme
        refuses it."""

    def exchange(self, held: Held, examined: Examined, role: Role, *, told: bool) -> None:
        """Put another statement in the place of one in a note. `told`: whether the note says of itself what it said
        before."""


class Intervention(Record):
    """Base of interventions."""

    @abstractmethod
    async def intervene(self, desk: Desk) -> None:
        """Act at the end of a generation. The same desk must lead to the same acts."""
