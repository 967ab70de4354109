"""The state of a trial as a fold over its events.

`TrialState.apply` is the only way in which a state changes: live, on resume and on replay. The state holds what the
next generation needs: the notes, the definitions they are linked to, and what was established. It does not hold the
log, so a trial's memory grows with its notes and not with its length.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from relay.notation.statement_reader import StatementReader
from relay.records.budget import Spent
from relay.records.discoveries import Discoveries
from relay.records.events import (
    AnyEvent,
    Credited,
    Explained,
    GenerationEnded,
    Judged,
    LawCredited,
    NoteChanged,
    NotesShown,
    TenureEnded,
    TrialEnded,
)
from relay.records.intervened import Intervened
from relay.records.status import Status
from relay.records.status_told import StatusTold
from relay.trial.note_store import NoteStore
from relay.trial.told_later import ToldLater
from relay.trial.transcripts import Transcripts

__all__ = ["TrialState", "fold"]


class TrialState:
    """The state of a trial after some of its events."""

    def __init__(self, reader: StatementReader, *, transcripts: bool = False) -> None:
        """`transcripts`: whether the memory scheme hands messages on."""
        self.seq = 0
        """The `seq` of the next event."""
        self.generation = 0
        """The last generation that has ended; 0 if none has."""
        self.ended: str | None = None
        """`completed` or `interrupted`."""
        self.store = NoteStore(reader)
        self.transcripts = Transcripts(transcripts)
        self.discoveries = Discoveries()
        self.told_later = ToldLater()
        self.interventions: dict[int, int] = {}
        """Place of an intervention in the condition -> number of statements that it has written."""
        self.last: GenerationEnded | None = None
        self.recall_sum = 0.0
        """Depth-weighted recall of the retained concepts, summed over generations."""
        self.spent = Spent()
        """The sum over all tenures of ended generations."""

    @property
    def auc(self) -> float:
        """Mean depth-weighted recall of the retained concepts over the ended generations; 0 before the first has
        ended."""
        return self.recall_sum / self.generation if self.generation else 0.0

    def apply(self, event: AnyEvent) -> None:
        """Change the state by one event."""
        self.seq = event.seq + 1
        if isinstance(event, Judged):
            self.told_later.withhold(event)
        match event:
            case NotesShown():
                self.transcripts.begin(event)
            case Judged(kind="define", status=Status.DEFINED):
                self.store.define(event)
                self.transcripts.apply(event)
            case Intervened():
                self._intervene(event)
            case StatusTold():
                self.store.tell(event)
            case Credited() | LawCredited() | Explained():
                self.discoveries.apply(event)
            case NoteChanged(applied=True):
                self.store.change(event)
            # A message that may be handed on shows definitions, so these are kept like those of notes.
            case TenureEnded():
                self.store.adopt(self.transcripts.end(event.tenure))
            case GenerationEnded():
                self._end_generation(event)
            case TrialEnded():
                self.ended = event.reason
            # answers and replies matter only to transcripts
            case _:
                self.transcripts.apply(event)

    def _intervene(self, event: Intervened) -> None:
        if event.kind == "define" and event.status == Status.DEFINED:
            self.store.define(event)
        self.discoveries.apply(event)
        self.interventions[event.place] = self.interventions.get(event.place, 0) + 1

    def _end_generation(self, event: GenerationEnded) -> None:
        self.store.end_generation()
        self.told_later.end_generation(event.generation)
        self.transcripts.end_generation()
        self.generation = event.generation
        self.last = event
        self.recall_sum += event.measures["depth_weighted_recall"]
        self.spent += event.spent

    def snapshot(self) -> dict[str, Any]:
        """The whole state as plain data, to compare two states."""
        store, found = self.store, self.discoveries
        return {
            "seq": self.seq,
            "generation": self.generation,
            "ended": self.ended,
            "notes": [note.model_dump() for note in store.notes.values()],
            "definitions": {key: definition.source for key, definition in store.definitions.items()},
            "forms": {key: sorted(concepts) for key, concepts in found.forms.items()},
            "established": dict(found.established),
            "without_leaps": sorted(found.without_leaps),
            "laws": sorted(found.laws),
            "explained": sorted(found.explained),
            "remembered": {
                place: [message.model_dump() for message in messages]
                for place, messages in self.transcripts.remembered.items()
            },
            "last": self.last.model_dump() if self.last else None,
            "interventions": dict(self.interventions),
            "told_later": self.told_later.snapshot(),
            "recall_sum": self.recall_sum,
            "spent": self.spent.model_dump(),
        }


def fold(events: Iterable[AnyEvent], reader: StatementReader, *, transcripts: bool = False) -> TrialState:
    """The state of a trial after `events`."""
    state = TrialState(reader, transcripts=transcripts)
    for event in events:
        state.apply(event)
    return state
