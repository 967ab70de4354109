"""The scores of a trial as a fold over its events: what was found, and the measures of each generation.

It needs no component, so whoever reads a log can compute every measure again.
"""

from __future__ import annotations

from collections.abc import Iterable

from relay.records.discoveries import Discoveries
from relay.records.events import (
    FOREIGN,
    Acted,
    Answered,
    AnyEvent,
    BrokenOff,
    Credited,
    Explained,
    GenerationEnded,
    GenerationStarted,
    Judged,
    LawCredited,
    NoteChanged,
    NotesShown,
    Searched,
    TenureEnded,
    TenureStarted,
)
from relay.records.intervened import Intervened
from relay.records.measures import TenureTally, depths, end_of_generation
from relay.records.notes import apply_change, defined_keys
from relay.records.task import Concept

__all__ = ["TrialScores"]

_COUNTED = frozenset({Acted, Answered, BrokenOff, Judged, Searched})
"""Types of the events that a tenure's tally counts."""


class TrialScores:
    """What the events of a trial add up to."""

    def __init__(self, concepts: Iterable[Concept]) -> None:
        """`concepts`: the hidden graph."""
        self.depth = depths(concepts)
        self.found = Discoveries()
        self.ended = 0
        """Number of generations that have ended."""
        self._recalls = 0.0
        """Depth-weighted recall of the retained concepts, summed over the generations that have ended."""
        self._notes: dict[str, frozenset[str]] = {}
        """Id of a note in the store -> keys of the definitions in it."""
        self._tenures: dict[int, TenureTally] = {}
        """Tenure of the running generation -> its tally."""
        self._begun: set[int] = set()
        """Tenures that have begun, and whose inheritance has not been told yet."""
        self.over: set[int] = set()
        """Tenures of the running generation that have ended."""

    @property
    def auc(self) -> float:
        """Mean depth-weighted recall of the retained concepts over the ended generations; 0 before the first."""
        return self._recalls / self.ended if self.ended else 0.0

    def apply(self, event: AnyEvent) -> None:
        """Add one event. Raises `KeyError` if it speaks of a tenure, note or concept that does not exist."""
        kind = type(event)
        if kind in _COUNTED:  # first, since nearly all events of a log are of these kinds
            self._tenures[event.tenure].apply(event)
            return
        match event:
            case TenureStarted(tenure=tenure):
                self._begun.add(tenure)
            case TenureEnded(tenure=tenure):
                _ = self._tenures[tenure]
                self.over.add(tenure)
            case NoteChanged(applied=True):
                apply_change(self._notes, event, defined_keys(event))
            case Credited() | LawCredited() | Explained():
                _ = self._tenures[event.tenure], isinstance(event, Credited) and self.depth[event.concept]
                self.found.apply(event)
            case Intervened():
                self.found.apply(event)
            case NotesShown():
                own = (ref for ref in (*event.notes, *event.listed) if not _is_foreign(event, ref.id))
                keys = {key for ref in own for key in self._notes[ref.id]}
                keys.difference_update(event.withheld)
                keys.update(event.names.values(), event.remembered.values())
                self._begun.remove(event.tenure)
                self._tenures[event.tenure] = TenureTally(keys)
            case GenerationStarted():
                self._tenures, self.over, self._begun = {}, set(), set()
            case GenerationEnded():
                self.ended += 1
                self._recalls += event.measures["depth_weighted_recall"]
            case _:
                pass

    def end_of_generation(self, logged: GenerationEnded) -> GenerationEnded:
        """What the end of the running generation must say, if `logged` is right about what a successor could read."""
        expected = end_of_generation(
            self.ended + 1, self.depth, self.found, logged.readable, list(self._tenures.values())
        )
        return expected.model_copy(update={"seq": logged.seq, "turn": logged.turn})


def _is_foreign(shown: NotesShown, id: str) -> bool:
    """Whether a note that was shown is one of another trial."""
    return shown.foreign is not None and id.startswith(FOREIGN)
