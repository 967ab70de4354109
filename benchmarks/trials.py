"""Shared by the benchmarks: plan trials, run them in several processes, and read them from their directories."""

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
from relay.records.spec import ComponentSpec
from relay.trial.resolve import Schemes, resolve_condition
from relay.trial.trial import run_trial

ONE_TENURE = Budget()
"""The default budget of one tenure."""


@dataclass(frozen=True)
class Plan:
    """One trial to run."""

    label: str
    """The name of the condition in tables and directories."""
    task: str | ComponentSpec
    notes: str
    generations: int
    seed: int
    budget: Budget = ONE_TENURE
    agent: str | ComponentSpec = "explorer"
    handover: tuple[str, ...] = ()
    interventions: tuple[str, ...] = ()

    @property
    def directory(self) -> str:
        """The name of the trial's directory."""
        return f"{self.label.replace(' ', '-')}-s{self.seed}"


@dataclass(frozen=True)
class Done:
    """One trial that has run."""

    plan: Plan
    trial: Trial
    seconds: float

    @property
    def established(self) -> int:
        """Number of concepts established at the end."""
        return len(self.trial.rows[-1].established)


def together(count: int, each: Budget) -> Budget:
    """Return the budget of one researcher that equals `count` budgets, with the same context."""
    return each.model_copy(
        update={
            "turns": each.turns * count,
            "tokens": each.tokens * count,
            "evaluations": each.evaluations * count,
        }
    )


def carry_out(plans: Sequence[Plan], out: Path, processes: int = 2) -> Iterable[Done]:
    """Run each plan in a directory below `out`, and yield the results in order. Finished trials are not run again."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        waiting = [pool.submit(_one, plan, out) for plan in plans]
        for done in waiting:
            result = done.result()
            print(
                f"  {result.plan.directory}: {result.established} in {result.seconds:.1f} s",
                file=sys.stderr,
                flush=True,
            )
            yield result


def _one(plan: Plan, out: Path) -> Done:
    directory = out / plan.directory
    condition = resolve_condition(
        plan.task,
        agent=plan.agent,
        schemes=Schemes(notes=plan.notes, handover=plan.handover, interventions=plan.interventions),
        budget=plan.budget,
        generations=plan.generations,
        seed=plan.seed,
    )
    begun = time.perf_counter()
    asyncio.run(run_trial(condition, directory, workers=0))
    return Done(plan, read_trial(directory), time.perf_counter() - begun)
