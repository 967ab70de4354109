"""The copies of files in a trial's directory: written before the trial begins, and read ever after."""

from __future__ import annotations

import contextlib
import os
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from relay.component_files import verified
from relay.errors import UsageError
from relay.records.condition import Condition, Origin
from relay.records.files import cannot_write

__all__ = ["check_trust", "copied", "how_to_resume", "in_directory", "leaving_nothing"]


def in_directory(condition: Condition, directory: Path) -> dict[str, Path]:
    """Name of a copy -> its path, absolute, for all copies in a trial's directory."""
    return {name: directory.absolute() / name for name in condition.files}


def copied(condition: Condition, directory: Path) -> Condition:
    """Copy the files of a condition into a directory. Returns the condition with these copies as its files.

    Raises `UsageError` if a file is not the one that the condition names, or can't be copied.
    """
    places = in_directory(condition, directory)
    for name, source in verified(condition).items():
        _write(places[name], source.read_bytes())
    there = condition.of_origin(Origin(sources=places, transport=condition.origin.transport))
    verified(there)
    return there


def how_to_resume(condition: Condition, directory: Path) -> str:
    """The command that resumes a trial."""
    return f"relay resume {shlex.quote(str(directory))}{' --trust' if _code(condition) else ''}"


def check_trust(condition: Condition, directory: Path, trust: bool) -> None:
    """Raise `UsageError` if a condition names code by its path, and nobody has said that it may be run."""
    code = _code(condition)
    if code and not trust:
        raise UsageError(
            f"the trial in {directory} runs code of its own: {', '.join(code)}; read it there, and give --trust to run "
            "it"
        )


@contextmanager
def leaving_nothing(directory: Path, missing: tuple[Path, ...], names: tuple[str, ...], own: Path) -> Iterator[None]:
    """Remove what a trial has left in its directory, if it has not begun at the end: if the file `own` is not there.

    `missing` are the directories that did not exist before, innermost first; `names` are the files to be removed.
    """
    try:
        yield
    finally:
        if not own.exists():
            for name in names:
                with contextlib.suppress(OSError):
                    (directory / name).unlink(missing_ok=True)
            inside = {above for name in names for above in (directory / name).parents if directory in above.parents}
            for folder in (*sorted(inside, key=lambda path: -len(path.parts)), *missing):
                with contextlib.suppress(OSError):
                    folder.rmdir()


def _code(condition: Condition) -> list[str]:
    return [name for name in condition.files if name.endswith(".py")]


def _write(path: Path, data: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise cannot_write(path, error) from error
