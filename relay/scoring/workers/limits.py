"""What one call in a worker may use, and how a worker holds itself to it.

Every evaluation has a bound on its fuel, which is the same on every machine. These limits lie far behind: they hold
where fuel fails, and what they cut off is told apart from a verdict. Memory is counted as address space, on Linux only;
elsewhere there is no such limit that can be trusted, and none is set.
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
    """Anything."""
    ON = 1
    """Nothing that reaches outside the process, and no code made from text; modules may be imported."""
    STRICT = 2
    """No import either: for tests, once all that is needed has been used."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one call. None: as much as there is."""

    memory: int | None = None
    """Bytes of address space beyond what the worker had when it was ready."""
    processor: int | None = None
    """Seconds of processor time."""
    wall: float | None = None
    """Seconds after which the parent kills the worker, whatever it is waiting for."""
    guard: Guard = Guard.OFF
    brief: bool = False
    """Whether calls may wait in a worker behind another: for those that are done soon."""


OPEN = Limits()
"""For the work of components, which are trusted code."""
CHECKING = Limits(memory=2 << 30, processor=120, wall=900.0, guard=Guard.ON, brief=True)
"""For what reads statements. Fuel ends the worst of them at a tenth of this."""


def address_space() -> int:
    """Bytes of address space of this process; 0 where that is not known."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    except (OSError, ValueError, IndexError):
        return 0


def hold(limits: Limits, base: int) -> None:
    """Hold this process to `limits`; `base` is the address space that it has anyway."""
    memory = None if limits.memory is None or not base or sys.platform != "linux" else base + limits.memory
    processor = None if limits.processor is None else math.ceil(time.process_time()) + limits.processor
    _set(resource.RLIMIT_AS, memory)
    _set(resource.RLIMIT_CPU, processor)


def lift() -> None:
    """Hold this process to nothing more."""
    _set(resource.RLIMIT_AS, None)
    _set(resource.RLIMIT_CPU, None)


def _set(which: int, value: int | None) -> None:
    # The hard limit stays: lowering it could not be undone for the next call.
    hard = resource.getrlimit(which)[1]
    soft = hard if value is None else value if hard == resource.RLIM_INFINITY else min(value, hard)
    try:
        resource.setrlimit(which, (soft, hard))
    except (OSError, ValueError):
        return  # a system without this limit: the parent's clock is behind it
