"""The machine's faults: what they are, and how often an answer is asked for again after them."""

from __future__ import annotations

from relay.errors import MachineFault, RelayError
from relay.records.record import Record

__all__ = ["MACHINE", "Interrupted", "Retry"]

MACHINE = (MachineFault, ConnectionError, TimeoutError)
"""What an agent raises when something between relay and its model broke."""


class Interrupted(RelayError):
    """The machine's faults went on past the retry limit; the trial can be resumed."""


class Retry(Record):
    """What is done about the machine's faults."""

    limit: int = 5
    """Times that one answer is asked for again."""
    pause: float = 1.0
    """Seconds before the first repetition; doubled for each that follows."""
    patience: float = 120.0
    """Seconds that the other side may ask for at most; then it is asked all the same."""

    def is_over(self, number: int, error: Exception) -> bool:
        """Whether an answer is not asked for again after attempt `number` (from 0) ended with this fault."""
        return number == self.limit or (isinstance(error, MachineFault) and error.lasting)

    def wait(self, number: int, error: Exception) -> float:
        """Seconds before the next attempt."""
        asked = error.retry_after if isinstance(error, MachineFault) else 0.0
        return max(self.pause * 2.0**number, min(asked, self.patience))
