"""Sets a trial aside, so that another one can begin in its place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from relay.errors import UsageError
from relay.records.log import hold
from relay.trial.directory import TrialDirectory

__all__ = ["set_aside"]


@contextmanager
def set_aside(directory: Path) -> Iterator[Path | None]:
    """Rename the directory of a trial to a free name, `DIR-old-1` or a higher number, and yield that name. If nothing
    new stands in its place at the end, the directory gets its name back.

    If the directory holds no trial, nothing is renamed, and None is yielded. Raises `UsageError` if a process runs the
    trial.
    """
    if not TrialDirectory(directory).condition.exists():
        yield None
        return
    place = directory.resolve()
    free = next(path for number in count(1) if not (path := place.with_name(f"{place.name}-old-{number}")).exists())
    try:
        with hold(place):
            place.rename(free)
    except OSError as error:
        raise UsageError(
            f"can't rename {directory} to {free.name}: {error.strerror or error}; give another directory with --out"
        ) from None
    try:
        yield directory.with_name(free.name) if directory.name == place.name else free
    finally:
        if not place.exists():
            free.rename(place)
