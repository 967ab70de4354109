"""`immortal`: the researcher lives on. Its successor in the same place gets its whole transcript as messages."""

from __future__ import annotations

from relay.researcher.tokens import Counter
from relay.schemes.memory.ends import longest_end
from relay.schemes.memory.scheme import MemoryScheme, Remembered

__all__ = ["Immortal"]


class Immortal(MemoryScheme):
    """The successor gets the whole transcript. If it does not fit, the oldest messages are dropped."""

    @property
    def transcripts(self) -> bool:
        return True

    def hand_on(self, remembered: tuple[Remembered, ...], room: int, count: Counter) -> tuple[Remembered, ...]:
        """The longest end of the transcript that fits into `room` and begins with a message to the researcher."""
        return longest_end(remembered, room, count)
