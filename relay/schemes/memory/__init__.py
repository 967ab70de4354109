"""Memory schemes: what survives of a researcher's own context, within a tenure and into the next one in its place.

`scheme` is the base class, and `contract` has the rules that every scheme keeps. `fresh` keeps nothing, `carryover` the
last turns, `immortal` the whole transcript. Under `window` and `summary` a tenure can be longer than its context. Notes
are in `relay.schemes.notes`.

What the author of a scheme needs can be imported from here ([docs/components.md](../../../docs/components.md)).
"""

from relay.researcher.observation import Message
from relay.researcher.tokens import Counter
from relay.schemes.memory.carryover import Carryover
from relay.schemes.memory.ends import longest_end
from relay.schemes.memory.fresh import Fresh
from relay.schemes.memory.immortal import Immortal
from relay.schemes.memory.scheme import MemoryScheme, Remembered
from relay.schemes.memory.summary import Summary
from relay.schemes.memory.window import Window

__all__ = [
    "Carryover", "Counter", "Fresh", "Immortal", "MemoryScheme", "Message", "Remembered", "Summary", "Window",
    "longest_end",
]  # fmt: skip
