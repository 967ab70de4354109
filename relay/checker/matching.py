"""At how many points a definition has the values of phenomena.

A point is a row of a phenomenon. The parameters are tried in every order, and the best order counts, as where a
definition explains a phenomenon. A point at which the definition is undefined, or runs out of fuel, does not agree.
Phenomena with equal inputs are computed together, so many tables over one structure cost no more than one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from relay.checker.phenomena import FUEL, Behaviour, RowGroup, agreeing, outcome_of
from relay.checker.shelf import Shelf
from relay.evaluation.evaluate import Outcome
from relay.evaluation.evaluator import Oracle
from relay.evaluation.lanes import EXHAUSTED
from relay.notation.syntax import Definition
from relay.records.record import Record

__all__ = ["Agreement", "Matcher", "NearMiss"]


class Agreement(Record):
    """How a definition compares with one phenomenon."""

    id: str
    """The phenomenon's id in the task."""
    agreed: int
    points: int
    undefined: int = 0
    """Points at which the definition has no value."""
    ran_out: int = 0
    """Points at which it ran out of fuel."""


class NearMiss(Record):
    """A phenomenon that a definition does not explain, but agrees with at half of its points or more."""

    id: str
    agreed: int
    points: int


class Matcher:
    """Compares one definition with phenomena."""

    def __init__(
        self,
        definition: Definition,
        definitions: Mapping[str, Definition],
        fuel: int = FUEL,
        oracle: Oracle | None = None,
    ) -> None:
        self._definition = definition
        self._definitions = definitions
        self._fuel = fuel
        self._oracle = oracle
        self._known: dict[tuple[str, ...], Outcome | None] = {}

    def compare(self, behaviour: Behaviour) -> Agreement | None:
        """The agreement with a phenomenon, in the best order of the parameters; None if the types do not fit."""
        best: Agreement | None = None
        for order in self._orders(behaviour):
            agreed = undefined = ran_out = 0
            for group in behaviour.groups:
                outcome = self._outcome(behaviour, group, order)
                agreed += agreeing(outcome, behaviour, group)
                over = 0 if outcome is None else int((outcome.status == EXHAUSTED).sum())
                ran_out += over
                undefined += group.count - over - (0 if outcome is None else int(outcome.ok.sum()))
            if best is None or agreed > best.agreed:
                best = Agreement(
                    id=behaviour.id, agreed=agreed, points=behaviour.points, undefined=undefined, ran_out=ran_out
                )
        return best

    def nearest(self, behaviour: Behaviour) -> NearMiss | None:
        """The agreement with a phenomenon if it is worth telling: at half of the points or more, and at more of them
        than any constant has. It stops as soon as that is out of reach, or where fuel runs out."""
        needed = behaviour.worth_telling
        best = max((self._enough(behaviour, order, needed) for order in self._orders(behaviour)), default=-1)
        return NearMiss(id=behaviour.id, agreed=best, points=behaviour.points) if best >= needed else None

    def promising(self, shelf: Shelf) -> list[int]:
        """The positions in the task of those phenomena on a shelf whose agreement may be worth telling."""
        return shelf.promising([self._outcome(shelf.first, shelf.group, order) for order in self._orders(shelf.first)])

    def _enough(self, behaviour: Behaviour, order: Sequence[int], needed: int) -> int:
        """The number of points that agree in one order; -1 if fewer than `needed` do, or if fuel runs out."""
        agreed, left = 0, behaviour.points
        for group in behaviour.groups:
            outcome = self._outcome(behaviour, group, order)
            if outcome is not None and (outcome.status == EXHAUSTED).any():
                return -1
            agreed += agreeing(outcome, behaviour, group)
            left -= group.count
            if agreed + left < needed:
                return -1
        return agreed

    def _orders(self, behaviour: Behaviour) -> Sequence[tuple[int, ...]]:
        return list(behaviour.orders(self._definition))

    def _outcome(self, behaviour: Behaviour, group: RowGroup, order: Sequence[int]) -> Outcome | None:
        place = (behaviour.model.name, *behaviour.types, group.asks, repr(order))
        if place not in self._known:
            self._known[place] = outcome_of(
                self._definition, order, behaviour, group, self._definitions, self._fuel, self._oracle
            )
        return self._known[place]
