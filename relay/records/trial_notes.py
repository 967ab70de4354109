"""The notes of a trial as one file, generation by generation: what another trial is shown in the place of its own.

`notes_file` makes the file of a trial's directory, through the reader that verifies it. Nothing hidden is in it: no
verdict that was withheld, no credit, no concept.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from relay.errors import UsageError
from relay.records.condition import Condition, digest
from relay.records.events import AnyEvent, GenerationEnded, GenerationStarted, NoteChanged
from relay.records.reader import TrialReader
from relay.records.record import Record
from relay.records.spec import TASK_FILE
from relay.records.task import Task
from relay.records.user_files import LARGEST, read_user_file

__all__ = ["NAME", "TrialNotes", "notes_file", "read_source", "read_trial_notes", "task_name"]

NAME = "notes.json"
"""What the file is called, whatever the name of the trial's directory."""


class TrialNotes(Record):
    """The changes of a trial's notes."""

    v: Literal[1] = 1
    scheme: str
    """The note scheme, by its name in the trial's condition."""
    task: str
    """The task, by its name there; that of a YAML file is the name that the file gives it."""
    theory: str
    """SHA-256 of the resolved task's canonical JSON."""
    generations: tuple[tuple[NoteChanged, ...], ...]
    """For each generation that has ended, its changes in order."""


def notes_file(directory: Path) -> bytes:
    """The file of the notes in a trial's directory. Its bytes depend on the trial alone.

    Raises `UsageError` if there is no whole trial, or if it has no notes yet.
    """
    generations: list[tuple[NoteChanged, ...]] = []
    changes: list[NoteChanged] = []

    def take(event: AnyEvent) -> None:
        if isinstance(event, NoteChanged) and event.applied:
            changes.append(event)
        elif isinstance(event, GenerationStarted):
            changes.clear()
        elif isinstance(event, GenerationEnded):
            generations.append(tuple(changes))

    reader = TrialReader.open(directory)
    reader.read(take)
    if not any(generations):
        raise UsageError(f"{directory} has no notes yet; give the directory of a trial whose researchers wrote some")
    condition = reader.condition
    found = TrialNotes(
        scheme=condition.notes.name,
        task=task_name(condition, reader.task),
        theory=digest(reader.task),
        generations=tuple(generations),
    )
    data = (json.dumps(found.model_dump(mode="json"), sort_keys=True, separators=(",", ":")) + "\n").encode()
    if len(data) > LARGEST:
        raise UsageError(
            f"the notes of {directory} have {len(data):,} bytes, and may have {LARGEST:,}; give another trial"
        )
    return data


def task_name(condition: Condition, task: Task) -> str:
    """The name of a trial's task; that of a YAML file is the name that the file gives it."""
    return task.name if condition.task.name == TASK_FILE else condition.task.name


def read_source(path: Path) -> bytes:
    """The bytes of a file that a condition has a copy of: those of the file, or, of a trial's directory, those of its
    notes. Raises `OSError` if the file can't be read, and `UsageError` as `notes_file` does."""
    return notes_file(path) if path.is_dir() else read_user_file(path)


def read_trial_notes(path: Path) -> TrialNotes:
    """The notes in a file that `notes_file` made, or of a trial in a directory. Raises `UsageError` if it is none."""
    try:
        return TrialNotes.model_validate_json(read_source(path))
    except OSError as error:
        raise UsageError(
            f"the notes {path} can't be read: {error.strerror or error}; give a trial's directory"
        ) from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"])) or "its top"
        raise UsageError(f"{path} has no notes of a trial: {place}: {first['msg']}; give a trial's directory") from None
