"""The note store of a trial, as a generation left it: a fold over the log's note events."""

from __future__ import annotations

import re
from pathlib import Path

from analysis.trials import events, read_trial
from relay.errors import UsageError
from relay.records.events import GenerationEnded, NoteChanged


def read_notes(directory: Path, generation: int | None = None) -> tuple[NoteChanged, ...]:
    """The notes that stood when `generation` had ended (None: the last that did), in the order of their first writing.

    Each is the event that gave it its present version. Changes that waited for the end of an unfinished generation are
    left out.
    """
    trial = read_trial(directory)
    if generation is not None:
        trial.row(generation)
    last = generation if generation is not None else len(trial.rows)
    store: dict[str, NoteChanged] = {}
    for event in events(directory):
        if isinstance(event, NoteChanged) and event.applied and event.generation <= last:
            if event.text:
                store[event.id] = event
            else:
                store.pop(event.id, None)
        elif isinstance(event, GenerationEnded) and event.generation >= last:
            break
    return tuple(store.values())


def words(note: NoteChanged) -> str:
    """A note for a person: a heading on where it comes from, and its text."""
    parts = [f"version {note.version}", f"by {note.author}"]
    if note.sure:
        parts.append(note.sure)
    if note.conflict:
        parts.append("kept from an edit that no longer applied")
    return f"## {note.id} ({', '.join(parts)})\n\n{note.text.rstrip()}\n"


def export_notes(notes: tuple[NoteChanged, ...], directory: Path) -> int:
    """Write one Markdown file a note, and tell how many; a directory that holds other things already is refused."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        if any(directory.iterdir()):
            raise UsageError(f"{directory} is not empty; choose a new directory to export to")
        for number, note in enumerate(notes, start=1):
            name = re.sub(r"[^A-Za-z0-9_-]+", "-", note.id)  # an id is a researcher's business; a file name is ours
            (directory / f"{number:04d}-{name}.md").write_text(words(note), encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{directory} can't be written ({error.strerror}); choose another directory") from error
    return len(notes)
