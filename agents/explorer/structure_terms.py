"""The terms that the explorer builds in a finite structure, by their number of nodes, within a budget.

Terms are enumerated bottom-up over the given operations and the definitions that were read. A wide search makes terms
of few nodes from all of these functions. A deep search uses the first functions that were read, as many as the budget
covers for terms of `DEEP` nodes. The rest of the budget goes to a random part of the longer terms.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from numpy.random import Generator

from agents.explorer.target import Sought
from relay.researcher.bench import BenchFunction, LocalBench, Rows
from relay.researcher.bench.connectives import unbracketed
from relay.researcher.bench.enumeration import Enumeration

WIDE, DEEP = 5, 7
"""A term of the wide search has at most `WIDE` nodes. The deep search uses as many functions as the allowance covers
for all terms of at most `DEEP` nodes."""

SHARE = 10
"""The wide search may use 1/`SHARE` of the allowance."""


@dataclass(frozen=True, slots=True)
class Functions:
    """What the terms of a search are built from."""

    given: tuple[BenchFunction, ...]
    read: tuple[BenchFunction, ...]
    """The definitions that were read, the most useful first."""
    untold: tuple[BenchFunction, ...] = ()
    """Definitions of which the notes tell nothing, where they tell of those in `read` that these explain a phenomenon.
    What is given is preferred to them."""
    connectives: tuple[BenchFunction, ...] = ()
    """Equality, `not`, `and` and `or`, if truth values are wanted. They are always used."""

    @property
    def count(self) -> int:
        """The number of all functions."""
        return len(self.given) + len(self.read) + len(self.untold) + len(self.connectives)


@dataclass(frozen=True, slots=True)
class TriedTerms:
    """The terms that were evaluated."""

    searches: tuple[Enumeration, ...]
    size: int
    """Every term of at most this many nodes was evaluated, or another one with the same values."""
    dtype: type[Any]
    """The type of values in rows."""

    def find(self, sort: str, target: Sought) -> str | None:
        """Return a term of `sort` that agrees with the target, one of the smallest; None if there is none."""
        for terms in self.searches:
            serial = self._serial(terms, sort, target)
            if serial is not None:
                return unbracketed(terms.spell(serial))
        return None

    def found(self, sort: str, wanted: Mapping[int, Sought]) -> dict[int, str]:
        """Return a term for each phenomenon of which there is one. `wanted` holds the target of each phenomenon."""
        return {number: term for number, target in wanted.items() if (term := self.find(sort, target)) is not None}

    def _serial(self, terms: Enumeration, sort: str, target: Sought) -> int | None:
        if target.whole:
            return terms.find(sort, target.key(self.dtype))
        rows, serials = terms.terms(sort)
        place = target.first(rows)
        return None if place is None else int(serials[place])


def enumerate_terms(
    bench: LocalBench,
    rows: Rows,
    context: Sequence[tuple[str, str]],
    functions: Functions,
    largest: int,
    allowance: int,
    rng: Generator,
) -> TriedTerms:
    """Make a wide and a deep enumeration of terms of at most `largest` nodes, with at most `allowance` evaluations.

    `context` holds the name and the sort of each free variable.
    """
    stop = bench.left - allowance
    sorts = [sort for _, sort in context]

    def grow(chosen: Sequence[BenchFunction], most: int) -> tuple[Enumeration, int]:
        """Return an enumeration up to `most` nodes, and the number of nodes up to which no term was left out."""
        terms, whole = Enumeration(rows, context, variable=1), 1
        for size in range(1, most + 1):
            terms.grow(chosen, size, max(0, bench.left - stop), rng)
            if whole >= size - 1 and not terms.cost(chosen, size):
                whole = size
        return terms, whole if len(chosen) == functions.count else 1

    always = functions.connectives
    read = (*functions.read, *functions.untold)
    chosen = _affordable(functions.given, read, always, sorts, min(WIDE, largest), allowance // SHARE)
    wide, wide_size = grow(chosen, min(WIDE, largest))
    ranked = (*functions.read, *functions.given, *functions.untold)
    chosen = _affordable((), ranked, always, sorts, min(DEEP, largest), bench.left - stop)
    deep, deep_size = grow(chosen, largest)
    return TriedTerms((wide, deep), max(wide_size, deep_size), rows.dtype)


def _affordable(
    first: Sequence[BenchFunction],
    ranked: Sequence[BenchFunction],
    always: Sequence[BenchFunction],
    variables: Sequence[str],
    size: int,
    allowance: int,
) -> list[BenchFunction]:
    """Return `first`, the first functions of `ranked`, as many as keep the cost within `allowance`, and `always`.

    The cost is that of all terms of at most `size` nodes. `variables` are the sorts of the free variables.
    """
    chosen = list(first)
    for function in ranked:
        if _cost([*chosen, function, *always], variables, size) > allowance and len(chosen) > 1:
            break
        chosen.append(function)
    return [*chosen, *always]


def _cost(functions: Sequence[BenchFunction], variables: Sequence[str], size: int) -> int:
    """Return an upper bound of the evaluations for all terms of 2 to `size` nodes."""
    types = Counter((function.parameters, function.result) for function in functions)
    sorts = dict.fromkeys([*variables, *(sort for parameters, result in types for sort in (*parameters, result))])
    counts = {sort: [0, variables.count(sort)] for sort in sorts}
    total = 0
    for level in range(2, size + 1):
        made = dict.fromkeys(sorts, 0)
        for (parameters, result), functions_of_type in types.items():
            made[result] += functions_of_type * _ways([counts[sort] for sort in parameters], level - 1)
        for sort, count in made.items():
            counts[sort].append(count)
            total += count
    return total


def _ways(counts: Sequence[Sequence[int]], size: int) -> int:
    """Return the number of ways to choose one term of each sort, with `size` nodes in total.

    `counts` holds, for each of the sorts, the number of its terms for each number of nodes, from 0.
    """
    if not counts:
        return 1 if size == 0 else 0
    first, *rest = counts
    return sum(first[part] * _ways(rest, size - part) for part in range(1, size + 1) if first[part])


def variable(place: int) -> str:
    """Return the name of the variable in this place."""
    return "xyzuvw"[place] if place < 6 else f"x{place}"
