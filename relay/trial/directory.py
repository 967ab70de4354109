"""A trial's directory: how it is created, and how it is opened again.

`condition.yaml` is written last. A directory that has it is a trial, and has its `task.json` and `head.json` too. If a
process was killed before it wrote `condition.yaml`, the same command starts the trial anew.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from relay.errors import UsageError
from relay.records.condition import FILES, Condition, Origin, digest
from relay.records.events import AnyEvent, GenerationEnded, TrialEnded, TrialStarted
from relay.records.files import Appender, cannot_write, write_whole
from relay.records.head import Head, sha256
from relay.records.log import LoggedEvent, damaged
from relay.records.reader import Ending, LogBlock, TrialReader, after
from relay.records.task import Task
from relay.records.trial_files import TrialFiles, outside_of_trials
from relay.trial.copies import check_trust, copied, in_directory, leaving_nothing
from relay.trial.readable import formerly_readable, readable_keys
from relay.trial.setup import TrialSetup, task_of
from relay.trial.state import TrialState
from relay.trial.tenure_log import TenureLog
from relay.trial.transport import read_transport, write_transport
from relay.trial.trial_log import TrialLog

__all__ = ["OpenedTrial", "TrialDirectory", "load_trial"]

OWN = (
    "head.json", "head.json.part", "lock", "task.json", "task.json.part", "transport.json", "transport.json.part",
    "condition.yaml.part",
)  # fmt: skip
"""Files that a trial may leave in its directory if it was killed before it began, beside copies in `files/`."""


@dataclass(frozen=True)
class OpenedTrial:
    """A trial as read from its directory."""

    condition: Condition
    task: Task
    state: TrialState


@dataclass(frozen=True)
class TrialDirectory(TrialFiles):
    """The directory of a trial that this process runs."""

    # --- making it -------------------------------------------------------------------------------------------------

    def draft(self, condition: Condition) -> str:
        """The text of `task.json` for a new trial. Raises `UsageError` if the directory holds a file that no trial
        writes before it begins."""
        outside_of_trials(self.root)
        try:
            names = sorted(path.name for path in self.root.iterdir()) if self.root.exists() else []
        except OSError as error:
            raise UsageError(f"can't use {self.root}: {error.strerror or error}; give another directory") from error
        # a folder of copies is left only together with the lock
        own = (*OWN, FILES) if "lock" in names else OWN
        strange = [name for name in names if name not in own]
        if strange:
            raise UsageError(
                f"{self.root} is not a trial and is not empty (it has {strange[0]}); give another directory"
            )
        self.check(None)  # so that nothing is written through a link
        left = [name for name in self.copies() if name not in condition.files]
        if left:
            raise UsageError(
                f"{self.root} has copies of a trial that was stopped before it began ({left[0]}); remove "
                f"{self.root / FILES}, or give another directory"
            )
        return task_of(condition).model_dump_json() + "\n"

    def missing(self) -> tuple[Path, ...]:
        """The directories that have to be made for the trial's, innermost first."""
        return tuple(path for path in (self.root, *self.root.parents) if not path.exists())

    def copy_files(self, condition: Condition) -> Condition:
        """Copy the files of a new trial. Returns the condition with the copies as its files. The trial must be locked.

        Raises `UsageError` if another process has begun the trial, or if a file can't be copied.
        """
        if self.condition.exists():  # another process was faster
            raise UsageError(f"another process has just begun a trial in {self.root}; run this again to see it")
        return copied(condition, self.root)

    def unless_begun(self, condition: Condition, missing: tuple[Path, ...]) -> AbstractContextManager[None]:
        """At the end remove what a new trial has left, if it has not begun: its files, its copies, and the directories
        `missing`, which were made for it."""
        return leaving_nothing(self.root, missing, (*OWN, *condition.files), self.condition)

    def make(self, condition: Condition, task: str) -> Head:
        """Write the task, the head, the transport and the condition of a new trial whose files are copied. Returns the
        head."""
        text = condition.to_yaml()
        write_whole(self.task, task)
        head = Head(condition=sha256(text.encode()), task=sha256(task.encode()))
        head.write(self.head)
        write_transport(self.transport, condition.origin.transport)
        # The condition comes last, because its file makes the directory a trial.
        write_whole(self.condition, text)
        return head

    # --- opening it ------------------------------------------------------------------------------------------------

    def clear_open(self, generation: int) -> None:
        """Make the folder of open tenures ready for a generation: files of generations that have ended are removed."""
        try:
            (self.root / "open").mkdir(exist_ok=True)
            for before, _, path in self.opened():
                if before < generation:
                    path.unlink()
        except OSError as error:
            raise cannot_write(self.root / "open", error) from error

    def mend_head(self, reader: TrialReader, ending: Ending) -> None:
        """Count the last block of a trial that has ended, if its process was killed before it did."""
        if reader.head.blocks != ending.blocks:
            update = {"blocks": ending.blocks, "chain": ending.last}
            reader.head.model_copy(update=update).write(self.head)

    def tenure_logs(
        self, generation: int, log: TrialLog, logged: Sequence[Sequence[LoggedEvent]], believed: bool
    ) -> Iterator[TenureLog]:
        """Yield the log of each tenure of a generation. `logged` are the events of each tenure's file."""
        for number, events in enumerate(logged, 1):
            path = self.open(generation, number)
            yield TenureLog(path, (generation, number), log.chain, events, believed=believed)

    def close_generation(self, generation: int, width: int) -> None:
        """Remove the files of the tenures of an ended generation: their events are in the log."""
        with contextlib.suppress(OSError):
            for place in range(width):
                self.open(generation, place + 1).unlink(missing_ok=True)

    @contextlib.contextmanager
    def noting_times(self) -> Iterator[Callable[..., None]]:
        """While the body runs, `note(...)` appends one line of wall-clock times. Errors are ignored, since nothing
        depends on the file."""
        with contextlib.ExitStack() as stack:
            file = None
            with contextlib.suppress(UsageError):
                file = stack.enter_context(contextlib.closing(Appender(self.timings)))

            def note(**entry: Any) -> None:
                if file is not None:
                    with contextlib.suppress(UsageError):
                        file.append(json.dumps(entry).encode() + b"\n")

            yield note


