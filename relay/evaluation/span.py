"""The span of a term: the nodes that it values with every generator run to its end.

It is what a term costs (`relay.checker.pricing`). It differs from fuel in one respect: `any`, `all` and `first` end
when an item decides, and a comprehension ends when an item has no value, but its span has all items. Everything else is
counted as it is executed: one branch of a choice, a recursion until it ends, a call each time that it is made, whether
or not relay computes it only once.

Counting values the term, since what is valued may depend on values, and never values more than it may: it stops before.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from relay.evaluation.algebra.base import Algebra, TooLarge
from relay.evaluation.calls import call_definition
from relay.evaluation.evaluator import Oracle, OutOfWork
from relay.evaluation.frame import Frame
from relay.evaluation.lanes import Dead, Lanes
from relay.evaluation.machine import Machine
from relay.evaluation.recursion_limit import deep
from relay.evaluation.values import Value, take
from relay.notation.syntax import Definition, Term

__all__ = ["Counted", "Span", "span", "span_of_call"]


class Counted(Enum):
    """How far a count came."""

    WHOLE = "whole"
    """Everything was counted."""
    OVER = "over"
    """There are more nodes than may be valued."""
    NO_ROOM = "no room"
    """A value grew too large, so nobody knows what follows it."""


@dataclass(frozen=True, slots=True)
class Span:
    """What was counted."""

    nodes: int
    """Nodes, over all lanes. If not all was counted, those that were."""
    counted: Counted = Counted.WHOLE
    each: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64), compare=False)
    """The nodes of each lane, if all was counted; otherwise empty. Shape: `int64[lanes]`."""


Run = Callable[[Machine, Mapping[str, Value], Lanes], object]


def span(
    term: Term,
    variables: Mapping[str, Value],
    lanes: int,
    model: Algebra,
    definitions: Mapping[str, Definition],
    most: int,
    oracle: Oracle | None = None,
) -> Span:
    """The span of `term` over a batch of `lanes` lanes, of which at most `most` nodes are valued, over all lanes.

    The arguments are those of `relay.evaluation.evaluate.evaluate`.
    """

    def run(machine: Machine, names: Mapping[str, Value], root: Lanes) -> object:
        return machine.run(term, Frame({name: (value, root) for name, value in names.items()}), root)

    return _Counting(model, definitions, oracle, run).count(variables, lanes, most)


def span_of_call(
    definition: Definition,
    args: Sequence[Value],
    lanes: int,
    model: Algebra,
    definitions: Mapping[str, Definition],
    most: int,
    oracle: Oracle | None = None,
) -> Span:
    """The span of the body of `definition` at `args`, the arguments in the order of its parameters; see `span`."""

    def run(machine: Machine, names: Mapping[str, Value], root: Lanes) -> object:
        return call_definition(machine, definition, [(names[p.name], root) for p in definition.parameters], 1, root)

    names = {p.name: value for p, value in zip(definition.parameters, args, strict=True)}
    return _Counting(model, definitions, oracle, run).count(names, lanes, most)


@dataclass(frozen=True, slots=True)
class _Counting:
    model: Algebra
    definitions: Mapping[str, Definition]
    oracle: Oracle | None
    run: Run

    def count(self, names: Mapping[str, Value], lanes: int, most: int) -> Span:
        """The span over a batch. If a value grows too large, each half of the lanes is counted alone, since room
        depends on the number of lanes."""
        machine = Machine(self.model, self.definitions, most, sys.maxsize, oracle=self.oracle, whole=True)
        root = Lanes(lanes)
        try:
            with deep():
                self.run(machine, names, root)
        except Dead:
            pass
        except OutOfWork:
            return Span(most, Counted.OVER)
        except TooLarge:
            if lanes == 1:
                return Span(min(machine.nodes, most), Counted.NO_ROOM)
            return self._halved(names, lanes, most)
        each = root.total()
        nodes = int(each.sum())
        return Span(nodes, each=each) if nodes <= most else Span(most, Counted.OVER)

    def _halved(self, names: Mapping[str, Value], lanes: int, most: int) -> Span:
        nodes = 0
        each: list[NDArray[np.int64]] = []
        for half in (np.arange(lanes // 2), np.arange(lanes // 2, lanes)):
            found = self.count({name: take(value, half) for name, value in names.items()}, len(half), most - nodes)
            nodes += found.nodes
            each.append(found.each)
            if found.counted is not Counted.WHOLE:
                return Span(nodes, found.counted)
        return Span(nodes, each=np.concatenate(each))
