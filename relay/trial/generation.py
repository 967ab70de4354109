"""One generation of a trial: its tenures run side by side, then their events become one block of the log."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Sequence
from time import perf_counter
from typing import Any, TypeVar

from relay.records.events import AnyEvent, Credited, GenerationStarted
from relay.records.measures import end_of_generation
from relay.scoring.judge import Judge
from relay.trial.asking import merged_change
from relay.trial.directory import TrialDirectory
from relay.trial.interventions.desk import intervene
from relay.trial.pace import pace_words, share_done
from relay.trial.readable import readable_keys
from relay.trial.retry import Interrupted, Retry
from relay.trial.setup import TrialSetup
from relay.trial.state import TrialState
from relay.trial.tenure import Tenure

__all__ = ["live", "settle"]

T = TypeVar("T")

Pace = Callable[[float, str], None]
"""`pace(share, words)`: this share of the running generation is done; `words` say where its tenures are."""


async def live(tenures: Sequence[Tenure], retry: Retry, place: TrialDirectory, on_pace: Pace | None) -> bool:
    """Run the tenures of a generation side by side. Returns False if machine faults stopped one of them before its
    end."""
    setup, states = tenures[0].setup, [tenure.state for tenure in tenures]

    def tell() -> None:
        if on_pace is not None:
            on_pace(share_done(states, setup.condition.budget), pace_words(states, setup.condition))

    def note_time(**entry: Any) -> None:
        note(generation=tenures[0].generation, **entry, elapsed=round(perf_counter() - began, 3))

    def on_turn(generation: int, tenure: int, turn: int, seconds: float, tokens: int) -> None:
        rate = tokens / seconds if seconds > 0 else 0.0
        note_time(tenure=tenure, turn=turn, seconds=round(seconds, 4), tokens_per_second=round(rate, 1))
        tell()

    async def whole(tenure: Tenure) -> bool:
        try:
            await tenure.live(retry, on_turn)
        except Interrupted:
            return False  # the other tenures go on: their answers are paid for, and kept for the resume
        tell()
        return True

    try:
        # Before anything is written or requested, every tenure is known to be what its file says.
        await _together(tenure.catch_up() for tenure in tenures)
        place.clear_open(tenures[0].generation)
        with place.noting_times() as note:
            began = perf_counter()
            note_time()  # about 0: whoever adds up the times sees that a process begins here
            tell()
            try:
                return all(await _together(whole(tenure) for tenure in tenures))
            finally:
                note_time()
    finally:
        for tenure in tenures:
            tenure.leave()


async def _together(running: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """Await all of `running` side by side. The first error cancels the others and is raised alone: a caller expects
    relay's own errors, not a group of them."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(each) for each in running]
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return [task.result() for task in tasks]


async def settle(setup: TrialSetup, state: TrialState, tenures: Sequence[Tenure], judge: Judge) -> list[AnyEvent]:
    """The block of the generation that `tenures` lived. Each event is applied to `state` as it is added to the block.

    First come the events of each tenure, in the order of `tenures`. Then comes how they kept the trial's charters, then
    the tenures' changes of notes, in the same order, then what is told of statements of earlier generations, then what
    interventions write, and then the measures.
    """
    block: list[AnyEvent] = []

    def add(event: AnyEvent) -> None:
        placed = event.model_copy(update={"seq": state.seq})
        state.apply(placed)
        block.append(placed)

    add(GenerationStarted(generation=state.generation + 1))
    for tenure in tenures:
        for event in tenure.log.events:
            # Only here is it known what earlier tenures of this generation were credited with.
            if isinstance(event, Credited):
                event = event.model_copy(update={"first": event.concept not in state.discoveries.established})
            add(event)
    if setup.charters.placed:
        lived = {tenure.number: [event for event in block if event.tenure == tenure.number] for tenure in tenures}
        for kept in setup.charters.kept(state.generation + 1, lived, state.store.notes):
            add(kept)
    for tenure in tenures:
        for change in tenure.state.reach.changes:
            merged = merged_change(setup.notes, state.store.notes, change)
            add(merged.model_copy(update={"applied": True}))
    for told in state.told_later.due(state.generation + 1):
        add(told)
    await intervene(setup, state, judge, add)
    # state.generation + 1 is ending now, so its successors are in the generation after it
    readable = readable_keys(setup, state, state.generation + 2)
    tallies = [tenure.state.tally for tenure in tenures]
    add(end_of_generation(state.generation + 1, setup.theory.depth, state.discoveries, readable, tallies))
    return block
