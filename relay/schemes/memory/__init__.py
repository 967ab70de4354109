"""Memory schemes: what survives of a researcher's own context into the next tenure in its place.

`scheme` is the base class, and `contract` has the rules that every scheme keeps. `fresh` keeps nothing, `carryover` the
last turns, `immortal` the whole transcript. Notes are handled by `relay.schemes.notes`.
"""

from relay.schemes.memory.carryover import Carryover
from relay.schemes.memory.fresh import Fresh
from relay.schemes.memory.immortal import Immortal
from relay.schemes.memory.scheme import MemoryScheme, Remembered

__all__ = ["Carryover", "Fresh", "Immortal", "MemoryScheme", "Remembered"]
