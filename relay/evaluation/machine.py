"""The evaluator: a walk over checked terms that evaluates each node once for all lanes of a batch.

Fuel is the number of nodes that a lane evaluates when its term is read from left to right, item after item, without a
cache. Sharing between lanes, items or equal calls saves time but no fuel; only a look-up in the table of a definition
(`relay.evaluation.definition_tables`) has a bound. `L + M` costs one further node for each item of both lists. Sizes in
a header are free, and so are the sizes that an empty list takes from its type. A lane that spends more than its fuel is
`EXHAUSTED`, even if it becomes undefined later.

`work` bounds the computation over all lanes together. If it is exceeded, the batch is abandoned, and every lane without
a status is `EXHAUSTED`. Only here does the status of a lane depend on other lanes.

A machine that is `whole` counts the span (`relay.evaluation.span`): generators run to their end, lanes at which the
model can't answer die alone, and the batch is abandoned as soon as all its lanes together have valued more than `fuel`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from relay.evaluation.algebra.base import Algebra, Array, Undecidable
from relay.evaluation.calls import make_call
from relay.evaluation.choices import choose
from relay.evaluation.comprehension import comprehend
from relay.evaluation.evaluator import Evaluator, Observer, Oracle, OutOfWork
from relay.evaluation.frame import Frame
from relay.evaluation.functions import make_partial
from relay.evaluation.lanes import EXHAUSTED, Dead, Lanes
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
"""Work of one node in addition to that of its lanes. The unit is one node in one lane of an array of numbers."""
OBJECT_WORK = 32
"""Work of one node in one lane if scalars are Python objects."""


@dataclass(slots=True)
class Machine:
    """Evaluates terms in one model. Its parts are functions that take the machine as an argument."""

    model: Algebra
    definitions: Mapping[str, Definition]
    fuel: int
    work: int
    observer: Observer | None = None
    oracle: Oracle | None = None
    whole: bool = False
    """Whether every generator is run to its end, and `fuel` bounds all lanes together."""
    done: int = 0
    """The work done so far, in nodes times lanes."""
    nodes: int = 0
    """If `whole`: the nodes that living lanes valued so far. They are fewer than the span where calls are shared."""
    uncounted: bool = False
    """If `whole`: whether a size is being evaluated, which costs nothing."""
    free: dict[int, tuple[Term, frozenset[str]]] = field(default_factory=dict)
    """Cache of the free variables of terms, by the term's id; the term is kept so that its id stays in use."""
    tables: dict[str, int] = field(default_factory=dict)
    """Key of each definition whose table was looked up, and of those that it rests on -> work of making the table."""
    _numerals: dict[int, Array] = field(default_factory=dict)
    _lane_work: int = field(init=False)

    def __post_init__(self) -> None:
        self._lane_work = OBJECT_WORK if self.model.dtype is object else 1

    def another(self, fuel: int, work: int) -> Machine:
        """Return a machine for another batch in the same model, without observer and oracle."""
        return Machine(self.model, self.definitions, fuel, work)

    def run(self, term: Term, frame: Frame, lanes: Lanes) -> Value:
        """Return the value of `term` over `lanes`.

        Raises `Dead` if no lane is left alive, `OutOfWork` if the work exceeds its bound, and the model's exceptions.
        """
        lanes.flat += 1
        self.done += NODE_WORK + lanes.count * self._lane_work
        if self.done > self.work:
            raise OutOfWork
        if self.whole:
            self._count(lanes)
        value: Value
        if isinstance(term, Variable):
            value, owner = frame.names[term.name]
            path = lanes.path(owner)
            value = value if path is None else take(value, path)
        elif isinstance(term, Numeral):
            value = term.value if isinstance(term.type, NatType) else self._scalar(term.value).repeat(lanes.count)
        elif isinstance(term, Truth):
            value = term.value
        elif self.whole:
            value = self._answered(term, frame, lanes)
        else:
            value = _VALUED[type(term)](self, term, frame, lanes)
        if self.observer is not None:
            self.observer.valued(term, value, lanes)
        return value

    def _count(self, lanes: Lanes) -> None:
        """Count a node of every living lane. Raises `OutOfWork` before more than `fuel` nodes are valued."""
        if not self.uncounted:
            self.nodes += lanes.count if lanes.status is None else int(np.count_nonzero(lanes.alive()))
            if self.nodes > self.fuel:
                raise OutOfWork

    def _answered(self, term: Term, frame: Frame, lanes: Lanes) -> Value:
        """Return the value of a term with parts. Where the model can't answer, all lanes die: other items go on."""
        try:
            return _VALUED[type(term)](self, term, frame, lanes)
        except Undecidable:
            lanes.mark(lanes.alive(), EXHAUSTED)
            raise Dead from None

    def _scalar(self, number: int) -> Array:
        """Return a number as an array of one scalar."""
        code = self._numerals.get(number)
        if code is None:
            code = self._numerals[number] = self.model.from_int(np.full(1, number, dtype=np.int64))
        return code

    def check_fuel(self, lanes: Lanes) -> None:
        """Mark the lanes that have spent more than `fuel` as exhausted. Raises `Dead` if no lane is left alive."""
        # The statuses would come out the same at the end of the batch. Early checks bound the time.
        if self.whole:
            if not self.uncounted and (lanes.total()[lanes.alive()] > self.fuel).any():
                raise OutOfWork
        elif lanes.fuel is None:
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
"""Kind of term that has parts -> the function that evaluates it."""
