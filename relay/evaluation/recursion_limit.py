"""Room for deep evaluations: Python's recursion limit is raised while one runs, and is what it was afterwards.

Terms nest at most 40 deep and calls at most 256, so the evaluator needs many Python frames, all on the heap. The
limit is lowered again because below it Python lets C code recurse as well, on the C stack: text that nests deep enough
would crash a process whose limit stayed high (`json.loads`, on Python 3.11).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

FRAMES = 200_000
"""Python frames. The call depth and the nesting of terms are bounded, so this is never reached."""

_lock = Lock()
_running = 0
_usual = 0


@contextmanager
def deep() -> Iterator[None]:
    """Raise the limit; the last of several evaluations, in several threads, puts it back."""
    global _running, _usual
    with _lock:
        if _running == 0:
            _usual = sys.getrecursionlimit()
            sys.setrecursionlimit(max(_usual, FRAMES))
        _running += 1
    try:
        yield
    finally:
        with _lock:
            _running -= 1
            if _running == 0:
                sys.setrecursionlimit(_usual)
