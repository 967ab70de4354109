"""Runs all trials of a study: over the cores, or in one event loop where they share a language model.

A trial that is there already and has ended is left alone; one that was stopped is continued. An error in one trial
cancels no other. Where a process dies, the trials that it had are continued in another one.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from relay.component_files import located, verified
from relay.components import find
from relay.errors import UsageError
from relay.records.condition import Condition, Origin
from relay.scoring.cache import Cache
from relay.scoring.workers import Workers
from relay.studies.layout import PlannedTrial, StudyPlan, has_ended
from relay.trial.trial import run_trial

__all__ = ["Manners", "TrialOutcome", "TrialProgress", "pending", "run_study"]

ATTEMPTS = 3
"""After how many times in a row, in which processes died and no trial ended, the others are given up."""
TICK = 0.2
"""Seconds between two looks at what processes have told."""


@dataclass(frozen=True)
class Manners:
    """How a study is run. No trial's log depends on it."""

    processes: int
    """Processes for trials without a model, each with one trial at a time."""
    together: int
    """Trials with a model that are under way at a time."""
    cached: bool = True
    """Whether the user's cache of verdicts is read and written."""
    other_version: bool = False


@dataclass(frozen=True)
class TrialOutcome:
    """What became of a trial."""

    trial: PlannedTrial
    state: str
    """`completed`, `interrupted` by a fault of the machine, or `failed`."""
    message: str = ""
    """Why it failed."""


@dataclass(frozen=True)
class TrialProgress:
    """How far a trial is."""

    directory: str
    done: float
    """Generations that are done, with the share of the running one."""
    of: int
    words: str


Listener = Callable[[TrialProgress | TrialOutcome], None]


def pending(plan: StudyPlan, directory: Path) -> tuple[PlannedTrial, ...]:
    """Return the trials of a study that have not ended in its directory, and wait for no other. Raises `UsageError` if
    one is damaged."""
    return tuple(
        trial for trial in plan.trials if not trial.waits_for and not has_ended(directory / trial.record.directory)
    )


def run_study(
    trials: Sequence[PlannedTrial], directory: Path, manners: Manners, listen: Listener = lambda told: None
) -> tuple[TrialOutcome, ...]:
    """Run or continue `trials` in the directory of their study, and return what became of each, in their order.

    `listen` gets what is told of each trial, and what becomes of it. Raises `KeyboardInterrupt` on Ctrl-C; what was
    logged is not lost.
    """
    outcomes: dict[str, TrialOutcome] = {}

    def take(told: TrialProgress | TrialOutcome) -> None:
        if isinstance(told, TrialOutcome):
            outcomes[told.trial.record.directory] = told
        listen(told)

    for trial in trials:
        if trial.problem:
            take(TrialOutcome(trial, "failed", trial.problem))
    sound = [trial for trial in trials if not trial.problem]
    asking, alone = list[PlannedTrial](), list[PlannedTrial]()
    for trial in sound:
        (asking if _asks_a_model(trial.condition) else alone).append(trial)
    if alone:
        _over_processes(alone, directory, manners, take)
    if asking:
        asyncio.run(_in_one_loop(asking, directory, manners, take))
    return tuple(outcomes[trial.record.directory] for trial in trials)


def _asks_a_model(condition: Condition) -> bool:
    """Whether trials wait for something outside, so that many can be under way in one process."""
    agent = located("relay.agents", condition.agent, verified(condition))
    fields = find("relay.agents", agent.name).model_fields
    return "model" in fields or "command" in fields


# --- with a model: one event loop ------------------------------------------------------------------------------------


async def _in_one_loop(trials: Iterable[PlannedTrial], directory: Path, manners: Manners, take: Listener) -> None:
    """Run trials that share their models and one pool of workers."""
    room = asyncio.Semaphore(manners.together)
    with ExitStack() as held:
        cache = held.enter_context(Cache()) if manners.cached else None
        async with Workers(min(os.cpu_count() or 1, 8)) as workers:

            async def run(trial: PlannedTrial) -> None:
                async with room:
                    name = trial.record.directory
                    state, message = await _ended(
                        trial.condition,
                        directory / name,
                        lambda done, of, words: take(TrialProgress(name, done, of, words)),
                        workers=workers,
                        cache=cache,
                        other_version=manners.other_version,
                    )
                    take(TrialOutcome(trial, state, message))

            await asyncio.gather(*(run(trial) for trial in trials))


