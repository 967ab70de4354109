"""The spans of one statement at its public points."""

from __future__ import annotations

from collections.abc import Mapping

from relay.checker.pricing.points import PricedCase, terms_of
from relay.checker.pricing.prediction import Prediction
from relay.evaluation.algebra.base import Algebra
from relay.evaluation.operation_tables import OperationTables
from relay.evaluation.span import Span, span, span_of_call
from relay.evaluation.values import Value
from relay.notation.dependencies import ranges_over_fields
from relay.notation.syntax import BOOL, Choice, Definition, Statement

__all__ = ["StatementSpans"]


class StatementSpans:
    """Predicts or counts spans. `most` is the largest span at one point that is predicted; `tables` are those of the
    definitions that only compose operations."""

    def __init__(
        self,
        statement: Statement,
        definitions: Mapping[str, Definition],
        tables: OperationTables | None,
        most: int,
    ) -> None:
        self._statement = statement
        self._terms = terms_of(statement)
        self._definitions = definitions
        self._tables = tables
        self._most = most
        self._ranging = ranges_over_fields(self._terms, definitions)
        self._predictions: dict[str, Prediction] = {}
        self._predicted: dict[tuple[int, str], int] = {}

    def predicted(self, place: PricedCase, model: Algebra) -> int:
        """The span at each point of a case. Raises `Unpredictable`, and `TooDear` if it is larger than `most`."""
        # without a generator over a field, it is the same in all models
        name = model.name if self._ranging else ""
        known = id(place), name
        if known not in self._predicted:
            if name not in self._predictions:
                self._predictions[name] = Prediction(model, self._definitions, self._tables, self._most)
            within = self._statement if isinstance(self._statement, Definition) else None
            self._predicted[known] = self._predictions[name].count(self._terms, place.numbers, within)
        return self._predicted[known]

    def counted(self, values: Mapping[str, Value], lanes: int, model: Algebra, most: int) -> Span:
        """The span over a batch of `lanes` points, of which at most `most` nodes are valued."""
        statement = self._statement
        if isinstance(statement, Definition):
            args = [values[p.name] for p in statement.parameters]
            return span_of_call(statement, args, lanes, model, self._definitions, most, self._tables)
        if statement.hypothesis is None:
            return span(statement.body, values, lanes, model, self._definitions, most, self._tables)
        # the body is valued only where the hypothesis holds; the connective is no node of the statement
        whole = Choice("implies", (statement.hypothesis, statement.body), BOOL)
        found = span(whole, values, lanes, model, self._definitions, most + lanes, self._tables)
        return Span(max(found.nodes - lanes, 0), found.counted, found.each - 1)
