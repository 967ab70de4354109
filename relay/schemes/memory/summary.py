"""`summary`: within a tenure the researcher writes a summary when the context is full, and goes on with it."""

from __future__ import annotations

from typing import ClassVar

from relay.researcher.observation import Message
from relay.researcher.tokens import Counter
from relay.schemes.memory.scheme import MemoryScheme, Remembered

__all__ = ["Summary"]

HEAD = "Your predecessor's summary of what came before. What it defines has to be stated again before it can be called."


class Summary(MemoryScheme):
    """When the context is full, the researcher writes a summary in a turn of its own, and the turns before it leave the
    prompt. Without a summary the older half of the turns leaves."""

    forgets: ClassVar[bool] = True
    summarises: ClassVar[bool] = True
    writes: ClassVar[bool] = True

    across: bool = False
    """Whether a successor gets the latest summary, as far as it fits. If not, nothing is handed on."""

    @property
    def transcripts(self) -> bool:
        return self.across

    def leaving(self, turns: int) -> int:
        """Half of the turns at once."""
        return turns // 2

    def hand_on(self, remembered: tuple[Remembered, ...], room: int, count: Counter) -> tuple[Remembered, ...]:
        """The predecessor's latest summary as one message, its end cut off if it is too long; nothing unless
        `across`, or if there is no summary."""
        own = [each for each in remembered if each.summary and not each.inherited]
        if not self.across or not own:
            return ()
        text = own[-1].message.content
        while text:
            said = Remembered(message=Message(role="user", content=f"{HEAD}\n\n{text}"))
            if said.tokens(count) <= room:
                return (said,)
            text = text[: len(text) * 7 // 8]
        return ()
