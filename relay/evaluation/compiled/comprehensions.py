"""Closures of comprehensions: how the values of the body are folded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import prod
from typing import Any, cast

from relay.evaluation.algebra.base import TooLarge
from relay.evaluation.algebra.scalars import Undefined
from relay.evaluation.compiled.codes import OVERSPENT, Code, Coding, Computation, Listed, Names, Walk
from relay.evaluation.compiled.lists import even_list, ghost_sizes, has_arrays
from relay.evaluation.compiled.sources import numbers_of, walked
from relay.evaluation.naturals import NAT_LIMIT
from relay.evaluation.plain_values import Lst, Mat
from relay.notation.syntax import Clause, Comprehension, Generator, IfClause, ListType, NatType, Range


def comprehension(term: Comprehension, code: Coding) -> Code:
    """Return the closure of a comprehension."""
    if term.kind == "matrix":
        return _matrix(term, code)
    body, kind = code(term.body), term.kind
    walk = walked(term.clauses, code)
    if kind == "any":
        return lambda names, run: any(body(names, run) for _ in walk(names, run))
    if kind == "all":
        return lambda names, run: all(body(names, run) for _ in walk(names, run))
    if kind == "first":

        def first(names: Names, run: Computation) -> Any:
            for _ in walk(names, run):
                return body(names, run)
            raise Undefined

        return first

    items = _counted(term.clauses[0], body, code) if _is_one_range(term.clauses) else _items(walk, body)
    if kind == "vector":
        return lambda names, run: tuple(items(names, run))
    if kind == "list":
        item = cast(ListType, term.type).item
        if not has_arrays(item):
            return lambda names, run: Lst(items(names, run))
        ghost = ghost_sizes(item, code)
        return lambda names, run: even_list(items(names, run), lambda: ghost(names, run))
    if kind in ("max", "min"):
        return _best(items, kind == "max", isinstance(term.body.type, NatType))
    if kind == "count":
        return lambda names, run: sum(items(names, run))
    if isinstance(term.body.type, NatType):
        return _folded(items, sum if kind == "sum" else prod)
    if kind == "sum":
        return lambda names, run: run.scalars.total(items(names, run))
    return lambda names, run: run.scalars.product(items(names, run))


def _items(walk: Walk, body: Code) -> Listed:
    return lambda names, run: [body(names, run) for _ in walk(names, run)]


def _is_one_range(clauses: Sequence[Clause]) -> bool:
    return len(clauses) == 1 and isinstance(clauses[0], Generator) and isinstance(clauses[0].source, Range)


def _counted(clause: Clause, body: Code, code: Coding) -> Listed:
    """Return the closure of the body's values for one generator over a range, a fast path for the most common case."""
    assert isinstance(clause, Generator)
    numbers, name = numbers_of(clause.source, code), clause.variable.name

    def value(names: Names, run: Computation) -> list[Any]:
        found: list[Any] = []
        # The frame is changed in place, which is faster than a copy, and safe because no name shadows another.
        for number in numbers(names, run):
            run.left -= 1
            if run.left < 0:
                raise TooLarge(OVERSPENT)
            names[name] = number
            found.append(body(names, run))
        return found

    return value


def _folded(items: Listed, fold: Callable[[Iterable[int]], int]) -> Code:
    def value(names: Names, run: Computation) -> int:
        result = fold(items(names, run))
        if result > NAT_LIMIT:
            raise TooLarge(OVERSPENT)
        return result

    return value


def _best(items: Listed, largest: bool, natural: bool) -> Code:
    def value(names: Names, run: Computation) -> Any:
        found = items(names, run)
        if not found:
            raise Undefined
        if natural:
            return max(found) if largest else min(found)
        best = found[0]
        for item in found[1:]:
            less = run.scalars.less(best, item)
            best = item if less is largest else best
        return best

    return value


def _matrix(term: Comprehension, code: Coding) -> Code:
    """Return the closure of a matrix. Both ranges are evaluated first, once each."""
    body = code(term.body)
    rows, columns = (numbers_of(clause.source, code) for clause in term.clauses if not isinstance(clause, IfClause))
    i, j = (clause.variable.name for clause in term.clauses if not isinstance(clause, IfClause))

    def value(names: Names, run: Computation) -> Mat:
        down, across = rows(names, run), columns(names, run)
        run.left -= len(down) * len(across)
        if run.left < 0:
            raise TooLarge(OVERSPENT)
        # All entries are charged before the first one is computed, so that a huge matrix is refused early.
        entries: list[Any] = []
        for r in down:
            for c in across:
                names[i], names[j] = r, c
                entries.append(body(names, run))
        return Mat(len(down), len(across), entries)

    return value
