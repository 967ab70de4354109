"""`fresh`: nothing of a researcher's own context survives."""

from __future__ import annotations

from relay.researcher.tokens import Counter
from relay.schemes.memory.scheme import MemoryScheme, Remembered

__all__ = ["Fresh"]


class Fresh(MemoryScheme):
    """Every tenure is a new researcher."""

    def hand_on(self, remembered: tuple[Remembered, ...], room: int, count: Counter) -> tuple[Remembered, ...]:
        """No messages."""
        return ()
