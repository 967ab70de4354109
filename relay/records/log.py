"""The lines of a trial's log, written and read as a chain, so that the trial can be resumed after a kill at any moment.

`events.jsonl` consists of blocks: `trial_started`; then, for each generation, everything from `generation_started` to
`generation_ended`; then `trial_ended`. While a generation runs, each tenure writes `open/gG-tT.jsonl`. At the end its
lines are moved into the block; its file is removed only when the block is on the disk and `head.json` counts it. An
incomplete last line of any file is the work of a kill, and is dropped. Any other line must follow the line before it.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, NamedTuple

from pydantic import ValidationError

from relay.errors import UsageError
from relay.records.chain import seal, unseal
from relay.records.event import SCHEMA
from relay.records.events import EVENTS, AnyEvent, GenerationEnded, TrialEnded, TrialStarted
from relay.records.files import cannot_write, check_structure, lines, open_regular

__all__ = ["LoggedEvent", "damaged", "encode", "hold", "other_schema", "read_chain"]


STRUCTURE = 1 << 20
"""Most bytes of an event outside of its texts."""
_ENDS = frozenset({TrialStarted, GenerationEnded})
"""Types of the events after which another generation begins."""


class LoggedEvent(NamedTuple):
    """An event as it stands in a file."""

    event: AnyEvent
    number: int
    """Number of its line, from 1."""
    end: int
    """Offset in bytes at which the line ends."""
    chain: str
    """Digest at the end of the line."""


def encode(events: Iterable[AnyEvent], before: str) -> tuple[bytes, str]:
    """The events as lines, and the digest of the last one. `before` is the digest of the line before them."""
    data: list[bytes] = []
    for event in events:
        line, before = seal(before, event.model_dump_json().encode())
        data.append(line)
    return b"".join(data), before


def read_chain(path: Path, before: str, generation: int = 0) -> Iterator[LoggedEvent]:
    """Yield the events of a file. An incomplete last line is dropped; a missing file has no events.

    `before` is the digest before the first line, and `generation` the generation of the first line, for messages: the
    generation of a damaged line is known from the lines before it. Raises `UsageError` that names the line and the
    generation if a line is no event, or does not follow the line before it.
    """
    end = 0
    for number, line in enumerate(lines(path), 1):
        found = unseal(before, line)
        if found is None:
            if not line.endswith(b"\n"):  # only the last line of a killed writer can be incomplete
                return
            raise _broken(line, path, number, generation)
        body, before = found
        event = _decode(body, path, number, generation)
        if event.seq != number - 1:
            raise damaged(path, number, generation, "is not the line that belongs there")
        end += len(line)
        yield LoggedEvent(event, number, end, before)
        if type(event) in _ENDS:
            generation = event.generation + 1
        elif isinstance(event, TrialEnded):
            generation -= 1  # no other generation follows


def damaged(path: Path, number: int, generation: int, what: str) -> UsageError:
    """The error for a line that does not belong. `what` continues a sentence about the line."""
    return UsageError(
        f"{path}, line {number} (generation {generation}) {what}: the log was changed after it was written; "
        "restore it or start a new trial"
    )


def other_schema(where: str, version: object) -> UsageError:
    """The error for a file of another schema version."""
    version = str(version) if isinstance(version, int) and abs(version) < 10**9 else "unknown"
    return UsageError(
        f"{where} was written with schema version {version} and this relay reads version {SCHEMA}; "
        "use the relay that wrote it, or start a new trial (`relay run ... --fresh` sets this one aside)"
    )


@contextlib.contextmanager
def hold(directory: Path) -> Iterator[None]:
    """Create a directory if necessary, and lock it so that no other process runs its trial. The lock ends when the
    context is left, or with the process."""
    path = directory / "lock"
    try:
        directory.mkdir(parents=True, exist_ok=True)
        file: IO[bytes] = os.fdopen(open_regular(path, os.O_RDWR | os.O_CREAT), "r+b")
    except OSError as error:
        raise cannot_write(path, error) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise UsageError(f"another process is running the trial in {directory}; wait for it or stop it") from None
        yield


def _broken(line: bytes, path: Path, number: int, generation: int) -> UsageError:
    """The error for a line whose digest does not fit."""
    try:
        check_structure(line, STRUCTURE)
        data = json.loads(line)
    except (ValueError, RecursionError):
        return damaged(path, number, generation, "is not an event")
    version = data.get("v") if isinstance(data, dict) else None
    if isinstance(version, int) and version != SCHEMA:
        return other_schema(str(path), version)
    if not isinstance(data, dict) or "chain" not in data:
        return damaged(path, number, generation, "has no digest")
    return damaged(path, number, generation, "is not the line that stood there")


def _decode(body: bytes, path: Path, number: int, generation: int) -> AnyEvent:
    try:
        check_structure(body, STRUCTURE)
        event: AnyEvent = EVENTS.validator.validate_json(body)
        if event.v == SCHEMA:
            return event
    except ValidationError as error:
        what = error.errors(include_url=False, include_input=False)[0]["msg"]
        raise damaged(path, number, generation, f"is not an event ({what})") from None
    except ValueError as error:
        raise damaged(path, number, generation, f"is not an event ({error})") from None
    raise other_schema(str(path), event.v)
