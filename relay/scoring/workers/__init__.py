"""Processes for CPU-bound work: `await workers.run(function, *args)`. A worker that dies costs one call, nothing more.

`pool` is the interface. `dispatch` assigns calls to workers. `process` is one worker as its parent sees it, `child` is
the worker's own side, `frames` are the messages between them, and `shared_arguments` avoids sending a value twice.
`limits` bounds memory and time of a call, and `guard` refuses everything but computation.
"""

from __future__ import annotations

from relay.scoring.workers.limits import CHECKING, OPEN, Guard, Limits
from relay.scoring.workers.pool import Workers
from relay.scoring.workers.shared_arguments import Once

__all__ = ["CHECKING", "OPEN", "Guard", "Limits", "Once", "Workers"]