def record(log: TrialLog, state: TrialState, events: list[AnyEvent]) -> None:
    """Append events as one block and apply them to the state."""
    placed = [event.model_copy(update={"seq": state.seq + place}) for place, event in enumerate(events)]
    log.append(placed)
    for event in placed:
        state.apply(event)


def start(condition: Condition, task: Task) -> TrialStarted:
    """The event that begins a trial."""
    return TrialStarted(condition=digest(condition), task=digest(task))


def fold_log(reader: TrialReader, setup: TrialSetup, *, checked: bool = False) -> TrialState:
    """The state of a trial after its log, without a last block that says only that the trial was interrupted.

    With `checked`, the definitions that a successor could read are computed again after each generation, which needs
    the agent at work, since it counts tokens. Raises `UsageError` if the log says something else of them.
    """
    state = TrialState(setup.reader, transcripts=setup.memory.transcripts)
    for block in reader.blocks():
        if isinstance(block.last, TrialEnded) and block.last.reason == "interrupted":
            continue
        _fold(block, state, setup if checked else None, reader.files)
    return state


def condition_in(files: TrialFiles, condition: Condition) -> Condition:
    """The condition of a trial with the trial's own copies as its files, and with the transport that is kept there.
    Raises `UsageError` if the transport can't be read."""
    sources = in_directory(condition, files.root)
    return condition.of_origin(Origin(sources=sources, transport=read_transport(files.transport)))


def load_trial(directory: Path, generation: int | None = None, *, trust: bool = False) -> OpenedTrial:
    """The trial in a directory as it is now, or as it was when `generation` had ended. Writes nothing.

    Its components are built, so `trust` has to say that code among its files may be run. Raises `UsageError` if it is
    not trusted, can't be read, or has not reached that generation.
    """
    reader = TrialReader.open(directory)
    check_trust(reader.condition, directory, trust)
    setup = TrialSetup.of(condition_in(reader.files, reader.condition), reader.task)
    state = TrialState(setup.reader, transcripts=setup.memory.transcripts)
    if generation is not None and not 0 <= generation <= reader.condition.generations:
        raise UsageError(f"{directory} has generations 0 to {reader.condition.generations}, not {generation}")
    ending = Ending()
    for block in reader.blocks():  # to the end, since only then it is known to be whole
        if generation is None or ending.blocks <= generation:
            _fold(block, state, None, reader.files)
        ending = after(ending, block.events[-1])
    if generation is not None and state.generation != generation:
        raise UsageError(f"{directory} has reached generation {state.generation}, not {generation}")
    return OpenedTrial(condition=reader.condition, task=reader.task, state=state)


def _fold(block: LogBlock, state: TrialState, setup: TrialSetup | None, files: TrialFiles) -> None:
    """Apply the events of a block. With `setup`, what a successor could read is computed again."""
    for line in block.events:
        event = line.event
        if setup is not None and isinstance(event, GenerationEnded):
            rules = (readable_keys, formerly_readable)
            if not any(tuple(sorted(rule(setup, state, event.generation + 1))) == event.readable for rule in rules):
                what = "says something else of `readable` than the notes before it"
                raise damaged(files.events, line.number, event.generation, what)
        state.apply(event)
