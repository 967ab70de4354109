"""Sums, products, arrays, lists and quantifiers over ranges of unknown length.

A range whose length is a small known number is written out, value by value. Any other range becomes one index.
"""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from relay.checker.symbolic.arrays import one_of
from relay.checker.symbolic.determinants import product_over
from relay.checker.symbolic.formulas import for_all, negated, restricted
from relay.checker.symbolic.monomials import Factor, concrete
from relay.checker.symbolic.sizes import GiveUp, Size
from relay.checker.symbolic.sums import Sum
from relay.checker.symbolic.values import (
    LONGEST,
    All,
    CertainTruth,
    Formula,
    Indicator,
    Matrix,
    Meaning,
    Names,
    Number,
    Reads,
    Scalar,
    SymbolicList,
    Vector,
    indexed,
    place_of,
    short,
    size_of,
)
from relay.notation.syntax import Comprehension, Definition, IfClause, MatrixType, Range, ScalarType, VectorType
from relay.notation.syntax import Items as ItemsSource


class Comprehensions:
    """Interprets the comprehensions of one claim."""

    def __init__(self, reader: Reads) -> None:
        self._reader = reader
        self._algebra = reader.algebra

    def read(self, term: Comprehension, names: Names, callee: Definition | None) -> Meaning:
        """Return the meaning of a comprehension.

        Raises `GiveUp` if its kind, or the source of one of its clauses, has no normal form.
        """
        if term.kind == "vector" and isinstance(term.type, VectorType):
            (size,) = self._ranges(term, names, callee)
            variable, i = _variable(term, 0), self._algebra.indices.fresh(size)
            if short(size):
                items = [self._reader.scalar(term.body, {**names, variable: indexed(k)}, callee) for k in short(size)]
                return Vector(size, lambda k: one_of(items, k, self._algebra))
            component = self._reader.scalar(term.body, {**names, variable: indexed(i)}, callee)
            return Vector(size, lambda k: self._algebra.put(component, {i: k}))
        if term.kind == "matrix" and isinstance(term.type, MatrixType):
            rows, columns = self._ranges(term, names, callee)
            i, j = self._algebra.indices.fresh(rows), self._algebra.indices.fresh(columns)
            one, two = _variable(term, 0), _variable(term, 1)
            if short(rows) and short(columns):
                table = [
                    [self._reader.scalar(term.body, {**names, one: indexed(a), two: indexed(b)}, callee)
                     for b in short(columns)]
                    for a in short(rows)
                ]  # fmt: skip
                return Matrix(
                    rows,
                    columns,
                    lambda a, b: one_of([one_of(row, b, self._algebra) for row in table], a, self._algebra),
                )
            inner = {**names, one: indexed(i), two: indexed(j)}
            entry = self._reader.scalar(term.body, inner, callee)
            return Matrix(rows, columns, lambda a, b: self._algebra.put(entry, {i: a, j: b}))
        if term.kind == "sum" and isinstance(term.type, ScalarType):
            return Scalar(self._total(term, 0, names, callee))
        if term.kind == "prod" and isinstance(term.type, ScalarType):
            return Scalar(self._product(term, 0, names, callee))
        if term.kind == "all":
            return self._all(term, 0, names, callee)
        if term.kind == "any":  # "any" is the negation of "false for all", which `_all` gives for the kind "none"
            return negated(self._all(replace(term, kind="none"), 0, names, callee), self._algebra)
        if term.kind == "list" and len(term.clauses) == 1:
            return self._list(term, names, callee)
        raise GiveUp

    def _ranges(self, term: Comprehension, names: Names, callee: Definition | None) -> list[Size]:
        """Return the length of each clause's range.

        Raises `GiveUp` if a clause is a condition, has another source than a range, or has a range that starts above 0.
        """
        sizes = []
        for clause in term.clauses:
            if isinstance(clause, IfClause) or not isinstance(clause.source, Range):
                raise GiveUp
            start = size_of(self._reader.read(clause.source.start, names, callee))
            if start.number != 0:
                raise GiveUp
            stop = size_of(self._reader.read(clause.source.stop, names, callee))
            sizes.append(stop)
        return sizes

    def _total(self, term: Comprehension, at: int, names: Names, callee: Definition | None) -> Sum:
        """Return the sum of the body over the clauses from number `at` on."""
        if at == len(term.clauses):
            return self._reader.scalar(term.body, names, callee)
        clause = term.clauses[at]
        if isinstance(clause, IfClause):
            condition = self._reader.truth(clause.term, names, callee)
            if isinstance(condition, CertainTruth):
                return self._total(term, at + 1, names, callee) if condition.value else self._algebra.number(0)
            if not isinstance(condition, Indicator):
                raise GiveUp
            return self._algebra.mul(condition.sum, self._total(term, at + 1, names, callee))
        total: list[Sum] = []
        for index, where, value in self._walk(term, at, names, callee):
            inner = self._total(term, at + 1, {**names, clause.variable.name: value}, callee)
            inner = inner if where is None else self._algebra.mul(where, inner)
            total.append(inner if index is None else self._algebra.over(inner, index))
        return self._algebra.add(*total)

    def _product(self, term: Comprehension, at: int, names: Names, callee: Definition | None) -> Sum:
        """Return the product of the body over the clauses from number `at` on."""
        if at == len(term.clauses):
            return self._reader.scalar(term.body, names, callee)
        clause = term.clauses[at]
        if isinstance(clause, IfClause):
            raise GiveUp
        result = self._algebra.number(1)
        for index, condition, value in self._walk(term, at, names, callee):
            inner = self._product(term, at + 1, {**names, clause.variable.name: value}, callee)
            if condition is not None:
                raise GiveUp  # an indicator would be a factor 0, where the product needs a factor 1
            result = self._algebra.mul(result, inner if index is None else product_over(inner, index, self._algebra))
        return result

    def _all(self, term: Comprehension, at: int, names: Names, callee: Definition | None) -> Formula:
        """Return the formula "the body is true for all values of the clauses from number `at` on".

        If the kind of `term` is not `all`, return the formula "the body is false for all of them".
        """
        if at == len(term.clauses):
            body = self._reader.truth(term.body, names, callee)
            return body if term.kind == "all" else negated(body, self._algebra)
        clause = term.clauses[at]
        if isinstance(clause, IfClause):
            condition = self._reader.truth(clause.term, names, callee)
            return restricted(condition, self._all(term, at + 1, names, callee), self._algebra)
        parts: list[Formula] = []
        for index, where, value in self._walk(term, at, names, callee):
            inner = self._all(term, at + 1, {**names, clause.variable.name: value}, callee)
            inner = inner if where is None else restricted(Indicator(where), inner, self._algebra)
            parts.append(inner if index is None else for_all(inner, index))
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _walk(
        self, term: Comprehension, at: int, names: Names, callee: Definition | None
    ) -> list[tuple[int | None, Sum | None, Meaning]]:
        """Return what generator number `at` ranges over, as triples `(index, condition, value)`.

        `value` is the variable's value. If `index` is None, the triple stands for this value alone; otherwise it stands
        for all values of the index for which `condition`, an indicator, is 1. A condition of None is always met.
        """
        clause = term.clauses[at]
        assert not isinstance(clause, IfClause)
        if isinstance(clause.source, ItemsSource):
            items = self._reader.read(clause.source.list, names, callee)
            if not isinstance(items, SymbolicList):
                raise GiveUp
            number = items.length.number
            if number is not None and number <= LONGEST:
                return [(None, None, items.at(-1 - k)) for k in range(number)]
            index = self._algebra.indices.fresh(items.length)
            return [(index, None, items.at(index))]
        if not isinstance(clause.source, Range):
            raise GiveUp
        start = self._reader.read(clause.source.start, names, callee)
        stop = self._reader.read(clause.source.stop, names, callee)
        if not (isinstance(start, Number) and isinstance(stop, Number)):
            raise GiveUp
        # A stop that is an index itself gives no domain: range over the domain of that index, with a condition.
        below, domain = None, stop.size
        if stop.index is not None and concrete(stop.index) is None:
            below, domain = stop.index, self._algebra.domains[stop.index]
        elif stop.index is not None:
            domain = Size.constant(cast(int, concrete(stop.index)))
        low, high = start.size.number, domain.number
        # Short ranges are written out, since a body may simplify further at constants.
        if start.index is None and below is None and low is not None and high is not None and high - low <= LONGEST:
            return [(None, None, indexed(-1 - k)) for k in range(low, high)]
        index = self._algebra.indices.fresh(domain)
        condition: Sum | None = None
        first = place_of(start)
        if first is None:
            raise GiveUp
        if concrete(first) != 0:  # the range starts above 0: the index is not less than the start
            less = self._algebra.factor(Factor("less", "", False, (index, first)))
            condition = self._algebra.sub(self._algebra.number(1), less)
        if below is not None:
            less = self._algebra.factor(Factor("less", "", False, (index, below)))
            condition = less if condition is None else self._algebra.mul(condition, less)
        return [(index, condition, indexed(index))]

    def _list(self, term: Comprehension, names: Names, callee: Definition | None) -> SymbolicList:
        """Return the list of a comprehension with one clause. An item is interpreted when somebody reads it."""
        clause = term.clauses[0]
        if isinstance(clause, IfClause):
            raise GiveUp
        name = clause.variable.name
        source: SymbolicList | None = None
        if isinstance(clause.source, ItemsSource):
            found = self._reader.read(clause.source.list, names, callee)
            if not isinstance(found, SymbolicList):
                raise GiveUp
            source, length = found, found.length
        else:
            (length,) = self._ranges(term, names, callee)

        def item(k: int) -> Meaning:
            value = indexed(k) if source is None else source.at(k)
            return self._reader.read(term.body, {**names, name: value}, callee)

        # Reading the item at an unknown index shows that every item is defined, also those that nobody reads later.
        item(self._algebra.indices.fresh(length))
        return SymbolicList(length, item)


def _variable(term: Comprehension, at: int) -> str:
    clause = term.clauses[at]
    if isinstance(clause, IfClause):
        raise GiveUp
    return clause.variable.name
