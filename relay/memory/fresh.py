"""`fresh`: nothing of a researcher's own context survives it."""

from __future__ import annotations

from relay.memory.scheme import MemoryScheme, Remembered
from relay.tokens import Counter

__all__ = ["Fresh"]


class Fresh(MemoryScheme):
    """Every tenure is a new researcher."""

    def hand_on(self, remembered: tuple[Remembered, ...], room: int, count: Counter) -> tuple[Remembered, ...]:
        """Nothing."""
        return ()
