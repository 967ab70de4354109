"""The trials of a folder, each with its state and its figures, for `relay list runs`.

Each trial is read and verified whole. What is damaged is told, and does not stop the others; what is no trial is left
out. No file of a trial is imported.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from relay.components import told_agent
from relay.errors import UsageError
from relay.records.budget import Spent
from relay.records.events import AnyEvent, GenerationEnded
from relay.records.measures import deepest, depths
from relay.records.reader import TrialReader
from relay.records.spec import named_task

__all__ = ["ListedTrial", "find_trials", "read_run"]

DEPTH = 2
"""How deep in a folder trials are looked for: in it, and in the folders in it."""


@dataclass(frozen=True)
class ListedTrial:
    """One trial of a folder."""

    directory: Path
    state: str
    """`completed`, `interrupted` by a fault of the machine, `rescored` before it had ended, `unfinished` (it runs or
    was stopped), or `damaged`."""
    error: str = ""
    """For a damaged trial: what is wrong."""
    reader: TrialReader | None = None
    """None for a damaged trial."""
    last: GenerationEnded | None = None
    """The end of the last generation that has ended; None if none has."""
    spent: Spent = field(default_factory=Spent)
    """The sum of what all generations that have ended spent."""

    def record(self) -> dict[str, Any]:
        """Return the trial as JSON data. Of a damaged one only the directory, the state and the error are known."""
        known = {"directory": str(self.directory), "state": self.state, "error": self.error or None}
        if self.reader is None:
            return known
        condition, depth, last = self.reader.condition, depths(self.reader.task.concepts), self.last
        return {
            **known,
            "task": named_task(condition.task, self.reader.task.name).briefly(),
            "agent": told_agent(condition.agent).briefly(),
            "notes": condition.notes.briefly(),
            "memory": condition.memory.briefly(),
            "truth": condition.truth.briefly(),
            "seed": condition.seed,
            "generations": condition.generations,
            "generations_ended": last.generation if last else 0,
            "depth_weighted_recall": last.measures["depth_weighted_recall"] if last else 0.0,
            "depth_50": last.measures["depth_50"] if last else 0.0,
            "deepest": deepest(last.retained, depth) if last else 0,
            "depth": max(depth.values(), default=0),
            "retained": len(last.retained) if last else 0,
            "established": len(last.established) if last else 0,
            "concepts": len(depth),
            "turns": self.spent.turns,
            "tokens": self.spent.tokens,
            "evaluations": self.spent.evaluations,
            "money": float(self.spent.money) if condition.prices else None,
            "currency": condition.prices.currency if condition.prices else None,
        }


def find_trials(folder: Path) -> list[Path]:
    """Return the directories of the trials in a folder, and in the folders in it, sorted. If the folder is a trial
    itself, return it alone. Raises `UsageError` if it is no folder."""
    if not folder.is_dir():
        what = "is not a folder" if folder.exists() else "does not exist"
        raise UsageError(f"{folder} {what}; give a folder with trials, or start a trial with `relay run`")
    return sorted(_trials(folder, DEPTH))


def _trials(folder: Path, depth: int) -> Iterator[Path]:
    if os.path.lexists(folder / "condition.yaml"):
        yield folder
    elif depth:
        try:
            with os.scandir(folder) as entries:
                inside = [Path(entry.path) for entry in entries if _is_folder(entry)]
        except OSError:  # a folder of somebody else, or one that has just been removed
            return
        for path in inside:
            yield from _trials(path, depth - 1)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself
        return False


def read_run(directory: Path) -> ListedTrial:
    """Read one trial. It is `damaged` if the reader refuses it."""
    last: GenerationEnded | None = None
    spent = Spent()

    def take(event: AnyEvent) -> None:
        nonlocal last, spent
        if isinstance(event, GenerationEnded):
            last, spent = event, spent + event.spent

    try:
        reader = TrialReader.open(directory)
        reason = reader.read(take).reason
    except UsageError as error:
        return ListedTrial(directory, "damaged", error=str(error))
    return ListedTrial(directory, reason or "unfinished", reader=reader, last=last, spent=spent)
