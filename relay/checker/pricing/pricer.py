"""The price of an action: what its term values, in units of what a plain term may value.

One evaluation pays for a plain term over all points, so at a point for as many nodes as a statement may have. An action
costs

    price = ceil(span / (points * statement size))

evaluations (`relay.evaluation.span` defines the span), so the work of a search is paid for, wherever it stands and
however it is computed. The points are the public models for the term of an `evaluate`, which has no parameters; the
rows of all phenomena of its type for that of a `match`; and for a definition over scalars its public points, where
those of one case count together as one.

A claim says something of all values of its parameters, as `all` does in an `evaluate`. So it costs one evaluation,
which pays for a plain term at each of its public points, and what exceeds this:

    price = 1 + ceil(sum over the points of max(span at the point - statement size, 0) / statement size)

A search then costs the same whether it is made at every point, at one point alone, or by the parameters, which take one
candidate after the other. Over scalars, where points are drawn, a claim costs what its span at the costliest one does.

In a structure the term of a `match` is charged like a claim, at all points of the phenomena of its type in every order
of the parameters: how many points agree rests on each of them, so that a search could be made at one, or a part of it
at each. A definition is charged what its span at the costliest public point does: of what it computes at the points, no
more is told than which phenomena it explains.

A price depends on the term, on the definitions that it calls, and on the task alone. Nothing is valued beyond what may
be paid.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from math import ceil, floor
from typing import Literal

import numpy as np

from relay.checker.fields import small
from relay.checker.phenomena import Behaviour, RowGroup
from relay.checker.pricing.points import PricedCase, PublicPoints
from relay.checker.pricing.prediction import Known, Prediction, TooDear, Unpredictable
from relay.checker.pricing.statement_spans import StatementSpans
from relay.checker.seen import SeenRows
from relay.evaluation.algebra.base import Algebra
from relay.evaluation.algebra.rationals import Rationals
from relay.evaluation.algebra.structure import Structure, structure_of
from relay.evaluation.evaluator import Oracle
from relay.evaluation.operation_tables import OperationTables
from relay.evaluation.size_binding import sizes_in
from relay.evaluation.span import Counted, Span, span, span_of_call
from relay.notation.syntax import Claim, Definition, Statement, Term, Variable
from relay.records.budget import MOST_PRICE
from relay.records.record import Record
from relay.records.task import Given

__all__ = ["Price", "Pricer", "public_models"]


class Price(Record):
    """What an action costs."""

    evaluations: int = 1
    """Evaluations that are charged, whether or not the action is carried out."""
    refused: Literal["", "over", "room"] = ""
    """Why the action is not carried out: it costs more than may be spent, or a value in it takes too much room to be
    counted. Empty if it is carried out."""
    by_machine: str = ""
    """Why the price is not known, if the process that counted failed. Another attempt may find it."""


def public_models(given: Given) -> tuple[Algebra, ...]:
    """The public models of a task. They are few and small, since the value of a term is printed on each of them."""
    return (Rationals(), small(2), small(3), small(2, 2)) if given.scalars else (structure_of(given),)


@dataclass(frozen=True)
class _Part:
    """Points whose span is counted together."""

    weight: int
    """The number of points that they count as."""
    lanes: int
    """The number of points at which terms are valued if the span can't be predicted."""
    predicted: Callable[[], int]
    """The span at one point. Raises `Unpredictable`, and `TooDear` if it is above what an action may cost."""
    counted: Callable[[int], Span]
    """The span over all points, of which at most so many nodes are valued."""


@dataclass(frozen=True)
class _Points:
    """Points that are charged one by one."""

    count: int
    predicted: Callable[[], int]
    """The span at each point. Raises `Unpredictable`, and `TooDear` if it is above what an action may cost."""
    batches: Callable[[], Iterator[tuple[int, Callable[[int], Span]]]]
    """The points in batches: the number of those of a batch, and what counts its span, of which at most so many nodes
    are valued."""


