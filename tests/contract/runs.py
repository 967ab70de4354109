"""Contract runs: what happens under a scheme with each kind of researcher. They compare nothing: the trials are far too
short, and say only that everything works.

Four researchers: the explorer; `mock/explorer`, which reads prompts and writes JSON as a language model does; a writer
that uses every action as it is meant; a misuser, half of whose fields hold what they should not.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from relay.components import build
from relay.records.budget import Budget
from relay.records.condition import Condition
from relay.records.events import Acted, Answered, AnyEvent, NoteChanged, NotesShown, TurnsGone
from relay.records.log import read_chain
from relay.records.reader import TrialReader
from relay.researcher.actions import note_action
from relay.seeds import generator
from relay.trial.contract import improviser
from relay.trial.contract.note_subject import NoteSubject
from relay.trial.replay import Replay
from relay.trial.resolve import Schemes, resolve_condition
from relay.trial.trial import run_trial

__all__ = ["RESEARCHERS", "ContractRun", "ResearchedNotes", "counted"]

_IMPROVISER = f"{Path(improviser.__file__).resolve()}:Improviser"
RESEARCHERS: Mapping[str, dict[str, Any]] = {
    "explorer": {"name": "explorer", "parameters": {}},
    "mock/explorer": {"name": "llm", "parameters": {"model": "mock/explorer"}},
    "writer": {"name": _IMPROVISER, "parameters": {"misuse": 0.0}},
    "misuser": {"name": _IMPROVISER, "parameters": {"misuse": 0.5}},
}
TASK, DEEP = "alien(q=3, layers=1)", "alien(q=4, layers=2)"
ROOMY = Budget(turns=3, tokens=60_000, context=8_000, evaluations=600)
FULL = Budget(turns=9, tokens=80_000, context=3_400, evaluations=900)
GENERATIONS, WIDTH, SEED = 3, 2, 11


class _Killed(BaseException):
    """Ends a trial at a moment that is no end."""


def _live(condition: Condition, where: Path, kill_at: int, keep: float) -> None:
    """Run a trial, or go on with it. `kill_at`: the moment at which it is killed, if it is above 0. `keep`: the share
    of the open tenures' files that is on the disk by then."""
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


@dataclass(frozen=True)
class ContractRun:
    """One trial under a note and a memory scheme."""

    folder: Path
    researcher: str
    notes: str = "ledger"
    memory: str = "fresh"
    full: bool = False
    """Whether contexts are full before the turns are over, also that of a researcher that works through its prompt."""
    kills: int = 1
    """How many trials of the same condition are killed, once each, and resumed."""

    @property
    def condition(self) -> Condition:
        return resolve_condition(
            DEEP if self.full else TASK,
            agent=RESEARCHERS[self.researcher],
            schemes=Schemes(notes=self.notes, memory=self.memory),
            budget=FULL if self.full else ROOMY,
            generations=GENERATIONS,
            width=WIDTH,
            seed=SEED,
        )

    @cached_property
    def whole(self) -> Path:
        """The directory of the trial, which was never killed."""
        _live(self.condition, self.folder / "whole", 0, 1.0)
        return self.folder / "whole"

    @cached_property
    def events(self) -> list[AnyEvent]:
        """Its events. Reading them verifies the log."""
        TrialReader.open(self.whole).read()
        return [line.event for line in read_chain(self.whole / "events.jsonl", "")]

    @property
    def resumes(self) -> bool:
        """Whether trials that are killed at some moments and resumed have the same log, byte for byte."""
        moments = sum(isinstance(event, Answered) for event in self.events)
        rng = generator(SEED, "kills")
        logs = []
        for number in range(self.kills):
            where = self.folder / f"killed {number}"
            _live(self.condition, where, 1 + int(rng.integers(moments)), float(rng.random()))
            _live(self.condition, where, 0, 1.0)
            logs.append((where / "events.jsonl").read_bytes())
        return all(log == (self.whole / "events.jsonl").read_bytes() for log in logs)

    @property
    def is_told(self) -> bool:
        """Whether the log alone gives every prompt again."""
        past = Replay.of(self.whole).with_components(trust=True)
        return all(tenure.exact for tenure in past.tenures())


def counted(run: ContractRun) -> dict[str, int]:
    """What happened in a run, in numbers."""
    own = {note_action(kind).name for kind in build("relay.notes", run.notes).actions}
    found: Counter[str] = Counter()
    for event in run.events:
        match event:
            case NoteChanged(applied=True, text=text, version=version):
                found["written" if version == 1 else "edited" if text else "struck"] += 1
                found["conflicts"] += event.conflict
            case Acted(ok=ok) if event.action["action"] in own:
                found["refused"] += not ok
            case NotesShown():
                found["dropped"] += event.dropped_count
                found["messages"] += event.messages
            case Answered(purpose="summary"):
                found["summaries"] += 1
            case TurnsGone(count=count):
                found["turns gone"] += count
            case _ if event.type == "note_opened":
                found["opened"] += 1
            case _ if event.type == "generation_ended":
                found["callable"], found["retained"] = len(event.readable or ()), len(event.retained)
    names = ("written", "edited", "struck", "conflicts", "refused", "opened", "dropped", "messages", "turns gone",
             "summaries", "callable", "retained")  # fmt: skip
    return {name: found[name] for name in names}


@dataclass(frozen=True)
class ResearchedNotes(NoteSubject):
    """A note scheme in a trial of another researcher than the improviser."""

    researcher: str = "explorer"

    def condition(self) -> Condition:
        """The condition of the trial."""
        return ContractRun(self.folder, self.researcher, str(self.source)).condition

    def _run(self, where: Path, kill_at: int = 0, keep: float = 1.0) -> None:
        _live(self.condition(), where, kill_at, keep)
