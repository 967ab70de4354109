"""Evaluation of comprehensions: sums, products, quantifiers, arrays and lists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, permutations
from math import comb, factorial, prod
from typing import Protocol

from relay.checker.referee.arithmetic import Arithmetic, Inexpressible, NoValue
from relay.checker.referee.containers import joined
from relay.checker.referee.naturals import held
from relay.checker.referee.values import Listed, Names, RefereeMatrix, RefereeVector, Value, sizes_of
from relay.notation.syntax import (
    BoolType,
    Comprehension,
    Definition,
    Generator,
    IfClause,
    Items,
    ListType,
    NatType,
    Permutations,
    Range,
    Source,
    Subsets,
    Term,
    Type,
)
from relay.notation.traversal import type_terms

MOST_ITEMS = 1_000
"""Largest number of permutations or subsets that one generator ranges over."""


class ReadsTerms(Protocol):
    """Evaluates terms, as `Interpreter.value` does."""

    def __call__(self, term: Term, names: Names, home: Definition | None = None, depth: int = 0) -> Value: ...


class RefereeComprehensions:
    """Evaluates comprehensions over one arithmetic."""

    def __init__(self, arithmetic: Arithmetic, read: ReadsTerms) -> None:
        self._scalars = arithmetic
        self._read = read

    def value(self, term: Comprehension, names: Names, home: Definition | None, depth: int) -> Value:
        """Return the value of a comprehension, given the values of names. Raises `NoValue` and `Inexpressible`."""
        kind = term.kind
        if kind == "matrix":
            return self._matrix(term, names, home, depth)
        values = self._items(term, 0, names, home, depth)
        if kind in ("any", "all"):
            for value in values:
                if self._scalars.truth(value) == (kind == "any"):
                    return kind == "any"
            return kind == "all"
        if kind == "first":
            for value in values:
                return value
            raise NoValue
        items = tuple(values)
        if kind == "vector":
            return RefereeVector(items)
        if kind == "list":
            assert isinstance(term.type, ListType)
            return self.listed(items, term.type.item, names, home, depth)
        if kind == "count":
            return sum(self._scalars.truth(item) for item in items)
        if kind in ("max", "min"):
            if not items:
                raise NoValue
            return max(items) if kind == "max" else min(items)
        return self._folded(kind, items, isinstance(term.type, NatType))

    def _folded(self, kind: str, items: Sequence[Value], natural: bool) -> Value:
        """Return the sum of `items` if `kind` is `sum`, else their product."""
        if natural:
            return held(sum(items) if kind == "sum" else prod(items))
        total = self._scalars.number(0 if kind == "sum" else 1)
        for item in items:
            total = self._scalars.add(total, item) if kind == "sum" else self._scalars.multiply(total, item)
        return total

    def _matrix(self, term: Comprehension, names: Names, home: Definition | None, depth: int) -> RefereeMatrix:
        (first, rows), (second, columns) = (
            (clause.variable.name, list(self._source(clause.source, names, home, depth)))
            for clause in term.clauses
            if isinstance(clause, Generator)
        )
        entries = tuple(
            tuple(self._read(term.body, {**names, first: i, second: j}, home, depth) for j in columns) for i in rows
        )
        return RefereeMatrix(len(rows), len(columns), entries)

    def _items(
        self, term: Comprehension, at: int, names: Names, home: Definition | None, depth: int
    ) -> Iterator[Value]:
        """Yield the values of the body, for all clauses from number `at` on.

        Values are computed only when asked for. Therefore `any`, `all` and `first` may stop before an undefined value.
        """
        if at == len(term.clauses):
            yield self._read(term.body, names, home, depth)
            return
        clause = term.clauses[at]
        if isinstance(clause, IfClause):
            if self._scalars.truth(self._read(clause.term, names, home, depth)):
                yield from self._items(term, at + 1, names, home, depth)
            return
        for item in self._source(clause.source, names, home, depth):
            yield from self._items(term, at + 1, {**names, clause.variable.name: item}, home, depth)

    def _source(self, source: Source, names: Names, home: Definition | None, depth: int) -> Iterator[Value]:
        """Yield the values that a generator ranges over."""
        if isinstance(source, Range):
            start = self._read(source.start, names, home, depth)
            yield from range(start, max(self._read(source.stop, names, home, depth), start))
        elif isinstance(source, Items):
            yield from self._read(source.list, names, home, depth).items
        elif isinstance(source, Permutations):
            n = self._read(source.n, names, home, depth)
            if n > 6 or factorial(n) > MOST_ITEMS:  # without the first test, the factorial itself could be huge
                raise Inexpressible("too many permutations")
            yield from map(Listed, permutations(range(n)))
        elif isinstance(source, Subsets):
            n, k = self._read(source.n, names, home, depth), self._read(source.k, names, home, depth)
            if n > MOST_ITEMS or comb(n, k) > MOST_ITEMS:
                raise Inexpressible("too many subsets")
            yield from map(Listed, combinations(range(n), k))
        elif isinstance(source.type, BoolType):
            yield from (False, True)
        else:
            raise Inexpressible("the claim ranges over a type")

    def listed(self, items: tuple[Value, ...], item: Type, names: Names, home: Definition | None, depth: int) -> Listed:
        """Return the list of `items`. If it is empty, the sizes of its arrays come from the type `item`.

        Raises `NoValue` if arrays in the list differ in size.
        """
        if items:
            return joined(items, sizes_of(items[0]))
        sizes = []
        for size in type_terms(item):
            try:
                sizes.append(self._read(size, names, home, depth))
            except NoValue:
                sizes.append(0)  # an empty list is defined even if a size in its type is not
        return Listed((), tuple(sizes))
