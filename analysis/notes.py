"""The note store of a trial after a generation, rebuilt from the note events of the log."""

from __future__ import annotations

import re
from pathlib import Path

from relay.errors import UsageError
from relay.records.events import AnyEvent, GenerationEnded, GenerationStarted, NoteChanged
from relay.records.notes import apply_change
from relay.records.reader import TrialReader
from relay.records.trial_files import outside_of_trials


def read_notes(directory: Path, generation: int | None = None) -> tuple[NoteChanged, ...]:
    """Return the notes after `generation` (None: the last one that has ended), in the order of their first writing.

    Each note is the event that wrote its present version. Changes by an unfinished generation are left out. Raises
    `UsageError` if the trial is not whole, or if the generation has not ended.
    """
    store: dict[str, NoteChanged] = {}
    changes: list[NoteChanged] = []  # of the present generation

    def take(event: AnyEvent) -> None:
        if isinstance(event, NoteChanged) and event.applied:
            changes.append(event)
        elif isinstance(event, GenerationStarted):
            changes.clear()
        elif isinstance(event, GenerationEnded) and (generation is None or event.generation <= generation):
            for change in changes:
                apply_change(store, change, change)

    ended = TrialReader.open(directory).read(take).generation
    if generation is not None and generation > ended:
        raise UsageError(f"{directory} has no generation {generation} that has ended (ended: {ended})")
    return tuple(store.values())


def words(note: NoteChanged) -> str:
    """Return a note as Markdown: a heading with its id, version and author, and its text."""
    parts = [f"version {note.version}", f"by {note.author}"]
    if note.sure:
        parts.append(note.sure)
    if note.conflict:
        parts.append("kept from an edit that no longer applied")
    return f"## {note.id} ({', '.join(parts)})\n\n{note.text.rstrip()}\n"


def export_notes(notes: tuple[NoteChanged, ...], directory: Path) -> int:
    """Write one Markdown file for each note and return their number.

    Raises `UsageError` if the directory is not empty or can't be written.
    """
    outside_of_trials(directory)
    try:
        directory.mkdir(parents=True, exist_ok=True)
        if any(directory.iterdir()):
            raise UsageError(f"{directory} is not empty; choose a new directory to export to")
        for number, note in enumerate(notes, start=1):
            # Researchers choose the ids, so they may contain slashes or be alike after this; the number is unique.
            name = re.sub(r"[^A-Za-z0-9_-]+", "-", note.id)
            (directory / f"{number:04d}-{name}.md").write_text(words(note), encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{directory} can't be written ({error.strerror}); choose another directory") from error
    return len(notes)
