"""Machine faults: which errors are such faults, and how often a request is repeated after them."""

from __future__ import annotations

from relay.errors import MachineFault, RelayError
from relay.records.record import Record

__all__ = ["MACHINE", "Interrupted", "Retry"]

MACHINE = (MachineFault, ConnectionError, TimeoutError)
"""Errors that an agent raises if something between relay and its model broke."""


class Interrupted(RelayError):
    """Machine faults exceeded the retry limit. The trial can be resumed."""


class Retry(Record):
    """How requests are repeated after machine faults."""

    limit: int = 5
    """Most repetitions of the request for one answer."""
    pause: float = 1.0
    """Seconds before the first repetition; doubled for each repetition that follows."""
    patience: float = 120.0
    """Most seconds that relay waits because the other side demands it."""

    def is_over(self, number: int, error: Exception) -> bool:
        """Whether no repetition follows attempt `number` (from 0), which ended with `error`."""
        return number == self.limit or (isinstance(error, MachineFault) and error.lasting)

    def wait(self, number: int, error: Exception) -> float:
        """Seconds between attempt `number` (from 0), which ended with `error`, and the next one."""
        asked = error.retry_after if isinstance(error, MachineFault) else 0.0
        return max(self.pause * 2.0**number, min(asked, self.patience))
