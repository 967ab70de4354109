"""Processes for what is CPU-bound, apart from everything that matters: `await workers.run(function, *args)`."""

from __future__ import annotations

from relay.workers.limits import CHECKING, OPEN, Guard, Limits
from relay.workers.once import Once
from relay.workers.pool import Workers

__all__ = ["CHECKING", "OPEN", "Guard", "Limits", "Once", "Workers"]
