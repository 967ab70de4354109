"""Closures of the sources of generators, and of the walk through clauses."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations, permutations
from typing import Any, cast

from relay.evaluation.algebra.base import TooLarge, Undecidable
from relay.evaluation.compiled.codes import OVERSPENT, Coding, Computation, Names, Walk
from relay.evaluation.plain_values import Lst
from relay.notation.syntax import BoolType, Clause, IfClause, Items, Permutations, Range, Source, Subsets

MOST_PERMUTED = 7
"""Permutations of more numbers raise `TooLarge`; 7! is 5,040."""
MOST_CHOSEN = 24
"""Subsets of more numbers raise `TooLarge`."""


def numbers_of(source: Source, code: Coding) -> Callable[[Names, Computation], range]:
    """Return the closure of the numbers of a range."""
    assert isinstance(source, Range)
    start, stop = code(source.start), code(source.stop)

    def value(names: Names, run: Computation) -> range:
        low, high = start(names, run), stop(names, run)
        return range(low, max(low, high))

    return value


def walked(clauses: Sequence[Clause], code: Coding) -> Walk:
    """Return the walk through the items of `clauses`. For each item it sets the variables in the frame, then yields."""
    if not clauses:
        return lambda names, run: (None,)
    clause, rest = clauses[0], clauses[1:]
    inner = walked(rest, code) if rest else None
    if isinstance(clause, IfClause):
        condition = code(clause.term)

        def kept(names: Names, run: Computation) -> Iterator[Any]:
            if condition(names, run):
                yield from (None,) if inner is None else inner(names, run)

        return kept
    source, name = _items(clause.source, code), clause.variable.name

    def drawn(names: Names, run: Computation) -> Iterator[Any]:
        for item in source(names, run):
            # Charged when an item is taken, so that `any`, `all` and `first` pay only for the items that they reach.
            run.left -= 1
            if run.left < 0:
                raise TooLarge(OVERSPENT)
            names[name] = item
            if inner is None:
                yield None
            else:
                yield from inner(names, run)

    return drawn


def _items(source: Source, code: Coding) -> Walk:
    """Return the closure of a generator's source. Raises `Undecidable` for the values of a type other than `Bool`."""
    if isinstance(source, Range):
        return numbers_of(source, code)
    if isinstance(source, Items):
        listed = code(source.list)
        return lambda names, run: cast("Sequence[Any]", listed(names, run).items)
    if isinstance(source, Permutations):
        n = code(source.n)

        def permuted(names: Names, run: Computation) -> Iterator[Lst]:
            count = n(names, run)
            if count > MOST_PERMUTED:
                raise TooLarge(OVERSPENT)
            return (Lst(p) for p in permutations(range(count)))

        return permuted
    if isinstance(source, Subsets):
        whole, part = code(source.n), code(source.k)

        def chosen(names: Names, run: Computation) -> Iterator[Lst]:
            n, k = whole(names, run), part(names, run)
            if n > MOST_CHOSEN:
                raise TooLarge(OVERSPENT)
            return (Lst(p) for p in combinations(range(n), k))

        return chosen
    if isinstance(source.type, BoolType):
        return lambda names, run: (False, True)
    raise Undecidable("ranging over a type has a meaning in finite models only")
