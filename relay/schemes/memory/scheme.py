"""The base of memory schemes: what survives of a researcher's own context into the next tenure in its place."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from relay.records.record import Record
from relay.researcher.observation import Message
from relay.researcher.tokens import MESSAGE_OVERHEAD, Counter

__all__ = ["MemoryScheme", "Remembered"]


class Remembered(Record):
    """One message of an earlier context."""

    message: Message
    names: dict[str, str] = {}
    """Name, as the tenure of the message read it -> key of a definition whose source is in the message."""

    def tokens(self, count: Counter) -> int:
        """Number of tokens of the message."""
        return count(self.message.content) + MESSAGE_OVERHEAD


class MemoryScheme(Record):
    """Base of memory schemes."""

    transcripts: ClassVar[bool] = False
    """Whether the trial's state must store the messages of the last tenure in each place."""

    @abstractmethod
    def hand_on(self, remembered: tuple[Remembered, ...], room: int, count: Counter) -> tuple[Remembered, ...]:
        """The messages at the end of `remembered` that a successor gets. Together they have at most `room` tokens."""
