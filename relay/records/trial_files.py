"""The files of a trial: their names, and a check that they are regular files of its own.

condition.yaml  the resolved condition          open/gG-tT.jsonl  events of a tenure that is running
task.json       the task, with its hidden graph files/            copies of the files that the condition names
events.jsonl    the log of all ended generations timings.jsonl    wall-clock; nothing is derived from it
head.json       how far the log has come        transport.json    how the model is reached; free to edit
lock            held by the process that runs it frontier.svg, graph.svg  the pictures
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from relay.errors import UsageError
from relay.records.files import not_regular

__all__ = ["TrialFiles", "outside_of_trials", "trials_directory"]

FILES = (
    "condition.yaml", "events.jsonl", "frontier.svg", "graph.svg", "head.json", "lock", "task.json", "timings.jsonl",
    "transport.json",
)  # fmt: skip
WRITTEN_WHOLE = frozenset(FILES) - {"events.jsonl", "lock", "timings.jsonl"}
"""Files that are written as a draft first, which then gets their name."""
FOLDERS = ("files", "open")
_TENURE = re.compile(r"g([1-9]\d{0,8})-t([1-9]\d{0,8})\.jsonl")


def trials_directory() -> Path:
    """The default directory of trials: `RELAY_LOG_DIR`, or `runs`."""
    return Path(os.environ.get("RELAY_LOG_DIR") or "runs")


def outside_of_trials(path: Path) -> Path:
    """`path`, if it lies in no trial's directory.

    Raises `UsageError` if it does: a trial with foreign files in it can't be read any more.
    """
    for above in dict.fromkeys((*path.absolute().parents, *path.resolve().parents)):
        if (above / "condition.yaml").exists() and (above / "head.json").exists():
            raise UsageError(f"{path} lies in the directory of the trial {above}; give a place outside of it")
    return path


@dataclass(frozen=True)
class TrialFiles:
    """The paths of a trial."""

    root: Path

    @property
    def condition(self) -> Path:
        """The resolved condition."""
        return self.root / "condition.yaml"

    @property
    def task(self) -> Path:
        """The task, including its hidden graph."""
        return self.root / "task.json"

    @property
    def events(self) -> Path:
        """The event log of all ended generations."""
        return self.root / "events.jsonl"

    @property
    def head(self) -> Path:
        """How far the log has come."""
        return self.root / "head.json"

    @property
    def timings(self) -> Path:
        """Wall-clock times of turns. No result is derived from it."""
        return self.root / "timings.jsonl"

    @property
    def transport(self) -> Path:
        """The transport that commands gave. No result is derived from it."""
        return self.root / "transport.json"

    def open(self, generation: int, tenure: int) -> Path:
        """The events of one running tenure."""
        return self.root / "open" / f"g{generation}-t{tenure}.jsonl"

    def opened(self) -> list[tuple[int, int, Path]]:
        """Generation, tenure and path of each file in `open/`, in order."""
        paths = [Path(entry.path) for entry in _entries(self.root / "open")]
        found = [(match, path) for path in paths if (match := _TENURE.fullmatch(path.name))]
        return sorted((int(match[1]), int(match[2]), path) for match, path in found)

    def copies(self) -> list[str]:
        """Names of the files in `files/`, as `files/NAME`, sorted."""
        found = (path for path in (self.root / "files").rglob("*") if path.is_file())
        return sorted(path.relative_to(self.root).as_posix() for path in found)

    def check(self, copies: Collection[str] | None) -> None:
        """Check that the directory holds only files that a trial writes, and that these are regular files in it.
        `copies` are the names of the copies that the trial may have, as `files/NAME`; None: any.

        Raises `UsageError` that names the first other thing. Files whose names begin with a dot belong to the user's
        system and are ignored. Nothing is followed, read, written or deleted.
        """
        for entry in _entries(self.root):
            name = entry.name
            if name.endswith(".part") and name.removesuffix(".part") in WRITTEN_WHOLE:
                name = name.removesuffix(".part")  # a draft, left by a process that was killed
            if name in FOLDERS:
                if not entry.is_dir(follow_symlinks=False):
                    raise UsageError(f"{entry.path} is not a directory of the trial itself; restore it")
            elif name in FILES or entry.name.startswith("."):
                _check_regular(entry)
            else:
                raise foreign(entry)
        for entry in _entries(self.root / "open"):
            _check_regular(entry)
            if not _TENURE.fullmatch(entry.name):
                raise foreign(entry)
        self._check_copies("files", copies)

    def _check_copies(self, folder: str, copies: Collection[str] | None) -> None:
        for entry in _entries(self.root / folder):
            name = f"{folder}/{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                self._check_copies(name, copies)
                continue
            _check_regular(entry)
            if copies is not None and name not in copies and not entry.name.startswith("."):
                raise foreign(entry)


def foreign(entry: os.DirEntry[str]) -> UsageError:
    """The error for a file that no trial writes."""
    return UsageError(f"{entry.path} is no file of this trial; move it out of the directory")


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return sorted(found, key=lambda entry: entry.name)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise UsageError(f"can't read {folder}: {error.strerror or error}; fix its permissions") from None


def _check_regular(entry: os.DirEntry[str]) -> None:
    try:
        mode = entry.stat(follow_symlinks=False).st_mode
    except FileNotFoundError:  # a running trial has just removed it
        return
    if not stat.S_ISREG(mode) and not (entry.name.startswith(".") and stat.S_ISDIR(mode)):
        raise not_regular(Path(entry.path))
