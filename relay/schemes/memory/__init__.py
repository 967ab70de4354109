"""Memory schemes: what survives of a researcher's own context."""

from relay.schemes.memory.fresh import Fresh
from relay.schemes.memory.immortal import Immortal
from relay.schemes.memory.scheme import MemoryScheme, Remembered

__all__ = ["Fresh", "Immortal", "MemoryScheme", "Remembered"]
