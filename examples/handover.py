"""A hand-over step: a random half of the notes. `relay run alien --handover examples/handover.py:Sampled -g 3`"""

from dataclasses import replace

from pydantic import Field

from relay.schemes.handover import HandoverStep


class Sampled(HandoverStep):
    """A control: each successor gets a share of the notes, drawn anew for each."""

    share: float = Field(default=0.5, ge=0, le=1)
    """The probability that a note is handed on."""

    def step(self, view, rng):
        """The view of one successor, of which some notes are left out. The store stays as it is."""
        kept = {id: note for id, note in view.notes.items() if rng.random() < self.share}
        return replace(view, notes=kept)
