"""The sizes, list lengths and natural parameters at which a statement is tried.

A *case* fixes every natural number among a statement's parameters: its size names, its `Nat` parameters and the lengths
of its lists. Sizes start at 1, the other numbers at 0. If a number may meet a constant c (see
`relay.checker.cutoffs.compared_constants`), c - 1, c and c + 1 are tried as well.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle, product
from math import prod

from relay.notation.syntax import (
    ListType,
    NatType,
    Parameter,
    Type,
)

LARGEST = 3
"""The largest number in a base case."""
REACH = 9
"""The largest size, length or natural parameter that is tried because of a constant. Larger numbers are reported in
`Plan.out_of_reach`."""
MOST_CASES = 16
"""If a statement has at most so many base cases, all of them are tried. Otherwise a selection is tried (see
`_pairwise`)."""
MOST_PAIRED = 12
"""If a statement has more dimensions than this, its base cases are drawn at random, because the number of pairs grows
quadratically."""


@dataclass(frozen=True, slots=True)
class Dimension:
    """One natural number of a case: a size name, a `Nat` parameter, or the length of a list parameter at a level."""

    kind: str
    """`size`, `nat` or `length`."""
    name: str
    level: int = 0
    """For a length: 0 for the list parameter itself, 1 for its items if these are lists, and so on. Otherwise 0."""


Case = Mapping[Dimension, int]


def describe(case: Case) -> str:
    """Returns a case in words, such as `n = 2, k = 0, len(vs) = 1`."""
    return ", ".join(f"{_described(dimension)} = {value}" for dimension, value in case.items())


def _described(dimension: Dimension) -> str:
    if dimension.kind != "length":
        return dimension.name
    return f"len({dimension.name}{'[.]' * dimension.level})"


def dimensions(parameters: Sequence[Parameter], sizes: Sequence[str]) -> tuple[Dimension, ...]:
    """Returns the dimensions of a statement with these `parameters` and size names (`sizes`): the natural numbers that
    each of its cases fixes."""
    found = [Dimension("size", name) for name in sizes]
    for parameter in parameters:
        if isinstance(parameter.type, NatType):
            found.append(Dimension("nat", parameter.name))
        type_: Type = parameter.type
        level = 0
        while isinstance(type_, ListType):
            found.append(Dimension("length", parameter.name, level))
            type_, level = type_.item, level + 1
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Plan:
    """The cases to try, smallest first, and the numbers that ought to be tried but are larger than `REACH`."""

    cases: tuple[Case, ...]
    out_of_reach: tuple[int, ...]


def plan(
    dims: Sequence[Dimension],
    meets: Collection[int],
    largest: int,
    order: Sequence[int],
    exactly: Collection[int] = (),
    together: Sequence[Mapping[str, int]] = (),
) -> Plan:
    """Returns the cases to try: base cases, and cases for the constants that the statement's numbers meet.

    Base cases are all combinations of numbers up to `largest`. If there are more than `MOST_CASES`, they are a
    selection of these in which every two dimensions take every two numbers together. Each constant in `meets` and each
    of its two neighbours is tried in each dimension; the other dimensions are then equal to it or small. Numbers in
    `exactly` are tried in the same way, but without their neighbours. Each mapping in `together` gives sizes, natural
    parameters and lengths by name, and becomes one case. `order` holds random numbers that derive from the statement's
    hash; they decide the selection of base cases."""
    cases = box(dims, largest) if count(dims, largest) <= MOST_CASES else _pairwise(dims, largest, order)
    asked = sorted({v for c in meets for v in (c - 1, c, c + 1) if v >= 0} | set(exactly))
    out = tuple(v for v in asked if v > REACH) if dims else ()  # without dimensions no number meets a constant
    for value in asked:
        if largest < value <= REACH:  # smaller numbers are among the base cases
            cases += [{d: value if d == dim else other for d in dims} for dim in dims for other in (1, 2)]
            # a claim may have values only if all numbers, or all sizes, are equal
            cases.append(dict.fromkeys(dims, value))
            cases.append({d: value if d.kind == "size" else 1 for d in dims})
    # 2 is the smallest number at which arrays and lists have more than one entry
    cases += [{d: numbers.get(_called(d), 2) for d in dims} for numbers in together]
    return Plan(tuple(smallest_first(dims, cases)), out)


def length_of(name: str) -> str:
    """Returns the key that stands for the length of the list parameter `name` in a mapping of `plan`'s argument
    `together`."""
    return f"len({name})"


def _called(dimension: Dimension) -> str:
    if dimension.kind != "length":
        return dimension.name
    return length_of(dimension.name) if dimension.level == 0 else ""


def box(dims: Sequence[Dimension], largest: int) -> list[Case]:
    """Returns all cases with numbers up to `largest`, smallest first."""
    return smallest_first(dims, [dict(zip(dims, v, strict=True)) for v in product(*(_base(d, largest) for d in dims))])


def count(dims: Sequence[Dimension], largest: int) -> int:
    """Returns the number of cases in `box(dims, largest)`."""
    return prod(len(_base(d, largest)) for d in dims)


def smallest_first(dims: Sequence[Dimension], cases: Iterable[Case]) -> list[Case]:
    """Returns each case once, sorted by the sum of its numbers."""
    different = {tuple(case[d] for d in dims): case for case in cases}
    return [different[key] for key in sorted(different, key=lambda key: (sum(key), key))]


def spread(cases: Sequence[Case]) -> tuple[Case, ...]:
    """Returns at most three of the `cases`: the first one, the first one whose numbers are all at least 2, and the
    first other one whose numbers are all at least 2 and not all 2."""
    chosen = [*cases[:1], *(c for c in cases if min(c.values(), default=0) >= 2)][:2]
    chosen += [
        c for c in cases if max(c.values(), default=0) >= 3 and min(c.values(), default=0) >= 2 and c not in chosen
    ][:1]
    return tuple(chosen)


def _base(dimension: Dimension, largest: int) -> range:
    return range(1 if dimension.kind == "size" else 0, largest + 1)


def _pairwise(dims: Sequence[Dimension], largest: int, order: Sequence[int]) -> list[Case]:
    """Returns cases in which every two dimensions take every two base numbers together (pairwise testing).

    The cases in which all sizes are equal, and all other numbers are equal, are among them. If there are more than
    `MOST_PAIRED` dimensions, the other cases are drawn at random, and some pairs may be missing."""
    cases: list[Case] = [
        {d: size if d.kind == "size" else other for d in dims}
        for size in range(1, largest + 1)
        for other in range(largest + 1)
    ]
    wanted = (
        set()
        if len(dims) > MOST_PAIRED
        else {
            (d, v, e, w)
            for k, d in enumerate(dims)
            for e in dims[k + 1 :]
            for v in _base(d, largest)
            for w in _base(e, largest)
        }
    )
    draws = cycle(order)  # from the statement's hash, so that nobody can aim at the cases that are left out
    if len(dims) > MOST_PAIRED:
        return cases + [{d: _base(d, largest)[next(draws) % len(_base(d, largest))] for d in dims} for _ in range(24)]
    for case in cases:
        wanted -= _pairs(dims, case)
    # Greedy cover: each new case contains the first missing pair, and is the one of 8 draws that adds most pairs.
    while wanted:
        # the smallest pair, not any: iterating over a set would depend on the hash seed of the process
        first = min(wanted, key=lambda pair: (dims.index(pair[0]), pair[1], dims.index(pair[2]), pair[3]))
        choices: list[Case] = []
        for _ in range(8):
            case = {d: _base(d, largest)[next(draws) % len(_base(d, largest))] for d in dims}
            case[first[0]], case[first[2]] = first[1], first[3]
            choices.append(case)
        best = max(choices, key=lambda case: len(wanted & _pairs(dims, case)))
        wanted -= _pairs(dims, best)
        cases.append(best)
    return cases


def _pairs(dims: Sequence[Dimension], case: Case) -> set[tuple[Dimension, int, Dimension, int]]:
    return {(d, case[d], e, case[e]) for k, d in enumerate(dims) for e in dims[k + 1 :]}
