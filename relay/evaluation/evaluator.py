"""The evaluator as its parts see it, and who may look on or answer in its place.

The parts are functions that take an `Evaluator`; `relay.evaluation.machine` puts them together. Nothing else is shared
between them but frames and lanes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from relay.evaluation.algebra.base import Algebra
from relay.evaluation.frame import Frame, Slot
from relay.evaluation.lanes import Lanes
from relay.evaluation.values import Value
from relay.notation.syntax import Definition, Term, Type


class OutOfWork(Exception):  # the end of a computation
    """The whole batch has used up what may really be done for it."""


class Observer(Protocol):
    """Looks on while terms are valued, and changes nothing."""

    def valued(self, term: Term, value: Value, lanes: Lanes) -> None:
        """A node has a value over `lanes`; that of a lane which is dead by now means nothing. What is read where it
        stands (a variable that is an argument of a call, or is indexed) is not a node that is valued."""


class Oracle(Protocol):
    """Answers calls of definitions and of given operations in their place."""

    def answer(
        self,
        machine: Evaluator,
        key: str,
        definition: Definition | None,
        slots: list[Slot],
        result: Type,
        depth: int,
        lanes: Lanes,
    ) -> Value:
        """The value, of type `result`, of a call of `key` at given arguments. `definition` is None for a given
        operation, and `depth` is how many calls there are around."""


class Evaluator(Protocol):
    """The machine as its parts see it (`relay.evaluation.machine.Machine`)."""

    done: int
    """What was really done, in nodes times lanes."""

    @property
    def model(self) -> Algebra: ...

    @property
    def definitions(self) -> Mapping[str, Definition]: ...

    @property
    def fuel(self) -> int:
        """What one lane may spend, in nodes."""

    @property
    def work(self) -> int:
        """What may really be done."""

    @property
    def oracle(self) -> Oracle | None: ...

    @property
    def free(self) -> dict[int, tuple[Term, frozenset[str]]]:
        """The free variables of terms that were met (`relay.notation.traversal.free_variables`)."""

    def run(self, term: Term, frame: Frame, lanes: Lanes) -> Value:
        """The value of a term over lanes."""

    def check_fuel(self, lanes: Lanes) -> None:
        """Lanes that have spent too much die now rather than later."""
