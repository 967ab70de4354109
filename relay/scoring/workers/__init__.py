"""Processes for what is CPU-bound, apart from everything that matters: `await workers.run(function, *args)`."""

from __future__ import annotations

from relay.scoring.workers.limits import CHECKING, OPEN, Guard, Limits
from relay.scoring.workers.pool import Workers
from relay.scoring.workers.shared_arguments import Once

__all__ = ["CHECKING", "OPEN", "Guard", "Limits", "Once", "Workers"]
