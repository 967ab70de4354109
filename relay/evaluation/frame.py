"""The names of one call."""

from __future__ import annotations

from dataclasses import dataclass

from relay.evaluation.lanes import Lanes
from relay.evaluation.values import Value
from relay.notation.syntax import Definition

Slot = tuple[Value, Lanes]
"""A value and the batch over which it was valued."""


@dataclass(slots=True)
class Frame:
    """The names of one call: each with its value and the lanes over which it was valued."""

    names: dict[str, Slot]
    definition: Definition | None = None
    depth: int = 0

    def with_name(self, name: str, value: Value, lanes: Lanes) -> Frame:
        """The same names and one more."""
        return Frame({**self.names, name: (value, lanes)}, self.definition, self.depth)
