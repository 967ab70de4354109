"""The span by brute force: the naive evaluator, with every generator run to its end.

It shares nothing with `relay.evaluation.span` but the syntax of terms. An item that has no value ends only itself; when
all items were tried, the first item that decides or fails decides the comprehension, as it always does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from relay.evaluation.recursion_limit import deep
from relay.notation.syntax import Comprehension, Definition, Generator, IfClause, Term
from tests.evaluation.naive import Exhausted, Mat, Naive, Undefined


class OverLimit(Exception):
    """More nodes than the test is willing to count."""


Outcome = Any
"""The value of an item, or the exception that it ended with."""


@dataclass
class Whole(Naive):
    """Counts the span in `fuel`. Raises `OverLimit` beyond `limit`."""

    failed: bool = False
    """Whether a part of the latest term had no value."""

    def charge(self, amount: int = 1) -> None:
        self.fuel += amount
        if self.fuel > self.limit:
            raise OverLimit

    def comprehend(self, term: Comprehension, names: Mapping[str, Any], definition: Any, depth: int) -> Any:
        if term.kind != "matrix":
            return super().comprehend(term, names, definition, depth)
        sources = [clause.source for clause in term.clauses if isinstance(clause, Generator)]
        variables = [clause.variable.name for clause in term.clauses if isinstance(clause, Generator)]
        rows, columns = (self.source(source, names, definition, depth) for source in sources)
        entries = [
            [self.item(term, {**names, variables[0]: r, variables[1]: c}, definition, depth) for c in columns]
            for r in rows
        ]
        return Mat(len(rows), len(columns), tuple(tuple(values(line)) for line in entries))

    def values(self, term: Comprehension, n: int, names: Mapping[str, Any], d: Any, depth: int) -> Iterator[Any]:
        return values(list(self.outcomes(term, n, names, d, depth)))

    def outcomes(self, term: Comprehension, n: int, names: Mapping[str, Any], d: Any, depth: int) -> Iterator[Outcome]:
        if n == len(term.clauses):
            yield self.item(term, names, d, depth)
            return
        clause = term.clauses[n]
        try:
            if isinstance(clause, IfClause):
                items = [{}] if self.run(clause.term, names, d, depth) else []
            else:
                name = clause.variable.name
                items = [{name: item} for item in self.source(clause.source, names, d, depth)]
        except (Undefined, Exhausted) as end:
            self.failed = True
            yield end
            return
        for item in items:
            yield from self.outcomes(term, n + 1, {**names, **item}, d, depth)

    def item(self, term: Comprehension, names: Mapping[str, Any], d: Any, depth: int) -> Outcome:
        """The body's value, or the exception that it ended with."""
        try:
            return self.run(term.body, names, d, depth)
        except (Undefined, Exhausted) as end:
            self.failed = True
            return end

    def span(self, term: Term | Definition, args: list[Any] | Mapping[str, Any]) -> int:
        """The span of a definition's body at its arguments, or of a term."""
        self.fuel, self.failed = 0, False
        try:
            with deep():
                if isinstance(term, Definition):
                    assert isinstance(args, list)
                    self.call(term, args)
                else:
                    assert isinstance(args, Mapping)
                    self.run(term, args, None, 0)
        except (Undefined, Exhausted):
            self.failed = True
        return self.fuel


def values(outcomes: list[Outcome]) -> Iterator[Any]:
    """The values in order, up to the first exception, which is raised."""
    for outcome in outcomes:
        if isinstance(outcome, Undefined | Exhausted):
            raise outcome
        yield outcome
