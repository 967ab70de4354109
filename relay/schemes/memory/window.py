"""`window`: within a tenure the oldest turns leave the prompt when the context is full."""

from __future__ import annotations

from typing import ClassVar

from relay.researcher.tokens import Counter
from relay.schemes.memory.ends import longest_end
from relay.schemes.memory.scheme import MemoryScheme, Remembered

__all__ = ["Window"]


class Window(MemoryScheme):
    """When the context is full, the older half of the turns leaves the prompt, so that a tenure can be longer than its
    context."""

    forgets: ClassVar[bool] = True

    across: bool = False
    """Whether a successor gets the turns that are in the prompt at the end, as far as they fit. If not, nothing is
    handed on."""

    @property
    def transcripts(self) -> bool:
        return self.across

    def leaving(self, turns: int) -> int:
        """Half of the turns at once: what stays is a stable prefix for as long as possible, which a model's cache
        serves."""
        return turns // 2

    def hand_on(self, remembered: tuple[Remembered, ...], room: int, count: Counter) -> tuple[Remembered, ...]:
        """The end of the conversation that the predecessor saw last, as far as it fits; nothing unless `across`."""
        return longest_end(remembered, room, count) if self.across else ()
