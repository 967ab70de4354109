"""`shuffled`: the notes come in an order that is drawn anew for each successor."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from relay.schemes.handover.step import HandoverStep, HandoverView

__all__ = ["Shuffled"]


class Shuffled(HandoverStep):
    """A control: notes in an order drawn for each successor, so that their age says nothing."""

    def step(self, view: HandoverView, rng: np.random.Generator) -> HandoverView:
        """The same notes in another order."""
        notes = list(view.notes.values())
        ordered = [notes[int(at)] for at in rng.permutation(len(notes))]
        return replace(view, notes={note.id: note for note in ordered})
