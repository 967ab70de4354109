"""Marks on the fields of components, for what the fields' types don't say.

    path: Annotated[str, CopiedFile("task file")]
    timeout: Annotated[float, TRANSPORT] = 600.0
    command: Annotated[tuple[str, ...], COMMAND]

A field that holds the path of a file is marked as `CopiedFile`: the file is copied into the trial, and the condition
names the copy and its hash. A field that changes how fast or by which way a model answers, but no answer, is marked as
`TRANSPORT`: it is no part of the condition. A field that holds a command line that is run is marked as `COMMAND`:
resuming somebody else's trial runs it only if it is trusted. Components of your own are marked in the same way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from relay.records.record import Record

__all__ = ["COMMAND", "TRANSPORT", "CommandLine", "CopiedFile", "Transport", "commands", "copied_files", "is_transport"]


def _none_shipped(name: str) -> Path | None:
    return None


@dataclass(frozen=True)
class CopiedFile:
    """Marks a field that holds the path of a file, or a tuple of such paths. None and the empty text stand for no
    file."""

    noun: str = "file"
    """What the file is, for messages."""
    code: bool = False
    """Whether the field holds `path/to/file.py:name`, and the file is Python that is imported. Any other text is then
    no path."""
    shipped: Callable[[str], Path | None] = _none_shipped
    """For a field that also takes names of files that relay ships: from a name to the file, or to None if it is no such
    name. The condition keeps the name, and the file is copied too."""
    trial: bool = False
    """Whether the field holds the directory of a trial, whose notes are copied as one file
    (`relay.records.trial_notes`)."""


@dataclass(frozen=True)
class Transport:
    """Marks a field that no answer depends on: a time-out, an address, a number of requests at once."""


TRANSPORT = Transport()


@dataclass(frozen=True)
class CommandLine:
    """Marks a field with the words of a command line that the component runs."""


COMMAND = CommandLine()


def copied_files(kind: type[Record]) -> dict[str, CopiedFile]:
    """The fields of a component that hold paths of files, each with its mark."""
    return {
        name: mark for name, info in kind.model_fields.items() for mark in info.metadata if isinstance(mark, CopiedFile)
    }


def is_transport(kind: type[Record], parameter: str) -> bool:
    """Whether a parameter of a component is transport.

    A component that takes parameters without declaring them lists those that are transport in `undeclared_transport`, a
    class variable.
    """
    info = kind.model_fields.get(parameter)
    if info is None:
        return parameter in getattr(kind, "undeclared_transport", ())
    return any(isinstance(mark, Transport) for mark in info.metadata)


def commands(kind: type[Record]) -> tuple[str, ...]:
    """The fields of a component that hold command lines."""
    return tuple(
        name for name, info in kind.model_fields.items() if any(isinstance(mark, CommandLine) for mark in info.metadata)
    )
