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
from relay.records.log import hold
from relay.records.reader import TrialReader, read_condition
from relay.records.task import parse_task
from relay.scoring.cache import Cache
from relay.scoring.judge import Judge, PooledJudge
from relay.scoring.workers import Workers
from relay.trial.directory import TrialDirectory, fold_log, record, start
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
    other_version: bool = False,
) -> TrialState:
    """Run a trial in a directory, or continue it there; `state.ended` says whether it was completed or interrupted.

    `workers` is the number of processes for heavy work, or an open pool that several trials share and that is not
    closed here. `judge` replaces the task's own examiner (for tests). `cache` saves time and changes no result. With
    `other_version`, what another version of relay judged and measured is taken as it is.

    Raises `UsageError` if the directory can't be used, the agent can't start, or the context has no room for the brief.
    Then nothing was spent, and nothing of a new trial remains.
    """
    place = TrialDirectory(directory)
    reader = _existing(condition, place)
    draft = place.draft(condition) if reader is None else ""
    setup = TrialSetup.of(condition, parse_task(draft, "the task") if reader is None else reader.task)
    async with AsyncExitStack() as held:
        if draft:  # before any file is made: a trial that can't run leaves none
            await held.enter_async_context(_at_work(setup))
        # one process at a time: a second one fails here
        held.enter_context(hold(directory))
        if draft:
            place.make(condition, draft)
        reader = TrialReader.open(directory)
        ending = reader.read()
        if ending.reason == "completed":
            return fold_log(reader, setup)
        if not draft:
            await held.enter_async_context(_at_work(setup))
        state = fold_log(reader, setup, checked=not other_version)
        logged = [reader.tenure(ending, number) for number in range(1, condition.width + 1)]
        log = held.enter_context(closing(place.open_log(reader, ending)))
        if not ending.blocks:
            record(log, state, [start(condition, setup.task)])
        pool = workers if isinstance(workers, Workers) else await held.enter_async_context(Workers(workers))
        judge = judge or PooledJudge(pool, place.task, cache)
        for generation in range(state.generation + 1, condition.generations + 1):
            on_progress(state.generation, condition.generations, _words(state))
            tenures = [
                Tenure(setup, state, judge, pool, generation, number, tenure_log)
                for number, tenure_log in enumerate(place.tenure_logs(generation, log, logged, other_version), 1)
            ]
            logged = [() for _ in logged]
            if not await live(tenures, retry, place):
                record(log, state, [TrialEnded(reason="interrupted", auc=state.auc)])
                return state
            # on the disk before the tenures' files, which could restore it, are removed
            log.append(settle(setup, state, tenures))
            place.close_generation(generation, condition.width)
        record(log, state, [TrialEnded(reason="completed", auc=state.auc)])
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


def _existing(condition: Condition, place: TrialDirectory) -> TrialReader | None:
    """The reader of this trial if it is in the directory already; None if no trial is there. Raises `UsageError` if the
    directory holds another trial."""
    if not place.condition.exists() and not place.condition.is_symlink():
        return None
    reader = TrialReader.open(place.root)
    there = reader.condition
    if there != condition:
        name = next(name for name in Condition.model_fields if getattr(there, name) != getattr(condition, name))
        raise UsageError(
            f"{place.root} contains another trial, whose {name} is {getattr(there, name)}, "
            f"not {getattr(condition, name)}; give another directory, or continue that trial with `relay resume`"
        )
    return reader


def _words(state: TrialState) -> str:
    retained = len(state.last.retained) if state.last else 0
    return f"{len(state.discoveries.established)} established, {retained} retained"
