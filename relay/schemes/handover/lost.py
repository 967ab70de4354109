"""`lost(p=...)`: each note is lost with probability p, for good."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

import numpy as np
from pydantic import Field

from relay.schemes.handover.step import HandoverStep, HandoverView
from relay.seeds import content_generator

__all__ = ["Lost"]


class Lost(HandoverStep):
    """A control: each note is lost with probability p, for all successors alike."""

    withholds: ClassVar[bool] = True

    p: float = Field(default=0.2, ge=0, le=1)
    """The probability that a note is lost. A note has one coin, which decides for good, also when it is edited."""

    def step(self, view: HandoverView, rng: np.random.Generator) -> HandoverView:
        """The notes that are not lost. The coin of a note follows from the trial's seed, the step's place and its
        id."""
        return replace(view, notes={id: note for id, note in view.notes.items() if not self._is_lost(view, id)})

    def _is_lost(self, view: HandoverView, id: str) -> bool:
        return bool(content_generator(view.lasting, id).random() < self.p)
