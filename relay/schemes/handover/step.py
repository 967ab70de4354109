"""Hand-over steps: `(view, rng) -> view`, between the store and the successor.

None by default. Controls are such steps: notes of another trial, shuffled notes, none from a certain generation on. A
step sees everything that could be handed on, before the note scheme lays it out; nothing else reaches the successor.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from relay.notation.syntax import Definition
from relay.records.record import Record
from relay.schemes.memory.scheme import Remembered
from relay.schemes.notes.note import Note

__all__ = ["HandoverStep", "HandoverView"]


@dataclass(frozen=True)
class HandoverView:
    """What could be handed to one successor. Change it with `dataclasses.replace`."""

    notes: Mapping[str, Note]
    """Id -> note, in the order in which notes came into the store."""
    definitions: Mapping[str, Definition]
    """Key -> definition, for every statement that the notes and messages are linked to."""
    remembered: tuple[Remembered, ...]
    """Messages of the predecessor in the same place, oldest first. A step may drop the oldest, or all: the log says how
    many were handed on and not which, so none can be put in their place."""


class HandoverStep(Record):
    """Base of hand-over steps."""

    @abstractmethod
    def step(self, view: HandoverView, rng: np.random.Generator) -> HandoverView:
        """The view as the successor's schemes shall see it."""
