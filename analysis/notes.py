"""The note store of a trial after a generation, rebuilt from the note events of the log."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analysis.standing import StandingCount, StandingVersion
from relay.errors import UsageError
from relay.records.events import AnyEvent, Credited, GenerationEnded, GenerationStarted, LawCredited, NoteChanged
from relay.records.notes import apply_change
from relay.records.reader import TrialReader
from relay.records.status_told import StatusTold
from relay.records.trial_files import outside_of_trials
from relay.text import printable


@dataclass(frozen=True)
class NoteReading:
    """The notes of a trial after a generation, in the order of their first writing."""

    notes: tuple[NoteChanged, ...]
    """Each note is the event that wrote its present version."""
    concepts: Mapping[str, tuple[str, ...]]
    """Key of a definition -> concepts that it was credited with. Hidden from researchers."""
    laws: Mapping[str, tuple[str, ...]]
    """Key of a claim -> laws that it was credited with. Hidden from researchers."""
    standing: Mapping[str, tuple[StandingVersion, ...]] = field(default_factory=dict)
    """Id of a note that everybody reads -> its versions."""
    told: Mapping[str, StatusTold] = field(default_factory=dict)
    """Key of a statement -> what was told of it some generations after it was stated."""

    def told_of(self, note: NoteChanged) -> tuple[StatusTold, ...]:
        """Return what was told since of the statements in a note."""
        return tuple(self.told[key] for key in note.statements if key in self.told)

    def concepts_of(self, note: NoteChanged) -> tuple[str, ...]:
        """Return the concepts that the definitions in a note were credited with."""
        return tuple(concept for key in note.statements for concept in self.concepts.get(key, ()))

    def laws_of(self, note: NoteChanged) -> tuple[str, ...]:
        """Return the laws that the claims in a note were credited with."""
        return tuple(law for key in note.statements for law in self.laws.get(key, ()))

    def record(self, note: NoteChanged, *, reveal: bool) -> dict[str, Any]:
        """Return the data of a note that `relay notes --json` prints. With `reveal`, it has `concepts` and `laws`. A
        note that everybody reads has `versions`."""
        data = note.model_dump(mode="json")
        if reveal:
            data |= {"concepts": list(self.concepts_of(note)), "laws": list(self.laws_of(note))}
        if told := self.told_of(note):
            data["told"] = [
                {"key": each.key, "status": each.status or None, "explains": list(each.explains)} for each in told
            ]
        if note.id in self.standing:
            data["versions"] = [version.record() for version in self.standing[note.id]]
        return data

    def words(self, note: NoteChanged, *, reveal: bool) -> str:
        """Return a note as Markdown: a heading with its id, title, version and author, and its text. With `reveal`,
        the heading names the concepts and laws that it holds. Under a note that everybody reads stand its versions, and
        who lived under each."""
        parts = [f"version {note.version}", f"by {note.author}"]
        if note.sure:
            parts.append(note.sure)
        # two fields of a scheme's own that several schemes have: the author's word for how sure it is, and a title
        said, title = (" ".join(str(note.data.get(key, "")).split()) for key in ("sure", "title"))
        if told := self.told_of(note):
            since = [each.status or f"explains {', '.join(map(str, each.explains))}" for each in told]
            parts.append(f"told since: {', '.join(since)}")
        if said:
            parts.append(f"its author: {said}")
        if note.conflict:
            parts.append("kept from an edit that no longer applied")
        if reveal:
            parts += [f"concept {concept}" for concept in self.concepts_of(note)]
            parts += [f"law {law}" for law in self.laws_of(note)]
        head = f"{note.id} {title}".rstrip()
        lived = "".join(f"- {version.words()}\n" for version in self.standing.get(note.id, ()))
        history = f"\nWho lived under which version of it:\n\n{lived}" if lived else ""
        return f"## {head} ({', '.join(parts)})\n\n{note.text.rstrip()}\n{history}"


def read_notes(directory: Path, generation: int | None = None) -> NoteReading:
    """Return the notes after `generation` (None: the last one that has ended).

    Changes by an unfinished generation are left out. Raises `UsageError` if the trial is not whole, or if the
    generation has not ended.
    """
    store: dict[str, NoteChanged] = {}
    changes: list[NoteChanged] = []  # of the present generation
    concepts: dict[str, dict[str, None]] = {}
    laws: dict[str, dict[str, None]] = {}
    standing = StandingCount()
    told: dict[str, StatusTold] = {}

    def take(event: AnyEvent) -> None:
        if generation is None or event.generation <= generation:
            standing.take(event)
        if isinstance(event, NoteChanged) and event.applied:
            changes.append(event)
        elif isinstance(event, StatusTold) and (generation is None or event.generation <= generation):
            told[event.key] = event
        elif isinstance(event, Credited):
            concepts.setdefault(event.key, {})[event.concept] = None
        elif isinstance(event, LawCredited):
            laws.setdefault(event.key, {})[event.law] = None
        elif isinstance(event, GenerationStarted):
            changes.clear()
        elif isinstance(event, GenerationEnded) and (generation is None or event.generation <= generation):
            for change in changes:
                apply_change(store, change, change)

    ended = TrialReader.open(directory).read(take).generation
    if generation is not None and generation > ended:
        raise UsageError(f"{directory} has no generation {generation} that has ended (ended: {ended})")
    return NoteReading(
        notes=tuple(store.values()),
        concepts={key: tuple(found) for key, found in concepts.items()},
        laws={key: tuple(found) for key, found in laws.items()},
        standing=standing.versions(),
        told=told,
    )


def export_notes(found: NoteReading, directory: Path, *, reveal: bool) -> int:
    """Write one Markdown file for each note, in the words of `NoteReading.words`, and return their number.

    Raises `UsageError` if the directory is not empty or can't be written.
    """
    outside_of_trials(directory)
    try:
        directory.mkdir(parents=True, exist_ok=True)
        if any(directory.iterdir()):
            raise UsageError(f"{directory} is not empty; choose a new directory to export to")
        for number, note in enumerate(found.notes, start=1):
            # Researchers choose the ids, so they may contain slashes or be alike after this; the number is unique.
            name = re.sub(r"[^A-Za-z0-9_-]+", "-", note.id)
            text = printable(found.words(note, reveal=reveal))
            (directory / f"{number:04d}-{name}.md").write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{directory} can't be written ({error.strerror}); choose another directory") from error
    return len(found.notes)
