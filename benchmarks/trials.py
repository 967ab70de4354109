"""What the benchmarks share: trials planned by name, run two at a time, and read back from their directories."""

from __future__ import annotations

import asyncio
import multiprocessing
import sys
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from analysis.trials import Trial, read_trial
from relay.records.budget import Budget
from relay.trial.resolve import Schemes, resolve_condition
from relay.trial.trial import run_trial

ONE_TENURE = Budget()
"""The default budget of one tenure: what a chain's researcher has."""


@dataclass(frozen=True)
class Plan:
    """One trial to run."""

    label: str
    task: str
    notes: str
    generations: int
    seed: int
    budget: Budget = ONE_TENURE
    agent: str = "explorer"


@dataclass(frozen=True)
class Done:
    """One trial that was run."""

    plan: Plan
    trial: Trial
    seconds: float

    @property
    def established(self) -> int:
        """Concepts established at the end."""
        return len(self.trial.rows[-1].established)


def together(count: int, each: Budget) -> Budget:
    """The budget of one researcher who has as much as `count` others together, in the same context."""
    return each.model_copy(
        update={
            "turns": each.turns * count,
            "tokens": each.tokens * count,
            "evaluations": each.evaluations * count,
        }
    )


def carry_out(plans: Sequence[Plan], out: Path, processes: int = 2) -> Iterable[Done]:
    """Run each plan in a directory below `out`, in order; what is there already is not run again."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        waiting = [pool.submit(_one, plan, out) for plan in plans]
        for done in waiting:
            result = done.result()
            print(
                f"  {_name(result.plan)}: {result.established} in {result.seconds:.1f} s", file=sys.stderr, flush=True
            )
            yield result


def _one(plan: Plan, out: Path) -> Done:
    directory = out / _name(plan)
    condition = resolve_condition(
        plan.task,
        agent=plan.agent,
        schemes=Schemes(notes=plan.notes),
        budget=plan.budget,
        generations=plan.generations,
        seed=plan.seed,
    )
    begun = time.perf_counter()
    asyncio.run(run_trial(condition, directory, workers=0))
    return Done(plan, read_trial(directory), time.perf_counter() - begun)


def _name(plan: Plan) -> str:
    return f"{plan.label.replace(' ', '-')}-s{plan.seed}"
