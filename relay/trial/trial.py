"""The main loop of a trial: one chain of generations with one seed.

All tenures of a generation read the store as it was at the start of the generation. They run side by side, each writing
its own file. When all have ended, their events, the changes of the notes in tenure order, and the measures become one
block of the log. If the trial exists already, it is continued. If it has ended, it is left alone.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, closing
from pathlib import Path
from typing import Any

from relay.errors import UsageError
from relay.records.condition import Condition
from relay.records.events import TrialEnded
from relay.records.log import encode, hold
from relay.records.trial_files import parse_task, read_task
from relay.scoring.cache import Cache
from relay.scoring.judge import Judge, PooledJudge
from relay.scoring.workers import Workers
from relay.trial.directory import TrialDirectory, read_condition
from relay.trial.generation import live, settle
from relay.trial.preflight import check_room
from relay.trial.retry import Retry
from relay.trial.setup import TrialSetup
from relay.trial.state import TrialState
from relay.trial.tenure import Tenure

__all__ = ["resume_trial", "run_trial"]

Progress = Callable[[int, int, str], None]
"""`progress(done, of, words)`: ended generations, all generations, and the state in words."""


async def run_trial(
    condition: Condition,
    directory: Path,
    *,
    workers: int | Workers = 0,
    on_progress: Progress = lambda done, of, words: None,
    retry: Retry = Retry(),  # noqa: B008 (frozen)
    judge: Judge | None = None,
    cache: Cache | None = None,
) -> TrialState:
    """Run a trial in a directory, or continue it there; `state.ended` says whether it was completed or interrupted.

    `workers` is the number of processes for heavy work, or an open pool that several trials share and that is not
    closed here. `judge` replaces the task's own examiner (for tests). `cache` saves time and changes no result.

    Raises `UsageError` if the directory can't be used, the agent can't start, or the context has no room for the brief.
    Then nothing was spent, and nothing of a new trial remains.
    """
    place = TrialDirectory(directory)
    draft = _draft(condition, place)
    task = read_task(place.task) if draft is None else parse_task(draft, "the task")
    setup = TrialSetup.of(condition, task)
    async with AsyncExitStack() as held:
        if draft is not None:  # before any file is made: a trial that can't run leaves none
            await held.enter_async_context(_at_work(setup))
        # one process at a time: a second one fails here
        held.enter_context(hold(directory))
        if draft is not None:
            place.make(condition, draft)
        state, log = place.load(setup)
        held.enter_context(closing(log))
        if state.ended is not None:
            return state
        if draft is None:
            await held.enter_async_context(_at_work(setup))
        pool = workers if isinstance(workers, Workers) else await held.enter_async_context(Workers(workers))
        judge = judge or PooledJudge(pool, place.task, cache)
        for generation in range(state.generation + 1, condition.generations + 1):
            on_progress(state.generation, condition.generations, _words(state))
            tenures = [
                Tenure(setup, state, judge, pool, generation, number, place.open(generation, number))
                for number in range(1, condition.width + 1)
            ]
            if not await live(tenures, retry, place):
                place.record(log, state, [TrialEnded(reason="interrupted", auc=state.auc)])
                return state
            # on the disk before the tenures' files, which could restore it, are removed
            log.append(encode(settle(setup, state, tenures)), sync=True)
            place.close_generation(generation, condition.width)
        place.record(log, state, [TrialEnded(reason="completed", auc=state.auc)])
        on_progress(state.generation, condition.generations, _words(state))
        return state


async def resume_trial(directory: Path, **options: Any) -> TrialState:
    """Continue the trial in a directory under its own condition. The options are those of `run_trial`."""
    return await run_trial(read_condition(directory), directory, **options)


@asynccontextmanager
async def _at_work(setup: TrialSetup) -> AsyncIterator[None]:
    """Hold the agent open, and check that its first prompt leaves room for an answer."""
    async with setup.agent.at_work():
        check_room(setup)
        yield


def _draft(condition: Condition, place: TrialDirectory) -> str | None:
    """The text of a new trial's task; None if the directory holds this trial already. Raises `UsageError` if the
    directory holds another trial."""
    if not place.condition.exists():
        return place.draft(condition)
    there = read_condition(place.root)
    if there != condition:
        name = next(name for name in Condition.model_fields if getattr(there, name) != getattr(condition, name))
        raise UsageError(
            f"{place.root} contains another trial, whose {name} is {getattr(there, name)}, "
            f"not {getattr(condition, name)}; give another directory, or continue that trial with `relay resume`"
        )
    return None


def _words(state: TrialState) -> str:
    retained = len(state.last.retained) if state.last else 0
    return f"{len(state.discoveries.established)} established, {retained} retained"
