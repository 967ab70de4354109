"""Writes a trial that is judged again to a directory of its own."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from relay.errors import UsageError
from relay.records.condition import Condition, Origin
from relay.records.events import AnyEvent, GenerationEnded, NotesShown, TrialEnded
from relay.records.files import cannot_write
from relay.records.reader import Ending, TrialReader
from relay.records.task import Task
from relay.records.trial_files import outside_of_trials
from relay.researcher.observation import number_phenomena
from relay.scoring.judge import Judge
from relay.trial.charters import Charters
from relay.trial.copies import copied
from relay.trial.directory import TrialDirectory
from relay.trial.rescoring import Rejudged, Rescorer
from relay.trial.trial_log import TrialLog

__all__ = ["RescoreReport", "check_same_world", "rescore"]


@dataclass(frozen=True)
class RescoreReport:
    """What changed when a trial was judged again."""

    statements: int
    """Number of statements that were judged again."""
    changed: tuple[Rejudged, ...]
    """Those whose status is another one now."""
    generations: tuple[tuple[GenerationEnded, GenerationEnded], ...]
    """The end of each generation, before and now."""

    @property
    def same(self) -> bool:
        """Whether no status and no measure changed."""
        return not self.changed and all(
            before.model_copy(update={"seq": 0}) == now.model_copy(update={"seq": 0})
            for before, now in self.generations
        )

    def difference(self, field: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What the last generation has now and had not before, and the reverse, of `established`, `retained` or
        `laws`."""
        if not self.generations:
            return (), ()
        before, now = (set(getattr(end, field)) for end in self.generations[-1])
        return tuple(sorted(now - before)), tuple(sorted(before - now))


def check_same_world(before: Task, now: Task) -> None:
    """Check that researchers would see the same of two tasks, but for the words of the brief: else their answers speak
    of another world. Raises `UsageError`."""
    for name in ("given", "statement_size"):
        if getattr(before, name) != getattr(now, name):
            raise UsageError(
                f"the task has another `{name}` than the one that the researchers worked on, so their answers can't be "
                "judged by it; give --own-task to judge them by the trial's own task"
            )
    # by number, since ids are hidden: a researcher knows a phenomenon by its number
    if list(number_phenomena(before, 0).values()) != list(number_phenomena(now, 0).values()):
        raise UsageError(
            "the task shows other phenomena than the one that the researchers worked on, so their answers can't be "
            "judged by it; give --own-task to judge them by the trial's own task"
        )


async def rescore(
    reader: TrialReader,
    out: Path,
    condition: Condition,
    task: Task,
    judge: Judge,
    on_progress: Callable[[float, int, str], None] = lambda done, of, words: None,
    *,
    trust: bool = False,
) -> RescoreReport:
    """Judge a trial again and write it to `out`, which must not exist.

    `condition` and `task` are those of the new trial. `trust` says that code among the trial's files may be run, to ask
    the charters in it how they were kept; without it, this stays as it was logged. Open tenures are left out, and a
    trial that has not ended can't be resumed in its copy. Raises `UsageError` if the trial is not whole, if no
    generation has ended, or if `out` can't be written; then `out` does not exist.
    """
    transcripts = False

    def notice(event: AnyEvent) -> None:
        nonlocal transcripts
        transcripts = transcripts or (isinstance(event, NotesShown) and bool(event.text))

    ending = reader.read(notice)
    if not ending.generation:
        raise UsageError(
            f"no generation of {reader.files.root} has ended, so there is nothing to judge; resume it first"
        )
    rescorer = Rescorer(
        condition, task, judge, transcripts=transcripts, charters=Charters.rebuilt(condition, trust=trust)
    )
    ends: list[tuple[GenerationEnded, GenerationEnded]] = []
    with _draft(out) as draft, closing(_begun(TrialDirectory(draft), condition, task)) as log:
        for block in reader.blocks():
            if isinstance(block.last, TrialEnded) and block.last.reason != "completed":
                continue
            written = await rescorer.block(block)
            log.append(written)
            if isinstance(block.last, GenerationEnded) and isinstance(written[-1], GenerationEnded):
                ends.append((block.last, written[-1]))
                on_progress(len(ends), ending.generation, f"{len(rescorer.changed)} judged otherwise")
        if ending.reason != "completed":
            log.append(rescorer.unfinished())
    return RescoreReport(rescorer.statements, tuple(rescorer.changed), tuple(ends))


def _begun(place: TrialDirectory, condition: Condition, task: Task) -> TrialLog:
    """Write everything but the log of the new trial."""
    copied(condition, place.root)
    # without the transport, since no researcher is asked anything
    head = place.make(condition.of_origin(Origin()), task.model_dump_json() + "\n")
    return TrialLog(place, head, Ending())


@contextmanager
def _draft(out: Path) -> Iterator[Path]:
    """A directory beside `out` that becomes `out` at the end; after an error it is removed."""
    outside_of_trials(out)
    if out.exists() or out.is_symlink():
        raise UsageError(f"{out} exists already; give another directory with --out")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        draft = out.with_name(f".{out.name}-{os.getpid()}.part")
        draft.mkdir()
    except OSError as error:
        raise cannot_write(out, error) from None
    try:
        yield draft
        draft.rename(out)
    except OSError as error:
        raise cannot_write(out, error) from None
    finally:
        if draft.exists():
            shutil.rmtree(draft, ignore_errors=True)
