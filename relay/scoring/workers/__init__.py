"""Processes for CPU-bound work, apart from everything that matters: `await workers.run(function, *args)`.

`pool` is what others call. `dispatch` decides which worker does what, `process` is one worker as its parent sees it and
`child` the worker's own side; `frames` are the messages between them, `shared_arguments` saves sending a value twice.
`limits` bounds memory and time of a call, and `guard` refuses everything but computing. A worker that dies costs one
call.
"""

from __future__ import annotations

from relay.scoring.workers.limits import CHECKING, OPEN, Guard, Limits
from relay.scoring.workers.pool import Workers
from relay.scoring.workers.shared_arguments import Once

__all__ = ["CHECKING", "OPEN", "Guard", "Limits", "Once", "Workers"]
