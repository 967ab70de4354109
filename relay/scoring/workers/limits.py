"""Limits of one call in a worker, and how a worker applies them to itself.

Every evaluation has bounded fuel, which is the same on every machine. The limits here are far beyond that and act only
if fuel fails. A call that is cut off by them never counts as a verdict. Memory is limited as address space, on Linux
only: other systems have no reliable limit of that kind, and none is set there.
"""

from __future__ import annotations

import math
import resource
import sys
import time
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

__all__ = ["CHECKING", "OPEN", "Guard", "Limits", "address_space", "hold", "lift"]


class Guard(IntEnum):
    """What a call may do besides computing; see `relay.scoring.workers.guard`."""

    OFF = 0
    """All operations."""
    ON = 1
    """Nothing that reaches outside the process, and no code made from text. Imports are allowed."""
    STRICT = 2
    """As `ON`, and no imports either. For tests, after all needed modules have been loaded."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one call. None means no limit."""

    memory: int | None = None
    """Bytes of address space in addition to those of the worker before its first call."""
    processor: int | None = None
    """Seconds of processor time."""
    wall: float | None = None
    """Seconds after which the parent kills the worker, whether it computes or waits."""
    guard: Guard = Guard.OFF
    brief: bool = False
    """Whether the call may be queued in a worker behind other brief calls. For calls that end soon."""


OPEN = Limits()
"""Limits of calls to components, which are trusted code."""
CHECKING = Limits(memory=2 << 30, processor=120, wall=900.0, guard=Guard.ON, brief=True)
"""Limits of calls that check statements. Fuel ends even the worst statements after a tenth of this time."""


def address_space() -> int:
    """Bytes of address space of this process; 0 if unknown."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    except (OSError, ValueError, IndexError):
        return 0


def hold(limits: Limits, base: int) -> None:
    """Apply `limits` to this process. `base` is the address space that it needs without the call, in bytes."""
    memory = None if limits.memory is None or not base or sys.platform != "linux" else base + limits.memory
    # RLIMIT_CPU counts from the start of the process, so the time used so far is added.
    processor = None if limits.processor is None else math.ceil(time.process_time()) + limits.processor
    _set(resource.RLIMIT_AS, memory)
    _set(resource.RLIMIT_CPU, processor)


def lift() -> None:
    """Remove the limits from this process."""
    _set(resource.RLIMIT_AS, None)
    _set(resource.RLIMIT_CPU, None)


def _set(which: int, value: int | None) -> None:
    # The hard limit stays: lowering it could not be undone for the next call.
    hard = resource.getrlimit(which)[1]
    soft = hard if value is None else value if hard == resource.RLIM_INFINITY else min(value, hard)
    try:
        resource.setrlimit(which, (soft, hard))
    except (OSError, ValueError):
        return  # a system without this limit; the parent still measures wall-clock time
