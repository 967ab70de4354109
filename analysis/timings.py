"""How long a trial took, from `timings.jsonl`. Nothing else is derived from that file."""

from __future__ import annotations

import json
from math import inf
from pathlib import Path
from typing import Any

from relay.records.files import lines
from relay.records.trial_files import TrialFiles

__all__ = ["time_taken"]


def time_taken(directory: Path) -> float | None:
    """Return for how many seconds processes were at work on a trial; None if its times are not known.

    Pauses between two processes don't count. If a process was killed, its time after the last answer is missing. In
    lines that were written before there was `elapsed`, only the time of the answers is known, and is counted.
    """
    taken, latest, known = 0.0, 0.0, False
    for line in lines(TrialFiles(directory).timings):
        entry = _entry(line)
        if (elapsed := _seconds(entry, "elapsed")) is not None:
            # Each process begins each generation at 0, so a smaller number is the start of another count.
            taken += latest if elapsed < latest else 0.0
            latest = elapsed
        elif (seconds := _seconds(entry, "seconds")) is not None:
            taken += seconds
        else:
            continue  # half a line of a process that was killed
        known = True
    return round(taken + latest, 3) if known else None


def _entry(line: bytes) -> dict[str, Any]:
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return entry if isinstance(entry, dict) else {}


def _seconds(entry: dict[str, Any], name: str) -> float | None:
    value = entry.get(name)
    return float(value) if isinstance(value, int | float) and 0 <= value < inf else None
