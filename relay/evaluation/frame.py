"""What the parts of the evaluator share: the names of one call, and what they need of the machine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from relay.evaluation.algebra.base import Algebra
from relay.evaluation.lanes import Lanes
from relay.evaluation.values import Index, Size, Value
from relay.notation.syntax import Definition, Term, Type

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


class Evaluator(Protocol):
    """The machine as its parts see it (`relay.evaluation.machine.Machine`)."""

    @property
    def model(self) -> Algebra: ...

    def run(self, term: Term, frame: Frame, lanes: Lanes) -> Value: ...

    def base(self, term: Term, frame: Frame, lanes: Lanes) -> tuple[Value, Index | None]: ...

    def sizes_of(self, frame: Frame, lanes: Lanes, term: Term) -> Size: ...

    @property
    def fuel(self) -> int: ...

    def check_fuel(self, lanes: Lanes) -> None: ...

    def guess(self, type_: Type, frame: Frame, lanes: Lanes) -> list[Size]: ...
