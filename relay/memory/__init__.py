"""Memory schemes: what survives of a researcher's own context."""

from relay.memory.fresh import Fresh
from relay.memory.immortal import Immortal
from relay.memory.scheme import MemoryScheme, Remembered

__all__ = ["Fresh", "Immortal", "MemoryScheme", "Remembered"]
