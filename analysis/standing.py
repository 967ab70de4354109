"""Notes that everybody reads, such as the page of `evolving` that says how notes are taken: their versions, each with
the generations that lived under it, so that its effect can be measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from relay.records.events import AnyEvent, GenerationEnded, GenerationStarted, NoteChanged, NotesShown
from relay.records.reader import TrialReader
from relay.text import spans

__all__ = ["StandingCount", "StandingVersion", "read_standing"]

STANDING = "standing"
"""The field of a note's data that marks such a note."""


@dataclass(frozen=True)
class StandingVersion:
    """A version of a note that everybody reads."""

    note: NoteChanged
    """The event that wrote it."""
    generations: tuple[int, ...]
    """The generations that lived under it: those in which it was shown in full to a tenure."""

    def record(self) -> dict[str, Any]:
        """Return the data that `relay notes --json` prints."""
        return {
            "version": self.note.version,
            "author": self.note.author,
            "text": self.note.text,
            "generations": list(self.generations),
        }

    def words(self) -> str:
        """Return a line with its number, its author, and who lived under it."""
        if not self.generations:
            lived = "no generation"
        else:
            noun = "generation" if len(self.generations) == 1 else "generations"
            lived = f"{noun} {spans(self.generations)}"
        return f"version {self.note.version} by {self.note.author}: {lived}"


class StandingCount:
    """Finds the versions of standing notes in the events of a trial, and the generations that lived under each."""

    def __init__(self) -> None:
        self._versions: dict[tuple[str, int], NoteChanged] = {}
        self._lived: dict[tuple[str, int], dict[int, None]] = {}
        self._changed: list[NoteChanged] = []
        self._shown: list[NotesShown] = []

    def take(self, event: AnyEvent) -> None:
        """Take one event. Those of a generation count when it has ended."""
        if isinstance(event, GenerationStarted):
            self._changed, self._shown = [], []
        elif isinstance(event, NotesShown):
            self._shown.append(event)
        elif isinstance(event, NoteChanged) and event.applied and event.data.get(STANDING):
            self._changed.append(event)
        elif isinstance(event, GenerationEnded):
            for shown in self._shown:
                for ref in shown.notes:
                    self._lived.setdefault((ref.id, ref.version), {})[shown.generation] = None
            self._versions |= {(change.id, change.version): change for change in self._changed}

    def versions(self) -> Mapping[str, tuple[StandingVersion, ...]]:
        """Return id of a standing note -> its versions, in order."""
        found: dict[str, list[StandingVersion]] = {}
        for place, note in self._versions.items():
            lived = tuple(self._lived.get(place, ()))
            found.setdefault(note.id, []).append(StandingVersion(note, lived))
        return {id: tuple(versions) for id, versions in found.items()}


def read_standing(directory: Path) -> Mapping[str, tuple[StandingVersion, ...]]:
    """Return id of a note that everybody reads -> its versions, in order, with the generations that lived under each.

    Empty if the trial has no such note. An unfinished generation is left out. Raises `UsageError` if the trial is not
    whole.
    """
    count = StandingCount()
    TrialReader.open(directory).read(count.take)
    return count.versions()
