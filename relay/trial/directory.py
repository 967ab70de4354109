"""A trial's directory: its files, how it is created, and how it is opened again.

`condition.yaml` is written last. A directory that has it is a trial, and has its `task.json` too. If a process was
killed before it wrote `condition.yaml`, the same command starts the trial anew.
"""

from __future__ import annotations

import contextlib
import json
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from relay.errors import UsageError
from relay.records.condition import FILES, Condition, Origin, digest
from relay.records.events import AnyEvent, GenerationEnded, TrialEnded, TrialStarted
from relay.records.log import Appender, blocks, cannot_write, encode, write_whole
from relay.records.task import Task
from relay.records.trial_files import read_task
from relay.trial.copies import copied, in_directory, leaving_nothing
from relay.trial.setup import TrialSetup, task_of
from relay.trial.state import TrialState
from relay.trial.transport import read_transport, write_transport

__all__ = ["OpenedTrial", "TrialDirectory", "load_trial", "read_condition"]

OWN = ("lock", "task.json", "task.json.part", "transport.json", "transport.json.part", "condition.yaml.part")
"""Files that a trial may leave in its directory if it was killed before it began, beside copies in `files/`."""


@dataclass(frozen=True)
class OpenedTrial:
    """A trial as read from its directory."""

    condition: Condition
    task: Task
    state: TrialState


@dataclass(frozen=True)
class TrialDirectory:
    """The paths of a trial."""

    root: Path

    @property
    def condition(self) -> Path:
        """The resolved condition."""
        return self.root / "condition.yaml"

    @property
    def task(self) -> Path:
        """The task, including its hidden graph."""
        return self.root / "task.json"

    @property
    def transport(self) -> Path:
        """The transport that commands gave. No result is derived from it."""
        return self.root / "transport.json"

    @property
    def events(self) -> Path:
        """The event log of all ended generations."""
        return self.root / "events.jsonl"

    @property
    def timings(self) -> Path:
        """Wall-clock times of turns. No result is derived from it."""
        return self.root / "timings.jsonl"

    def open(self, generation: int, tenure: int) -> Path:
        """The events of one running tenure."""
        return self.root / "open" / f"g{generation}-t{tenure}.jsonl"

    # --- making it -------------------------------------------------------------------------------------------------

    def draft(self, condition: Condition) -> str:
        """The text of `task.json` for a new trial. Raises `UsageError` if the directory holds a file that no trial
        writes before it begins."""
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

    def make(self, condition: Condition, task: str) -> None:
        """Write the task, the transport and the condition of a new trial whose files are copied."""
        write_whole(self.task, task)
        write_transport(self.transport, condition.origin.transport)
        # The condition comes last, because its file makes the directory a trial.
        write_whole(self.condition, condition.to_yaml())

    # --- opening it ------------------------------------------------------------------------------------------------

    def load(self, setup: TrialSetup) -> tuple[TrialState, Appender]:
        """The state after the last complete block, and the log, open for appending after that block.

        Whatever follows that block is cut off the log. A last block that says only that the trial was interrupted is
        cut off too. Files of tenures whose generation has ended are removed.
        """
        state = TrialState(setup.reader, transcripts=setup.memory.transcripts)
        size = 0
        for block, end in blocks(self.events):
            if isinstance(block[-1], TrialEnded) and block[-1].reason == "interrupted":
                continue
            for event in block:
                _check_start(event, setup.condition, setup.task, self.root)
                state.apply(event)
            size = end
        # cuts off an incomplete block that a killed process left behind
        log = Appender(self.events, size=size)
        if not size:
            self.record(log, state, [TrialStarted(condition=digest(setup.condition), task=digest(setup.task))])
        try:
            (self.root / "open").mkdir(exist_ok=True)
            wanted = {self.open(state.generation + 1, place + 1) for place in range(setup.condition.width)}
            for path in sorted((self.root / "open").iterdir()):
                if path not in wanted:
                    path.unlink()
        except OSError as error:
            raise cannot_write(self.root / "open", error) from error
        return state, log

    def record(self, log: Appender, state: TrialState, events: list[AnyEvent]) -> None:
        """Append events as one block and apply them to the state."""
        placed = [event.model_copy(update={"seq": state.seq + place}) for place, event in enumerate(events)]
        log.append(encode(placed), sync=True)
        for event in placed:
            state.apply(event)

    def close_generation(self, generation: int, width: int) -> None:
        """Remove the files of the tenures of an ended generation: their events are in the log."""
        with contextlib.suppress(OSError):
            for place in range(width):
                self.open(generation, place + 1).unlink(missing_ok=True)

    def note_time(self, **entry: Any) -> None:
        """Append one line of wall-clock times. Errors are ignored, since nothing depends on the file."""
        with contextlib.suppress(OSError), self.timings.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")


def read_condition(directory: Path) -> Condition:
    """The condition of the trial in a directory, with the trial's copies as its files. Raises `UsageError` if there is
    none."""
    path = TrialDirectory(directory).condition
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        what = "does not exist" if not directory.exists() else "contains no trial (no condition.yaml)"
        raise UsageError(f"{directory} {what}; start a trial with `relay run`") from None
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or error
        raise UsageError(f"can't read {path}: {why}; restore it or start a new trial") from None
    condition = Condition.from_yaml(text, str(path))
    transport = read_transport(TrialDirectory(directory).transport)
    return condition.of_origin(Origin(sources=in_directory(condition, directory), transport=transport))


def load_trial(directory: Path, generation: int | None = None) -> OpenedTrial:
    """The trial in a directory as it is now, or as it was when `generation` had ended. Writes nothing.

    Raises `UsageError` if the trial can't be read or has not reached that generation.
    """
    condition = read_condition(directory)
    place = TrialDirectory(directory)
    setup = TrialSetup.of(condition, read_task(place.task))
    state = TrialState(setup.reader, transcripts=setup.memory.transcripts)
    if generation is not None and not 0 <= generation <= condition.generations:
        raise UsageError(f"{directory} has generations 0 to {condition.generations}, not {generation}")
    for block, _ in blocks(place.events):
        for event in block:
            _check_start(event, condition, setup.task, directory)
            state.apply(event)
        if generation is not None and _at(block[-1]) == generation:
            break
    if generation is not None and state.generation != generation:
        raise UsageError(f"{directory} has reached generation {state.generation}, not {generation}")
    return OpenedTrial(condition=condition, task=setup.task, state=state)


def _at(event: AnyEvent) -> int:
    """The generation that `event`, the last event of a block, ends; 0 if `event` is the start of the trial, -1 if it
    is any other event."""
    return event.generation if isinstance(event, GenerationEnded) else 0 if isinstance(event, TrialStarted) else -1


def _check_start(event: AnyEvent, condition: Condition, task: Task, directory: Path) -> None:
    """Raise `UsageError` if `event` is the start of the trial and names another condition or task than `directory` now
    holds."""
    if not isinstance(event, TrialStarted):
        return
    if event.condition != digest(condition) or event.task != digest(task):
        which = "condition.yaml" if event.condition != digest(condition) else "task.json"
        raise UsageError(f"{directory / which} was changed after the trial began; restore it or start a new trial")
