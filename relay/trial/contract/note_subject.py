"""A note scheme prepared for the rules of its contract: a short trial under it, killed and resumed, and its stores."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from relay.records.budget import Budget
from relay.records.events import AnyEvent, GenerationEnded, NoteChanged
from relay.records.log import read_chain
from relay.records.notes import apply_change
from relay.records.reader import TrialReader
from relay.schemes.notes.note import Note
from relay.schemes.notes.scheme import Notes, NoteScheme
from relay.seeds import generator
from relay.trial.contract import improviser
from relay.trial.directory import condition_in
from relay.trial.resolve import Schemes, Source, resolve_condition
from relay.trial.setup import TrialSetup
from relay.trial.state import TrialState
from relay.trial.trial import run_trial

__all__ = ["ROOMS", "NoteSubject"]

TASK = "alien(q=3, layers=1)"
GENERATIONS = 4
WIDTH = 2
BUDGET = Budget(turns=3, tokens=60_000, context=8_000, evaluations=60)
SEED = 11
KILLS = 4
"""How often the trial is killed and resumed."""
ROOMS = (0, 1, 40, 120, 400, 1_000, 20_000)
"""Tokens that stores are laid out in. A trial lays them out in less than the last."""


class _Killed(BaseException):
    """Ends a trial at a moment that is no end."""


@dataclass(frozen=True)
class NoteSubject:
    """A note scheme and a folder for its trials."""

    source: Source
    folder: Path

    @cached_property
    def setup(self) -> TrialSetup:
        """The components of the trial."""
        reader = TrialReader.open(self._whole)
        return TrialSetup.of(condition_in(reader.files, reader.condition), reader.task)

    @property
    def scheme(self) -> NoteScheme:
        """The scheme."""
        return self.setup.notes

    @cached_property
    def _whole(self) -> Path:
        self._run(self.folder / "whole")
        return self.folder / "whole"

    @cached_property
    def events(self) -> list[AnyEvent]:
        """The events of a trial in which researchers use and misuse every action."""
        return [line.event for line in read_chain(self._whole / "events.jsonl", "")]

    @property
    def log(self) -> bytes:
        """The log of the trial."""
        return (self._whole / "events.jsonl").read_bytes()

    def resumed(self) -> Iterator[bytes]:
        """The logs of trials of the same condition, each of which was killed once and resumed."""
        moments = GENERATIONS * WIDTH * BUDGET.turns
        rng = generator(SEED, "kills")
        for number in range(KILLS):
            where = self.folder / f"killed {number}"
            self._run(where, kill_at=1 + int(rng.integers(moments)), keep=float(rng.random()))
            self._run(where)
            yield (where / "events.jsonl").read_bytes()

    def _run(self, where: Path, kill_at: int = 0, keep: float = 1.0) -> None:
        """Run a trial, or go on with it. `kill_at`: the moment at which it is killed, if it is above 0. `keep`: the
        share of the open tenures' files that is on the disk by then."""
        researcher = {"name": f"{Path(improviser.__file__).resolve()}:Improviser", "parameters": {}}
        condition = resolve_condition(
            TASK,
            agent=researcher,
            schemes=Schemes(notes=self.source),
            budget=BUDGET,
            generations=GENERATIONS,
            width=WIDTH,
            seed=SEED,
        )
        told = 0

        def count(*_: Any) -> None:
            nonlocal told
            told += 1
            if told == kill_at:
                raise _Killed

        try:
            asyncio.run(run_trial(condition, where, on_progress=count if kill_at else None))
        except _Killed:
            for path in sorted((where / "open").glob("*.jsonl")):
                path.write_bytes(path.read_bytes()[: int(keep * path.stat().st_size)])

    # --- stores ----------------------------------------------------------------------------------------------------

    @cached_property
    def states(self) -> list[TrialState]:
        """The trial before each of its generations, and after the last."""
        states = [self._state()]
        for event in self.events:
            if isinstance(event, GenerationEnded):
                states.append(self._state(until=event.generation))
        return states

    def _state(self, until: int = 0) -> TrialState:
        state = TrialState(self.setup.reader)
        for event in self.events:
            if event.generation <= until and event.type != "trial_ended":
                state.apply(event)
        return state

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
