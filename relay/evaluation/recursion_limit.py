"""Room for deep evaluations: Python's recursion limit is raised while an evaluation runs, then restored.

Terms nest at most 40 deep and calls at most 256, so the evaluator needs many Python frames, all on the heap. The limit
must be restored, because Python lets C code recurse up to it as well, on the C stack: if it stayed high, deeply nested
text could crash the process (`json.loads`, on Python 3.11).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

FRAMES = 200_000
"""The raised limit, in Python frames. Never reached, because the call depth and the nesting of terms are bounded."""

_lock = Lock()
_running = 0
_usual = 0


@contextmanager
def deep() -> Iterator[None]:
    """Raise the limit within the context. If evaluations overlap in several threads, the last to end restores it."""
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
