"""Memory schemes: what survives of a researcher's own context into the next tenure in its place.

`scheme` is the base class; `fresh` keeps nothing, `immortal` the whole transcript. Notes are another matter
(`relay.schemes.notes`).
"""

from relay.schemes.memory.fresh import Fresh
from relay.schemes.memory.immortal import Immortal
from relay.schemes.memory.scheme import MemoryScheme, Remembered

__all__ = ["Fresh", "Immortal", "MemoryScheme", "Remembered"]
