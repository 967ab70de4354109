"""Which sizes, lengths and natural parameters a statement is tried at.

A *case* fixes everything about a statement's parameters that is a natural number: its size names, its `Nat` parameters
and the lengths of its lists. Sizes start at 1, the others at 0. Where one of them may meet a constant c (see
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
"""Base cases go up to this size."""
REACH = 9
"""The largest number that is tried for a size, a length or a natural parameter because a constant asks for it."""
MOST_CASES = 16
"""Base cases in full; where there are more, only as many as bring every two numbers together."""
MOST_PAIRED = 12
"""Dimensions beyond which base cases are drawn."""


@dataclass(frozen=True, slots=True)
class Dimension:
    """One natural number of a case: a size name, a `Nat` parameter, or the length of a list parameter at a level."""

    kind: str
    """`size`, `nat` or `length`."""
    name: str
    level: int = 0


Case = Mapping[Dimension, int]


def describe(case: Case) -> str:
    """A case in words, as `n = 2, k = 0, len(vs) = 1`."""
    return ", ".join(f"{_described(dimension)} = {value}" for dimension, value in case.items())


def _described(dimension: Dimension) -> str:
    if dimension.kind != "length":
        return dimension.name
    return f"len({dimension.name}{'[.]' * dimension.level})"


def dimensions(parameters: Sequence[Parameter], sizes: Sequence[str]) -> tuple[Dimension, ...]:
    """What a case of a statement with these parameters fixes."""
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
    """The cases to try, smallest first, and the constants that could not be reached."""

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
    """Base cases (all combinations up to `largest`, or, where there are many, enough of them for every two numbers to
    occur together), and for each dimension each number that a constant asks for, the others being equal to it or small.

    The numbers in `exactly` are tried without their neighbours, and the sizes, natural parameters and lengths in
    `together` as they are. `order` is a source of numbers drawn from the statement's hash.
    """
    cases = box(dims, largest) if count(dims, largest) <= MOST_CASES else _pairwise(dims, largest, order)
    asked = sorted({v for c in meets for v in (c - 1, c, c + 1) if v >= 0} | set(exactly))
    out = tuple(v for v in asked if v > REACH) if dims else ()
    for value in asked:
        if largest < value <= REACH:
            cases += [{d: value if d == dim else other for d in dims} for dim in dims for other in (1, 2)]
            cases.append(dict.fromkeys(dims, value))
            cases.append({d: value if d.kind == "size" else 1 for d in dims})
    cases += [{d: numbers.get(_called(d), 2) for d in dims} for numbers in together]
    return Plan(tuple(smallest_first(dims, cases)), out)


def length_of(name: str) -> str:
    """What the length of a list parameter is called among numbers that are tried together."""
    return f"len({name})"


def _called(dimension: Dimension) -> str:
    if dimension.kind != "length":
        return dimension.name
    return length_of(dimension.name) if dimension.level == 0 else ""


def box(dims: Sequence[Dimension], largest: int) -> list[Case]:
    """All combinations of base numbers up to `largest`."""
    return smallest_first(dims, [dict(zip(dims, v, strict=True)) for v in product(*(_base(d, largest) for d in dims))])


def count(dims: Sequence[Dimension], largest: int) -> int:
    """How many combinations there are."""
    return prod(len(_base(d, largest)) for d in dims)


def smallest_first(dims: Sequence[Dimension], cases: Iterable[Case]) -> list[Case]:
    """Each case once, by the sum of its numbers."""
    different = {tuple(case[d] for d in dims): case for case in cases}
    return [different[key] for key in sorted(different, key=lambda key: (sum(key), key))]


def spread(cases: Sequence[Case]) -> tuple[Case, ...]:
    """A few cases: the first, and the first ones at which everything is at least 2, and some number at least 3."""
    chosen = [*cases[:1], *(c for c in cases if min(c.values(), default=0) >= 2)][:2]
    chosen += [
        c for c in cases if max(c.values(), default=0) >= 3 and min(c.values(), default=0) >= 2 and c not in chosen
    ][:1]
    return tuple(chosen)


def _base(dimension: Dimension, largest: int) -> range:
    return range(1 if dimension.kind == "size" else 0, largest + 1)


def _pairwise(dims: Sequence[Dimension], largest: int, order: Sequence[int]) -> list[Case]:
    """Cases in which every two dimensions take every two numbers together; all sizes equal comes first."""
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
    draws = cycle(order)
    if len(dims) > MOST_PAIRED:
        return cases + [{d: _base(d, largest)[next(draws) % len(_base(d, largest))] for d in dims} for _ in range(24)]
    for case in cases:
        wanted -= _pairs(dims, case)
    while wanted:
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
