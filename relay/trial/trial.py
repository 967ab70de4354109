"""A trial: one chain of generations with one seed. The one loop.

All tenures of a generation read the store as it stood when the generation began and run side by side, each writing its
own file. When all have ended, their events, the changes of the notes in tenure order, and the measures become one block
of the log. A trial that is there already is gone on with; one that has ended is left alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing
from pathlib import Path
from typing import Any

from relay.errors import UsageError
from relay.records.condition import Condition
from relay.records.events import AnyEvent, Credited, GenerationStarted, TrialEnded
from relay.records.log import chained, encode, hold
from relay.records.trial_files import parse_task, read_task
from relay.scoring.cache import Cache
from relay.scoring.judge import Judge, PooledJudge
from relay.scoring.workers import Workers
from relay.trial.directory import OpenedTrial, TrialDirectory, load_trial, read_condition
from relay.trial.measures import measure
from relay.trial.preflight import check_room
from relay.trial.setup import TrialSetup
from relay.trial.state import TrialState
from relay.trial.tenure import Interrupted, Retry, Tenure

__all__ = ["OpenedTrial", "load_trial", "resume_trial", "run_trial"]

Progress = Callable[[int, int, str], None]
"""`progress(done, of, words)`: generations that have ended, of how many, and what stands now."""


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
    """Run a trial in a directory, or go on with it there; `state.ended` says whether it was completed or interrupted.

    `workers` is how many processes do heavy work, or a pool that trials side by side share: it is open, and stays so.
    `judge` stands in for the task's own examiner (for tests). `cache` saves time and changes nothing.
    `UsageError` when the directory can't be used, the agent can't be put to work, or the context has no room for the
    brief; then nothing was spent, and nothing of a new trial is left behind.
    """
    place = TrialDirectory(directory)
    draft = _draft(condition, place)
    task = read_task(place.task) if draft is None else parse_task(draft, "the task")
    setup = TrialSetup.of(condition, task)
    async with AsyncExitStack() as held:
        if draft is not None:  # what can't be run leaves nothing behind
            await held.enter_async_context(_at_work(setup))
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
        while state.ended is None and state.generation < condition.generations:
            generation = state.generation + 1
            on_progress(state.generation, condition.generations, _words(state))
            tenures = [
                Tenure(setup, state, judge, pool, generation, number, place.open(generation, number))
                for number in range(1, condition.width + 1)
            ]
            if not await _live(tenures, retry, place):
                place.record(log, state, [TrialEnded(reason="interrupted", auc=state.auc)])
                return state
            log.append(encode(settle(setup, state, tenures)), sync=True)
            place.close_generation(generation, condition.width)
        if state.ended is None:
            place.record(log, state, [TrialEnded(reason="completed", auc=state.auc)])
        on_progress(state.generation, condition.generations, _words(state))
        return state


async def resume_trial(directory: Path, **options: Any) -> TrialState:
    """Go on with the trial in a directory, under the condition that it began with; options as for `run_trial`."""
    return await run_trial(read_condition(directory), directory, **options)


def settle(setup: TrialSetup, state: TrialState, tenures: Sequence[Tenure]) -> list[AnyEvent]:
    """A generation's block, applied to the state event by event: what its tenures did, in their order; the notes as
    they now stand; what it was worth."""
    block: list[AnyEvent] = []

    def add(event: AnyEvent) -> None:
        placed = event.model_copy(update={"seq": state.seq})
        state.apply(placed)
        block.append(placed)

    add(GenerationStarted(generation=state.generation + 1))
    for tenure in tenures:
        for event in tenure.events:
            if isinstance(event, Credited):
                event = event.model_copy(update={"first": event.concept not in state.discoveries.established})
            add(event)
    for tenure in tenures:
        for change in tenure.life.changes:
            add(setup.notes.merge(state.store.notes, change).model_copy(update={"applied": True}))
    digest = chained(state.last.digest if state.last else "", encode(block))
    add(measure(setup, state, [tenure.life for tenure in tenures]).model_copy(update={"digest": digest}))
    return block


async def _live(tenures: Sequence[Tenure], retry: Retry, place: TrialDirectory) -> bool:
    """Let the tenures of a generation live; false when the machine kept one of them from its end."""

    def on_turn(generation: int, tenure: int, turn: int, seconds: float, tokens: int) -> None:
        rate = tokens / seconds if seconds > 0 else 0.0
        place.note_time(
            generation=generation, tenure=tenure, turn=turn, seconds=round(seconds, 4), tokens_per_second=round(rate, 1)
        )

    async def whole(tenure: Tenure) -> bool:
        try:
            await tenure.live(retry, on_turn)
        except Interrupted:
            return False  # the others live on: what they do is paid for and kept
        return True

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(whole(tenure)) for tenure in tenures]
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return all(task.result() for task in tasks)


@asynccontextmanager
async def _at_work(setup: TrialSetup) -> AsyncIterator[None]:
    """The agent can be asked meanwhile, and what it is asked first has room for an answer."""
    async with setup.agent.at_work():
        check_room(setup)
        yield


def _draft(condition: Condition, place: TrialDirectory) -> str | None:
    """The task of a trial that is new; None when the directory has this trial already."""
    if not place.condition.exists():
        return place.draft(condition)
    there = read_condition(place.root)
    if there != condition:
        name = next(name for name in Condition.model_fields if getattr(there, name) != getattr(condition, name))
        raise UsageError(
            f"{place.root} holds another trial: its {name} is {getattr(there, name)}, not {getattr(condition, name)}; "
            "give another directory, or `relay resume` it"
        )
    return None


def _words(state: TrialState) -> str:
    kept = len(state.last.retained) if state.last else 0
    return f"{len(state.discoveries.established)} established, {kept} retained"
