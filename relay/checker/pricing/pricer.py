"""The price of an action: what its term values, in units of what a plain term may value.

One evaluation pays for a plain term over all points, so at a point for as many nodes as a statement may have. An action
costs

    price = ceil(span / (points * statement size))

evaluations (`relay.evaluation.span` defines the span), so the work of a search is paid for, wherever it stands and
however it is computed. The points are the public models for the term of an `evaluate`, which has no parameters; the
points of all phenomena of its type for that of a `match`; and the public points for a statement. A price depends on the
term, on the definitions that it calls, and on the task alone. Nothing is valued beyond what may be paid.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from math import ceil, floor
from typing import Literal

from relay.checker.fields import small
from relay.checker.phenomena import Behaviour, RowGroup
from relay.checker.pricing.points import PricedCase, places, terms_of
from relay.checker.pricing.prediction import Known, Prediction, TooDear, Unpredictable
from relay.checker.seen import SeenRows
from relay.evaluation.algebra.base import Algebra, TooLarge, Undecidable
from relay.evaluation.algebra.rationals import Rationals
from relay.evaluation.algebra.structure import structure_of
from relay.evaluation.evaluator import Oracle
from relay.evaluation.operation_tables import OperationTables
from relay.evaluation.size_binding import sizes_in
from relay.evaluation.span import Counted, Span, span, span_of_call
from relay.notation.dependencies import ranges_over_fields
from relay.notation.syntax import BOOL, Choice, Definition, Statement, Term, Variable
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
                lambda: predicting.count([definition.body], names),
                lambda nodes: span_of_call(
                    definition, inputs, group.count, behaviour.model, definitions, nodes, self.showing
                ),
            )  # fmt: skip

        return self._price([part(*each) for each in groups.values()], most, count)

    def of_statement(
        self, statement: Statement, definitions: Mapping[str, Definition], most: int, *, count: bool = True
    ) -> Price | None:
        """The price of a statement."""
        every = tuple(places(statement, definitions, self.models[0]))
        return self._price(list(self._parts(statement, definitions, every)), most, count)

    def _parts(
        self, statement: Statement, definitions: Mapping[str, Definition], every: Sequence[PricedCase]
    ) -> Iterator[_Part]:
        terms = terms_of(statement)
        # without a generator over a field, the span is the same in all models
        ranging = len(self.models) > 1 and ranges_over_fields(terms, definitions)
        limit = self.most_nodes(len(self.models) * len(every))

        @cache
        def predicting(model: Algebra) -> Prediction:
            return Prediction(model, definitions, self._tables, limit)

        @cache
        def predicted(place: PricedCase, model: Algebra) -> int:
            within = statement if isinstance(statement, Definition) else None
            return predicting(model).count(terms, place.numbers, within)

        def part(place: PricedCase, model: Algebra) -> _Part:
            return _Part(
                1, place.points(model),
                lambda: predicted(place, model if ranging else self.models[0]),
                lambda nodes: self._counted(statement, place, model, definitions, nodes),
            )  # fmt: skip

        for place in every:
            for model in self.models:
                yield part(place, model)

    def _counted(
        self, statement: Statement, place: PricedCase, model: Algebra, definitions: Mapping[str, Definition], most: int
    ) -> Span:
        lanes = place.points(model)
        try:
            values = place.values(model)
        except (Undecidable, TooLarge):
            return Span(0)
        if isinstance(statement, Definition):
            args = [values[p.name] for p in statement.parameters]
            return span_of_call(statement, args, lanes, model, definitions, most, self._tables)
        if statement.hypothesis is None:
            return span(statement.body, values, lanes, model, definitions, most, self._tables)
        # the body is valued only where the hypothesis holds; the connective is no node of the statement
        whole = Choice("implies", (statement.hypothesis, statement.body), BOOL)
        found = span(whole, values, lanes, model, definitions, most + lanes, self._tables)
        return Span(max(found.nodes - lanes, 0), found.counted)

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


def _price(nodes: Fraction, unit: int) -> int:
    """The evaluations for so many nodes, of which one evaluation pays `unit`; at least one."""
    return max(1, ceil(nodes / unit)) if unit else 1
