"""One generation of a trial: its tenures run side by side, then their events become one block of the log."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from relay.records.events import AnyEvent, Credited, GenerationStarted
from relay.records.log import chained, encode
from relay.trial.directory import TrialDirectory
from relay.trial.measures import measure
from relay.trial.retry import Interrupted, Retry
from relay.trial.setup import TrialSetup
from relay.trial.state import TrialState
from relay.trial.tenure import Tenure

__all__ = ["live", "settle"]


async def live(tenures: Sequence[Tenure], retry: Retry, place: TrialDirectory) -> bool:
    """Run the tenures of a generation side by side. Returns False if machine faults stopped one of them before its
    end."""

    def on_turn(generation: int, tenure: int, turn: int, seconds: float, tokens: int) -> None:
        rate = tokens / seconds if seconds > 0 else 0.0
        place.note_time(
            generation=generation, tenure=tenure, turn=turn, seconds=round(seconds, 4), tokens_per_second=round(rate, 1)
        )

    async def whole(tenure: Tenure) -> bool:
        try:
            await tenure.live(retry, on_turn)
        except Interrupted:
            return False  # the other tenures go on: their answers are paid for, and kept for the resume
        return True

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(whole(tenure)) for tenure in tenures]
    except BaseExceptionGroup as errors:
        # a caller expects relay's own errors, not a group of them
        raise errors.exceptions[0] from None
    return all(task.result() for task in tasks)


def settle(setup: TrialSetup, state: TrialState, tenures: Sequence[Tenure]) -> list[AnyEvent]:
    """The block of the generation that `tenures` lived. Each event is applied to `state` as it is added to the block.

    First come the events of each tenure, in the order of `tenures`. Then come the tenures' changes of notes, in the
    same order, and then the measures.
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
    for tenure in tenures:
        for change in tenure.state.reach.changes:
            add(setup.notes.merge(state.store.notes, change).model_copy(update={"applied": True}))
    # Each block's digest covers the block before it, so a changed log is noticed.
    digest = chained(state.last.digest if state.last else "", encode(block))
    add(measure(setup, state, [tenure.state for tenure in tenures]).model_copy(update={"digest": digest}))
    return block
