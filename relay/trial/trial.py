"""The main loop of a trial: one chain of generations with one seed.

All tenures of a generation read the store as it was at the start of the generation. They run side by side, each writing
its own file. When all have ended, their events, the changes of the notes in tenure order, and the measures become one
block of the log. If the trial exists already, it is continued. If it has ended, it is left alone.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, closing
from pathlib import Path
from typing import Any

from relay.component_files import located, verified
from relay.errors import UsageError
from relay.records.condition import Condition, Origin
from relay.records.events import TrialEnded
from relay.records.log import hold
from relay.records.reader import TrialReader, read_condition
from relay.records.task import parse_task
from relay.records.trial_files import TrialFiles
from relay.scoring.cache import Cache
from relay.scoring.judge import Judge, PooledJudge
from relay.scoring.workers import Workers
from relay.trial.asking import ask
from relay.trial.copies import check_trust, how_to_resume
from relay.trial.differences import differences
from relay.trial.directory import TrialDirectory, condition_in, fold_log, record, start
from relay.trial.generation import Pace, live, settle
from relay.trial.handing_on import check_steps
from relay.trial.interventions.desk import check_interventions
from relay.trial.preflight import check_components, check_handover, check_room
from relay.trial.retry import Retry
from relay.trial.setup import TrialSetup
from relay.trial.state import TrialState
from relay.trial.tenure import Tenure
from relay.trial.transport import merged, placed, write_transport
from relay.trial.trial_log import TrialLog
from relay.trial.versions import check_versions, differing_versions

__all__ = ["resume_trial", "resumed_condition", "run_trial"]

Progress = Callable[[float, int, str], None]
"""`progress(done, of, words)`: generations that are done, with the share of the running one that is done; all
generations; and the state in words, separated by commas, the most important first."""


async def run_trial(
    condition: Condition,
    directory: Path,
    *,
    workers: int | Workers = 0,
    on_progress: Progress | None = None,
    retry: Retry = Retry(),  # noqa: B008 (frozen)
    judge: Judge | None = None,
    cache: Cache | None = None,
    other_version: bool = False,
) -> TrialState:
    """Run a trial in a directory, or continue it there; `state.ended` says whether it was completed or interrupted.

    `workers` is the number of processes for heavy work, or an open pool that several trials share, which stays open.
    `judge` replaces the task's own examiner (for tests). `cache` saves time and changes no result. With `other_version`
    a trial that began under others is continued. Components are built from the directory's copies of their files.

    Raises `UsageError` if the directory can't be used, if it holds a trial of another condition, if the agent can't
    start, or if the context has no room for the brief. Then nothing was spent, and nothing of a new trial remains.
    """
    place = TrialDirectory(directory)
    async with AsyncExitStack() as held:
        setup, reader, new = await _begun(condition, place, other_version, held)
        ending = reader.read()
        if ending.reason == "completed":
            place.mend_head(reader, ending)
            return fold_log(reader, setup)
        if ending.reason == "rescored":
            raise UsageError(
                f"{directory} was judged again before the trial had ended, so its open tenures are in the original "
                "alone; resume the original, then rescore it again"
            )
        if not new:
            await held.enter_async_context(_at_work(setup))
        # the option alone changes nothing: what this version judged is judged again
        believed = other_version and bool(differing_versions(setup.condition.versions))
        state = fold_log(reader, setup, checked=not believed)
        logged = [reader.tenure(ending, number) for number in range(1, condition.width + 1)]
        log = held.enter_context(closing(TrialLog(place, reader.head, ending)))
        if not ending.blocks:
            record(log, state, [start(condition, setup.task)])
        pool = workers if isinstance(workers, Workers) else await held.enter_async_context(Workers(workers))
        judge = judge or PooledJudge(pool, place.task, cache)
        tell = _teller(state, condition.generations, on_progress)
        for generation in range(state.generation + 1, condition.generations + 1):
            tell(0.0, "")
            tenures = [
                Tenure(setup, state, judge, pool, generation, number, tenure_log)
                for number, tenure_log in enumerate(place.tenure_logs(generation, log, logged, believed), 1)
            ]
            logged = [() for _ in logged]
            if not await live(tenures, retry, place, tell if on_progress else None):
                record(log, state, [TrialEnded(reason="interrupted", auc=state.auc)])
                return state
            # on the disk before the tenures' files, which could restore it, are removed
            log.append(await settle(setup, state, tenures, judge))
            place.close_generation(generation, condition.width)
        record(log, state, [TrialEnded(reason="completed", auc=state.auc)])
        tell(0.0, "")
        return state


async def resume_trial(
    directory: Path, *, trust: bool = False, transport: Mapping[str, Any] | None = None, **options: Any
) -> TrialState:
    """Continue the trial in a directory under its `resumed_condition`. The other options are those of `run_trial`."""
    return await run_trial(resumed_condition(directory, trust=trust, transport=transport), directory, **options)


def resumed_condition(directory: Path, *, trust: bool = False, transport: Mapping[str, Any] | None = None) -> Condition:
    """The condition under which the trial in a directory goes on: its own, with the copies of its files.

    `trust` says that code among these files may be run. `transport` are parameters of its model that no answer depends
    on, such as `timeout`. Raises `UsageError`, before anything of the trial is imported, if it has code and is not
    trusted.
    """
    files = TrialFiles(directory)
    condition = condition_in(files, read_condition(directory))
    check_trust(condition, directory, trust, transport or ())
    if transport:
        agent = located("relay.agents", condition.agent, verified(condition))
        changed = merged(condition.origin.transport, placed("agent", "relay.agents", agent, transport))
        condition = condition.of_origin(Origin(sources=condition.origin.sources, transport=changed))
    return condition


async def _begun(
    condition: Condition, place: TrialDirectory, other_version: bool, held: AsyncExitStack
) -> tuple[TrialSetup, TrialReader, bool]:
    """The setup and the reader of the trial in a directory, and whether the trial is new.

    A new one is written, and its agent is at work. The directory stays locked while `held` is open.
    """
    draft = _draft(condition, place, other_version)
    missing = place.missing()
    # one process at a time: a second one fails here
    held.enter_context(hold(place.root))
    if draft is None:
        reader = TrialReader.open(place.root)
        there = condition_in(place, reader.condition)
        transport = merged(there.origin.transport, condition.origin.transport)
        setup = TrialSetup.of(there.of_origin(Origin(there.origin.sources, transport)), reader.task)
        write_transport(place.transport, transport)
        return setup, reader, False
    held.enter_context(place.unless_begun(condition, missing))
    setup = TrialSetup.of(place.copy_files(condition), parse_task(draft, "the task"))
    check_steps(setup)
    await held.enter_async_context(_at_work(setup))
    # only now is it a trial: one that can't run leaves no file
    place.make(setup.condition, draft)
    return setup, TrialReader.open(place.root), True


@asynccontextmanager
async def _at_work(setup: TrialSetup) -> AsyncIterator[None]:
    """Hold open whatever asks a model, and check that its first prompt leaves room for an answer."""
    async with setup.agent.at_work(), setup.truth.at_work(), setup.notes.at_work():
        check_components(setup)
        check_room(setup)
        check_handover(setup)
        check_interventions(setup)
        for step in setup.steps:
            ask(step, "check", None, setup.condition, setup.task)
        yield


def _draft(condition: Condition, place: TrialDirectory, other_version: bool) -> str | None:
    """The text of a new trial's task; None if the directory holds this trial already. Raises `UsageError` if the
    directory holds another trial, or if the trial began under other versions."""
    if not place.condition.exists() and not place.condition.is_symlink():
        return place.draft(condition)
    reader = TrialReader.open(place.root)
    reader.read()  # the whole of it, before anything is locked, built or written
    there = reader.condition
    if told := differences(there, condition, versions=not other_version):
        version = "" if there.versions == condition.versions else " --other-version"
        raise UsageError(
            f"the trial in {place.root} began otherwise: {'; '.join(told)}; give --fresh to set it aside and begin "
            f"anew, --out for another directory, or `{how_to_resume(there, place.root)}{version}` to go on with it as "
            "it began"
        )
    if not other_version:
        check_versions(there.versions, place.root)
    return None


def _teller(state: TrialState, generations: int, on_progress: Progress | None) -> Pace:
    """The function that tells how far a trial is: its state, and what is done of the running generation."""

    def tell(share: float, words: str) -> None:
        if on_progress is None:
            return
        retained = len(state.last.retained) if state.last else 0
        found = f"{len(state.discoveries.established)} established, {retained} retained"
        on_progress(state.generation + share, generations, f"{words}, {found}" if words else found)

    return tell
