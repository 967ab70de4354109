"""The interface that the evaluator offers to its parts, and the interfaces of observers and oracles.

The parts are functions that take an `Evaluator`; `relay.evaluation.machine` puts them together. The parts share nothing
but the evaluator, frames and lanes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from relay.evaluation.algebra.base import Algebra
from relay.evaluation.frame import Frame, Slot
from relay.evaluation.lanes import Lanes
from relay.evaluation.values import Value
from relay.notation.syntax import Definition, Term, Type


class OutOfWork(Exception):  # an early exit from a computation, not an error
    """The batch has done more work than it may."""


class Observer(Protocol):
    """Receives the values of nodes while terms are evaluated, and changes nothing."""

    def valued(self, term: Term, value: Value, lanes: Lanes) -> None:
        """Receive the value of the node `term` over `lanes`; the value of a dead lane has no meaning.

        Not called for a variable that is an argument of a call or that is indexed.
        """


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
        """Return the value, of type `result`, of a call of `key` at the arguments `slots`.

        `definition` is None for a given operation. `depth` is the number of enclosing calls.
        """


class Evaluator(Protocol):
    """The interface that the machine (`relay.evaluation.machine.Machine`) offers to its parts."""

    done: int
    """The work done so far, in nodes times lanes."""
    uncounted: bool
    """Whether a size is being evaluated, which is not counted."""

    @property
    def model(self) -> Algebra: ...

    @property
    def definitions(self) -> Mapping[str, Definition]: ...

    @property
    def fuel(self) -> int:
        """The most nodes that one lane may spend."""

    @property
    def work(self) -> int:
        """The most work that may be done for the batch, in nodes times lanes."""

    @property
    def observer(self) -> Observer | None: ...

    @property
    def tables(self) -> dict[str, int]:
        """Key of each definition whose table this batch rests on -> work of making the table, which it was charged for
        (`relay.evaluation.definition_tables`)."""

    @property
    def whole(self) -> bool:
        """Whether every generator is run to its end, also where an item has decided: the nodes are counted then
        (`relay.evaluation.span`)."""

    @property
    def oracle(self) -> Oracle | None: ...

    @property
    def free(self) -> dict[int, tuple[Term, frozenset[str]]]:
        """The cache of `relay.notation.traversal.free_variables`."""

    def another(self, fuel: int, work: int) -> Evaluator:
        """Return an evaluator for another batch in the same model, without observer and oracle."""

    def run(self, term: Term, frame: Frame, lanes: Lanes) -> Value:
        """Return the value of a term over lanes. Raises `Dead` if no lane is left alive."""

    def check_fuel(self, lanes: Lanes) -> None:
        """Mark the lanes that have spent more than `fuel` as exhausted. Raises `Dead` if no lane is left alive."""