class Pricer:
    """Prices the actions of one task.

    Each method takes `most`, the evaluations that may be spent. With `count`, terms whose span can't be predicted are
    valued to count it; without, the price of an action with such a term is None.
    """

    def __init__(self, given: Given, statement_size: int, behaviours: Sequence[Behaviour]) -> None:
        self._size = statement_size
        self._behaviours = tuple(behaviours)
        self.models = public_models(given)
        self._tables = None if given.scalars else OperationTables(self.models[0])
        seen = SeenRows(self._behaviours)
        self.showing: Oracle = seen if self._tables is None else self._tables.with_others(seen)
        """The oracle for the terms of `evaluate` and `match`, which may call `seen`."""

    def most_nodes(self, points: int) -> int:
        """Most nodes that an action may value at `points` points together."""
        return MOST_PRICE * self._size * points

    def of_evaluate(
        self, term: Term, definitions: Mapping[str, Definition], most: int, *, count: bool = True
    ) -> Price | None:
        """The price of the value of a closed term."""
        limit = self.most_nodes(len(self.models))

        def part(model: Algebra) -> _Part:
            return _Part(
                1, 1,
                lambda: Prediction(model, definitions, self._tables, limit).count([term], {}),
                lambda nodes: span(term, {}, 1, model, definitions, nodes, self.showing),
            )  # fmt: skip

        return self._price([part(model) for model in self.models], most, count)

    def of_match(
        self, definition: Definition, definitions: Mapping[str, Definition], most: int, *, count: bool = True
    ) -> Price | None:
        """The price of holding `definition`, the term of a `match`, against the phenomena of its type, in every order
        of its parameters. Phenomena with equal inputs are computed together, so they count once."""
        parts = self._held(definition, definitions)
        if isinstance(self.models[0], Structure):
            return self._of_all_points([_one_by_one(part) for part in parts], most, count)
        return self._price(parts, most, count)

    def _held(self, definition: Definition, definitions: Mapping[str, Definition]) -> list[_Part]:
        """The rows that a definition is held against, in every order of its parameters."""
        groups: dict[tuple[str, ...], tuple[Behaviour, RowGroup, tuple[int, ...]]] = {}
        for behaviour in self._behaviours:
            for order in behaviour.orders(definition):
                for group in behaviour.groups:
                    place = (behaviour.model.name, *behaviour.types, group.asks, repr(order))
                    groups.setdefault(place, (behaviour, group, order))
        limit = self.most_nodes(sum(group.count for _, group, _ in groups.values()))

        def part(behaviour: Behaviour, group: RowGroup, order: tuple[int, ...]) -> _Part:
            inputs = [group.inputs[k] for k in order]
            names: dict[str, Known] = {}
            for parameter, value in zip(definition.parameters, inputs, strict=True):
                for size, actual in sizes_in(parameter.type, value):
                    if isinstance(size, Variable) and isinstance(actual, int):
                        names.setdefault(size.name, actual)
            predicting = Prediction(behaviour.model, definitions, self._tables, limit)
            return _Part(
                group.count, group.count,
                lambda: predicting.count([definition.body], names, definition),
                lambda nodes: span_of_call(
                    definition, inputs, group.count, behaviour.model, definitions, nodes, self.showing
                ),
            )  # fmt: skip

        return [part(*each) for each in groups.values()]

    def of_statement(
        self, statement: Statement, definitions: Mapping[str, Definition], most: int, *, count: bool = True
    ) -> Price | None:
        """The price of a statement."""
        structure = self.models[0] if isinstance(self.models[0], Structure) else None
        points = PublicPoints(statement, definitions, structure)
        if points.must_be_read and not count:
            return None
        every = tuple(points.cases(self.models[0]))
        spans = StatementSpans(statement, definitions, self._tables, MOST_PRICE * self._size)
        if isinstance(statement, Definition) and structure is None:
            parts = [self._part(spans, place, model) for place in every for model in self.models]
            return self._price(parts, most, count)
        each_point = [_points(spans, place, model) for place in every for model in self.models]
        if isinstance(statement, Claim) and structure is not None:
            return self._of_all_points(each_point, most, count)
        return self._of_costliest_point(each_point, most, count)

    def _part(self, spans: StatementSpans, place: PricedCase, model: Algebra) -> _Part:
        """The points of one case of a definition in one model. They count together as one point."""

        def counted(most: int) -> Span:
            # the points of a definition are few: they are one batch, or none
            for values, lanes in place.batches(model):
                return spans.counted(values, lanes, model, most)
            return Span(0)

        return _Part(1, place.points(model), lambda: spans.predicted(place, model), counted)

    def _of_all_points(self, points: Sequence[_Points], most: int, count: bool) -> Price | None:
        """One evaluation pays for a plain term at each point; what the span at a point exceeds it is charged."""
        most = min(most, MOST_PRICE)
        size, spare = self._size, (most - 1) * self._size
        over, left = Price(evaluations=most, refused="over"), spare
        for each in points:
            try:
                left -= each.count * max(each.predicted() - size, 0)
            except TooDear:
                return over
            except Unpredictable:
                if not count:
                    return None
                for lanes, counted in each.batches():
                    found = counted(left + lanes * size)
                    if found.counted is Counted.NO_ROOM:
                        return Price(
                            evaluations=min(1 + ceil((spare - left + found.nodes) / size), most), refused="room"
                        )
                    if found.counted is Counted.OVER:
                        return over
                    left -= int(np.maximum(found.each - size, 0).sum())
                    if left < 0:
                        return over
            if left < 0:
                return over
        return Price(evaluations=1 + ceil((spare - left) / size))

    def _of_costliest_point(self, points: Sequence[_Points], most: int, count: bool) -> Price | None:
        """What the span at one point costs, where it is largest."""
        most = min(most, MOST_PRICE)
        largest, over = 0, Price(evaluations=most, refused="over")
        for each in points:
            try:
                largest = max(largest, each.predicted())
            except TooDear:
                return over
            except Unpredictable:
                if not count:
                    return None
                for lanes, counted in each.batches():
                    found = counted(most * self._size * lanes)
                    if found.counted is Counted.NO_ROOM:
                        return Price(evaluations=most, refused="room")
                    if found.counted is Counted.OVER:
                        return over
                    largest = max(largest, int(found.each.max(initial=0)))
            if largest > most * self._size:
                return over
        return Price(evaluations=max(1, ceil(largest / self._size)))

    def _price(self, parts: Sequence[_Part], most: int, count: bool) -> Price | None:
        most = min(most, MOST_PRICE)
        unit = self._size * sum(part.weight for part in parts)
        over = Price(evaluations=most, refused="over")
        nodes = Fraction(0)
        for part in parts:
            try:
                nodes += part.predicted() * part.weight
            except TooDear:
                return over
            except Unpredictable:
                if not count:
                    return None
                found = part.counted(floor((most * unit - nodes) * part.lanes / part.weight))
                nodes += Fraction(found.nodes * part.weight, part.lanes)
                if found.counted is Counted.NO_ROOM:
                    return Price(evaluations=_price(nodes, unit), refused="room")
                if found.counted is Counted.OVER:
                    return over
            if nodes > most * unit:
                return over
        return Price(evaluations=_price(nodes, unit))


def _one_by_one(part: _Part) -> _Points:
    """The points of a part, each charged alone."""
    return _Points(part.lanes, part.predicted, lambda: iter([(part.lanes, part.counted)]))


def _points(spans: StatementSpans, place: PricedCase, model: Algebra) -> _Points:
    """The points of one case of a statement, each charged alone."""

    def batches() -> Iterator[tuple[int, Callable[[int], Span]]]:
        for values, lanes in place.batches(model):
            yield lanes, partial(spans.counted, values, lanes, model)

    return _Points(place.points(model), lambda: spans.predicted(place, model), batches)


def _price(nodes: Fraction, unit: int) -> int:
    """The evaluations for so many nodes, of which one evaluation pays `unit`; at least one."""
    return max(1, ceil(nodes / unit)) if unit else 1
