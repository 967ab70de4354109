"""The evaluator: a walk over checked terms, each node done once for all lanes of a batch.

Fuel is the number of nodes that a lane evaluates when its term is read from left to right, one item after another, and
nothing is remembered; what is shared between lanes, items or equal calls saves time and no fuel. `L + M` costs as many
nodes more as both have items. Sizes in a header are free, and so are those that an empty list takes from its type. A
lane that spends more than its fuel is `EXHAUSTED`, also where it was undefined after that.

`work` bounds what is really done, over all lanes: past it the batch is abandoned, and every lane that has no status yet
runs out. That is the one place where what becomes of a lane depends on the others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from relay.evaluation.algebra.base import Algebra, Array
from relay.evaluation.calls import make_call
from relay.evaluation.choices import choose
from relay.evaluation.comprehension import comprehend
from relay.evaluation.evaluator import Evaluator, Observer, Oracle, OutOfWork
from relay.evaluation.frame import Frame
from relay.evaluation.functions import make_partial
from relay.evaluation.lanes import EXHAUSTED, Lanes
from relay.evaluation.operations import operate
from relay.evaluation.values import Value, take
from relay.notation.syntax import (
    Apply,
    Call,
    Choice,
    Comprehension,
    Definition,
    NatType,
    Numeral,
    Partial,
    Term,
    Truth,
    Variable,
)

NODE_WORK = 100
"""What one node costs whatever the number of lanes, in lanes."""
OBJECT_WORK = 32
"""What a lane costs where scalars are Python objects."""


@dataclass(slots=True)
class Machine:
    """Values terms in one model; its parts are functions that take it."""

    model: Algebra
    definitions: Mapping[str, Definition]
    fuel: int
    work: int
    observer: Observer | None = None
    oracle: Oracle | None = None
    done: int = 0
    """What was really done, in nodes times lanes."""
    free: dict[int, tuple[Term, frozenset[str]]] = field(default_factory=dict)
    """The free variables of terms that were met."""
    _numerals: dict[int, Array] = field(default_factory=dict)
    _lane_work: int = field(init=False)

    def __post_init__(self) -> None:
        self._lane_work = OBJECT_WORK if self.model.dtype is object else 1

    def run(self, term: Term, frame: Frame, lanes: Lanes) -> Value:
        """The value of `term` over `lanes`. Raises `Dead` when no lane is alive, `OutOfWork`, and what the model
        raises."""
        lanes.flat += 1
        self.done += NODE_WORK + lanes.count * self._lane_work
        if self.done > self.work:
            raise OutOfWork
        value: Value
        if isinstance(term, Variable):
            value, owner = frame.names[term.name]
            path = lanes.path(owner)
            value = value if path is None else take(value, path)
        elif isinstance(term, Numeral):
            value = term.value if isinstance(term.type, NatType) else self._scalar(term.value).repeat(lanes.count)
        elif isinstance(term, Truth):
            value = term.value
        else:
            value = _VALUED[type(term)](self, term, frame, lanes)
        if self.observer is not None:
            self.observer.valued(term, value, lanes)
        return value

    def _scalar(self, number: int) -> Array:
        """A number as a scalar, in one lane."""
        code = self._numerals.get(number)
        if code is None:
            code = self._numerals[number] = self.model.from_int(np.full(1, number, dtype=np.int64))
        return code

    def check_fuel(self, lanes: Lanes) -> None:
        """Lanes that have spent too much die now rather than later."""
        if lanes.fuel is None:
            if lanes.flat > self.fuel:
                lanes.mark(np.ones(lanes.count, dtype=np.bool_), EXHAUSTED)
        else:
            over = lanes.fuel + lanes.flat > self.fuel
            if over.any():
                lanes.mark(over, EXHAUSTED)


_VALUED: Mapping[type, Callable[[Evaluator, Any, Frame, Lanes], Value]] = {
    Apply: operate,
    Call: make_call,
    Choice: choose,
    Comprehension: comprehend,
    Partial: make_partial,
}
"""How terms that have parts are valued."""
