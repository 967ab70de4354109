"""Chains of explorers, with everything in this process: their events, and what each researcher observed."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from agents.explorer import Explorer
from relay.records.budget import Budget
from relay.records.events import AnyEvent
from relay.records.log import read_chain
from relay.researcher.observation import Answer, Observation, TenureView
from relay.researcher.turn import TurnContext
from relay.trial.resolve import Schemes, resolve_condition
from relay.trial.trial import run_trial

ALIEN = "alien"
ARRAYS = "linear_algebra(brief=problems)"
BUDGET = Budget(turns=4, tokens=200_000, context=16_000, evaluations=3_000)


@dataclass
class Chain:
    """Three generations of one explorer each."""

    events: list[AnyEvent]
    observed: list[Observation] = field(default_factory=list)
    """What each researcher observed at the start of its tenure, once for each of its turns."""

    def of(self, kind: str, generation: int | None = None) -> list[Any]:
        """The events of one type, in one generation or in all."""
        return [e for e in self.events if e.type == kind and generation in (None, e.generation)]


def run_chain(where: Path, task: str, notes: Any) -> Chain:
    """Run a chain in a directory."""
    observed: list[Observation] = []
    answer = Explorer.answer

    async def watched(self: Explorer, view: TenureView, turn: TurnContext) -> Answer:
        observed.append(view.observation)
        return await answer(self, view, turn)

    condition = resolve_condition(task, schemes=Schemes(notes=notes), generations=3, budget=BUDGET, seed=2)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Explorer, "answer", watched)
        asyncio.run(run_trial(condition, where))
    return Chain([line.event for line in read_chain(where / "events.jsonl", "")], observed)


@cache
def chain(task: str, notes: str) -> Chain:
    """A chain as it is without any change to the engine, run once for all tests of a process."""
    with TemporaryDirectory() as where:
        return run_chain(Path(where) / "trial", task, notes)
