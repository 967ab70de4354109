"""`immortal`: the researcher lives on. Its successor in the same place gets its whole transcript as messages."""

from __future__ import annotations

from typing import ClassVar

from relay.researcher.tokens import Counter
from relay.schemes.memory.scheme import MemoryScheme, Remembered

__all__ = ["Immortal"]


class Immortal(MemoryScheme):
    """The successor gets the whole transcript. If it does not fit, the oldest messages are dropped."""

    transcripts: ClassVar[bool] = True

    def hand_on(self, remembered: tuple[Remembered, ...], room: int, count: Counter) -> tuple[Remembered, ...]:
        """The longest end of the transcript that fits into `room` and begins with a message to the researcher."""
        start = len(remembered)
        for at in range(len(remembered) - 1, -1, -1):
            room -= remembered[at].tokens(count)
            if room < 0:
                break
            # Models expect that a conversation begins with a user's message.
            if remembered[at].message.role == "user":
                start = at
        return remembered[start:]