async def _ended(
    condition: Condition, place: Path, tell: Callable[[float, int, str], None], **options: Any
) -> tuple[str, str]:
    """Run one trial. Return how it ended, and why it failed."""
    try:
        state = await run_trial(condition, place, on_progress=tell, **options)
    except UsageError as error:
        return "failed", str(error)
    except Exception as error:  # a component's own: one trial that fails stops no other
        last = traceback.extract_tb(error.__traceback__)[-1]
        told = " ".join(f"{type(error).__name__}: {error}".split())
        return "failed", f"{told} ({Path(last.filename).name}, line {last.lineno})"
    return (state.ended or "interrupted"), ""


# --- without one: processes ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Errand:
    """One trial for another process, as plain data."""

    name: str
    directory: str
    condition: str
    """The condition's JSON."""
    sources: Mapping[str, str]
    transport: Mapping[str, Mapping[str, Any]]
    cached: bool
    other_version: bool


_told: Any = None
"""In a process of the pool: the queue for what is told."""


def _begin(queue: Any) -> None:
    global _told
    _told = queue


def _carry_out(errand: _Errand) -> tuple[str, str]:
    """Run one trial in this process. Return how it ended, and why it failed."""
    condition = Condition.model_validate_json(errand.condition)
    sources = {name: Path(path) for name, path in errand.sources.items()}
    condition = condition.of_origin(Origin(sources=sources, transport=errand.transport))

    def tell(done: float, of: int, words: str) -> None:
        _told.put(TrialProgress(errand.name, done, of, words))

    with ExitStack() as held:
        cache = held.enter_context(Cache()) if errand.cached else None
        return asyncio.run(
            _ended(condition, Path(errand.directory), tell, cache=cache, other_version=errand.other_version)
        )


def _over_processes(trials: Sequence[PlannedTrial], directory: Path, manners: Manners, take: Listener) -> None:
    """Run trials, one at a time in each process. If a process dies, those that had not ended are continued."""
    left = {trial.record.directory: trial for trial in trials}
    idle = 0
    while left and idle < ATTEMPTS:
        ended = _pass_over(tuple(left.values()), directory, manners, take)
        idle = 0 if ended else idle + 1
        for name in ended:
            del left[name]
    for trial in left.values():
        take(TrialOutcome(trial, "failed", f"its process died {ATTEMPTS} times; is there enough memory?"))


def _pass_over(trials: Sequence[PlannedTrial], directory: Path, manners: Manners, take: Listener) -> set[str]:
    """Run trials until all have ended or a process has died. Return the names of those that have ended."""
    context = multiprocessing.get_context("spawn")
    queue = context.Queue()
    ended: set[str] = set()
    with ProcessPoolExecutor(
        min(manners.processes, len(trials)), mp_context=context, initializer=_begin, initargs=(queue,)
    ) as pool:
        try:
            waiting: dict[Future[tuple[str, str]], PlannedTrial] = {
                pool.submit(_carry_out, _errand(trial, directory, manners)): trial for trial in trials
            }
            while waiting:
                done, _ = wait(waiting, timeout=TICK, return_when=FIRST_COMPLETED)
                _pass_on(queue, take)
                for future in done:
                    trial = waiting.pop(future)
                    try:
                        state, message = future.result()
                    except BrokenProcessPool:
                        continue
                    ended.add(trial.record.directory)
                    take(TrialOutcome(trial, state, message))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return ended


def _pass_on(queue: Any, take: Listener) -> None:
    while not queue.empty():
        take(queue.get())


def _errand(trial: PlannedTrial, directory: Path, manners: Manners) -> _Errand:
    origin = trial.condition.origin
    return _Errand(
        name=trial.record.directory,
        directory=str(directory / trial.record.directory),
        condition=trial.condition.model_dump_json(),
        sources={name: str(path) for name, path in origin.sources.items()},
        transport={place: dict(values) for place, values in origin.transport.items()},
        cached=manners.cached,
        other_version=manners.other_version,
    )
