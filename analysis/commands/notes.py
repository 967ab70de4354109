"""The command `relay notes`."""

from __future__ import annotations

from relay.commands import options
from relay.commands.app import Command
from relay.commands.output import echo, print_json, say

__all__ = ["NOTES", "notes"]


def notes(
    directory: options.DirectoryArgument,
    generation: options.GenerationOption = None,
    export: options.ExportOption = None,
    reveal: options.RevealOption = False,
    json: options.JsonOption = False,
) -> None:
    """Show the notes after the last generation, or after a given one.

    With --reveal each note names the concepts and laws that it was credited
    with, which researchers are never told.
    """
    from analysis.notes import export_notes, read_notes

    found = read_notes(directory, generation)
    if export is not None:
        say(f"{export_notes(found, export, reveal=reveal)} notes written to {export}")
    elif json:
        print_json([found.record(note, reveal=reveal) for note in found.notes])
    else:
        for note in found.notes:
            echo(found.words(note, reveal=reveal))
        if not found.notes:
            after = "" if generation is None else f" after generation {generation}"
            say(f"there are no notes in {directory}{after}")


NOTES = Command(
    "notes", notes, "relay notes runs/alien-ledger-s1 -g 4", "relay notes runs/alien-ledger-s1 --export notes/"
)
