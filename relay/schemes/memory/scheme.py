"""The base of memory schemes: what survives of a researcher's own context, within a tenure and into the next one."""

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
    summary: bool = False
    """Whether the message is a summary that the researcher wrote to go on with."""
    inherited: bool = False
    """Whether the message had been handed on to the tenure that hands it on now."""

    def tokens(self, count: Counter) -> int:
        """Number of tokens of the message."""
        return count(self.message.content) + MESSAGE_OVERHEAD


class MemoryScheme(Record):
    """Base of memory schemes. What the engine holds them to is in `relay.schemes.memory.contract`."""

    writes: ClassVar[bool] = False
    """Whether it may hand on messages that are no end of `remembered`. The log then holds their text. Of a scheme that
    does not say so, such messages are refused."""

    forgets: ClassVar[bool] = False
    """Whether turns leave the prompt when the context is full, so that a tenure can be longer than its context. If not,
    a full context ends the tenure."""

    summarises: ClassVar[bool] = False
    """Whether a researcher whose context is full writes a summary first, in a turn of its own, after which all turns
    before it leave the prompt. Needs `forgets`: if the summary is lost, or there is no room for it, turns leave as
    `leaving` says."""

    @property
    def transcripts(self) -> bool:
        """Whether it hands messages on, so that the trial's state must store those of the last tenure in each place."""
        return False

    def leaving(self, turns: int) -> int:
        """How many of the oldest turns leave the prompt, which has `turns` turns, at least 2, and is full: 1 to `turns`
        - 1. Asked again as long as the prompt is full. Called only if it `forgets`."""
        return 1

    @abstractmethod
    def hand_on(self, remembered: tuple[Remembered, ...], room: int, count: Counter) -> tuple[Remembered, ...]:
        """The messages that a successor gets: an end of `remembered` that begins with a user's message, or nothing.
        Together they have at most `room` tokens. The result depends on the arguments and the fields alone."""
