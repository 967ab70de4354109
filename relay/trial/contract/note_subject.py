"""A note scheme prepared for the rules of its contract: a short trial under it, and its stores."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from relay.records.condition import Condition
from relay.records.events import NoteChanged
from relay.records.notes import apply_change
from relay.schemes.notes.note import Note
from relay.schemes.notes.scheme import Notes, NoteScheme
from relay.trial.contract.short_trial import IMPROVISER, ShortTrial, short_condition
from relay.trial.resolve import Schemes, Source

__all__ = ["ROOMS", "NoteSubject"]

ROOMS = (0, 1, 40, 120, 400, 1_000, 20_000)
"""Tokens that stores are laid out in. A trial lays them out in less than the last."""


@dataclass(frozen=True)
class NoteSubject(ShortTrial):
    """A note scheme and a folder for its trials."""

    agent: Source = field(default_factory=lambda: IMPROVISER)
    """Who lives in them."""

    def condition(self) -> Condition:
        """The condition of the trial. The usual researcher uses and misuses every action of the scheme."""
        return short_condition(Schemes(notes=self.source), agent=self.agent)

    @property
    def scheme(self) -> NoteScheme:
        """The scheme."""
        return self.setup.notes

    @cached_property
    def changes(self) -> list[NoteChanged]:
        """The changes that were applied to the store, in order."""
        return [event for event in self.events if isinstance(event, NoteChanged) and event.applied]

    @cached_property
    def stores(self) -> list[Notes]:
        """Stores that the scheme may have to show: none, those of the trial, and strange ones made of these."""
        lived: list[dict[str, Note]] = [{}]
        for change in self.changes:
            store = dict(lived[-1])
            apply_change(store, change, Note.of(change))
            lived.append(store)
        last = lived[-1]
        odd = {f"{id} /ü.": note.model_copy(update={"id": f"{id} /ü."}) for id, note in last.items()}
        huge = {id: _grown(note, 300 if at % 3 == 0 else 1) for at, (id, note) in enumerate(last.items())}
        turned = dict(reversed(list(last.items())))
        bare = {id: note.model_copy(update={"data": {}}) for id, note in last.items()}
        return [*lived, odd, huge, turned, bare]


def _grown(note: Note, times: int) -> Note:
    return note.model_copy(update={"text": note.text + "\n" + "and so on\n" * (times - 1)})
