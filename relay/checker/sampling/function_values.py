"""Functions for a claim's parameters: all functions if there are few, otherwise random and structured ones.

A uniformly random function is hardly ever linear, additive, or the membership predicate of a subspace. Therefore most
functions are drawn from families that hypotheses often require. The lanes are divided into groups, and each group is
drawn from one family; in one group, the functions are uniformly random.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import cast

import numpy as np

from relay.checker.sampling.function_sampler import MOST_ENTRIES, MOST_POINTS, FunctionSampler, Maker
from relay.checker.sampling.general_functions import constant, countdown, geometric, monomial, projections, random
from relay.checker.sampling.polynomial_maps import maps
from relay.checker.sampling.predicates import predicates
from relay.checker.sampling.translations import translations
from relay.evaluation.algebra.base import Algebra, Array, TooLarge
from relay.evaluation.function_families import Table, compound, points, radix, spans
from relay.evaluation.gathering import scatter
from relay.evaluation.values import FunctionValue, Value
from relay.notation.syntax import (
    BoolType,
    FnType,
    ListType,
    MatrixType,
    NatType,
    ScalarType,
    SortType,
    VectorType,
)

MOST_EXHAUSTED = 64
"""Functions with more argument tuples than this are not exhausted."""
GROUPS = 6
"""Largest number of groups of lanes. Each group is drawn from one family."""


def count_functions(kind: FnType, sizes: Sequence[int], model: Algebra) -> tuple[int, int] | None:
    """Return `(base, power)`: there are `base ** power` functions of a type.

    `base` is the number of values of one entry. `power` is the number of entries in a function's values at all
    argument tuples together. Returns None if functions of the type can't be exhausted.
    """
    base = radix(kind.result, model)
    if base is None or isinstance(kind.result, ListType | FnType | NatType):
        return None
    taken = points(kind, sizes, model, MOST_EXHAUSTED)
    if taken is None:
        return None
    return base, taken * int(np.prod(spans(kind, sizes)[1], dtype=np.int64))


def tables(kind: FnType, sizes: tuple[int, ...], model: Algebra, digits: Array) -> FunctionValue:
    """Return one function per row of `digits`, as a table.

    A row holds the entries of the function's values, one value after the other. Hence `digits` has the shape
    `[functions, argument tuples * entries of the result]`.
    """
    shape = spans(kind, sizes)[1]
    count = cast(int, points(kind, sizes, model, MOST_POINTS))
    functions = digits.shape[0]
    values = compound(kind.result, digits.reshape(functions * count, *shape), shape)
    return FunctionValue(np.zeros(functions, dtype=np.int64), np.arange(functions), (Table(values, count),), sizes)


def random_functions(
    kind: FnType, sizes: tuple[int, ...], model: Algebra, count: int, rng: np.random.Generator
) -> FunctionValue:
    """Return `count` functions of several families. Raises `TooLarge` if an argument or the result is a function."""
    if any(isinstance(part, FnType) for part in (*kind.parameters, kind.result)):
        raise TooLarge("ways to draw functions of functions")
    made = _makers(FunctionSampler(kind, sizes, model, rng))
    families = -(-count // max(1, -(-count // GROUPS)))
    # Families in random order, with the uniformly random one (number 0) last among those that get a group. If there
    # are more groups than families, families repeat.
    order = [1 + int(n) for n in rng.permutation(len(made) - 1)]
    order = [*order[: max(families - 1, 0)], 0, *order]
    width = max(1, -(-count // GROUPS))
    pieces: list[tuple[Array, Value]] = []
    for number, start in enumerate(range(0, count, width)):
        lanes = np.arange(start, min(start + width, count))
        target = made[order[number % len(order)]](len(lanes))
        zeros = np.zeros(len(lanes), dtype=np.int64)
        pieces.append((lanes, FunctionValue(zeros, np.arange(len(lanes)), (target,), sizes)))
    return cast(FunctionValue, scatter(pieces, count)) if pieces else _none(sizes)


def _none(sizes: tuple[int, ...]) -> FunctionValue:
    nothing = np.zeros(0, dtype=np.int64)
    return FunctionValue(nothing, nothing, (), sizes)


_ARRAYS = (ScalarType, VectorType, MatrixType)


def _makers(s: FunctionSampler) -> list[Maker]:
    """Return the families that suit the type of `s`. The first family is that of uniformly random functions."""
    kind = s.kind
    found: list[Maker] = [partial(random, s)]
    if not isinstance(kind.result, FnType):
        found.append(partial(constant, s))
    found += projections(s)
    numbers = all(isinstance(part, (*_ARRAYS, NatType, BoolType)) for part in kind.parameters)
    scalars = any(isinstance(part, (*_ARRAYS, NatType)) for part in kind.parameters) and not s.model.carriers
    if numbers and scalars and s.inputs * max(s.outputs, 1) <= MOST_ENTRIES:
        if isinstance(kind.result, _ARRAYS):
            found += maps(s)
        if isinstance(kind.result, BoolType) and any(isinstance(part, _ARRAYS) for part in kind.parameters):
            found += predicates(s)
    if isinstance(kind.result, ScalarType) and all(isinstance(part, ScalarType) for part in kind.parameters):
        found.append(partial(monomial, s))
    if kind.parameters == (NatType(),):
        if isinstance(kind.result, ScalarType):
            found.append(partial(geometric, s))
        if isinstance(kind.result, NatType | BoolType):
            found += [partial(countdown, s), partial(countdown, s)]  # twice, so that it is drawn more often
    if s.model.carriers and isinstance(kind.result, SortType):
        found += translations(s)
    return found
