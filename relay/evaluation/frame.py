"""Frames: the names in scope during one call."""

from __future__ import annotations

from dataclasses import dataclass

from relay.evaluation.lanes import Lanes
from relay.evaluation.values import Value, take
from relay.notation.syntax import Definition

Slot = tuple[Value, Lanes]
"""A value, and the batch over which it was computed."""


def value_over(slot: Slot, lanes: Lanes) -> Value:
    """Return the value of a slot in each of `lanes`, which descend from the slot's batch."""
    value, owner = slot
    path = lanes.path(owner)
    return value if path is None else take(value, path)


@dataclass(slots=True)
class Frame:
    """The names in scope during one call, each with its value and the batch over which it was computed."""

    names: dict[str, Slot]
    definition: Definition | None = None
    depth: int = 0

    def with_name(self, name: str, value: Value, lanes: Lanes) -> Frame:
        """Return a copy of the frame with one more name."""
        # Copied, because the blocks of a comprehension bind one name to different items.
        return Frame({**self.names, name: (value, lanes)}, self.definition, self.depth)
