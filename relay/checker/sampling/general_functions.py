"""Families that need little structure in the type: random functions, constants, projections, functions of numbers."""

from __future__ import annotations

import numpy as np

from relay.checker.sampling.function_sampler import MOST_POINTS, FunctionSampler, Maker
from relay.evaluation.function_families import (
    Constant,
    Countdown,
    Hashed,
    MonomialFunctions,
    Projection,
    Table,
    compound,
    points,
    radix,
    sized,
)
from relay.evaluation.hashing import hashed_value
from relay.evaluation.values import Size, Target
from relay.notation.syntax import BoolType, ListType, SortType
from relay.notation.traversal import type_terms


def random(s: FunctionSampler, count: int) -> Target:
    """Return uniformly random functions: tables if there are few argument tuples, otherwise hashes."""
    taken = points(s.kind, s.sizes, s.model, MOST_POINTS)
    base = radix(s.kind.result, s.model)
    if taken is None or base is None or isinstance(s.kind.result, ListType):
        return Hashed(s.rng.integers(1, 2**62, size=count).astype(np.uint64), 1 + int(s.rng.integers(0, 3)))
    digits = s.rng.integers(0, base, size=(count * taken, *s.result), dtype=np.int64)
    return Table(compound(s.kind.result, digits, s.result), taken)


def constant(s: FunctionSampler, count: int) -> Target:
    """Return constant functions with random values."""
    total = len(type_terms(s.kind.result))
    own: tuple[Size, ...] = s.sizes[len(s.sizes) - total :]
    result, known = sized(s.kind.result, own)
    words = s.rng.integers(1, 2**62, size=count).astype(np.uint64)
    return Constant(hashed_value(result, words, known, s.model, int(s.rng.integers(0, 3))))


def projections(s: FunctionSampler) -> list[Maker]:
    """Return one family for each argument that has the type and size of the result: the projection to it."""
    return [_projection(position) for position in range(len(s.kind.parameters)) if _is_like_result(s, position)]


def _projection(position: int) -> Maker:
    return lambda count: Projection(position)


def _is_like_result(s: FunctionSampler, position: int) -> bool:
    part, result = s.kind.parameters[position], s.kind.result
    if isinstance(part, SortType) or isinstance(result, SortType):
        return part == result
    return type(part) is type(result) and not isinstance(part, ListType) and s.shapes[position] == s.result


def countdown(s: FunctionSampler, count: int) -> Target:
    """Return functions of a natural number n: `start + step * n`, or whether `n % (step + 1)` is `start`."""
    step = s.rng.integers(0, 4, size=count)
    start = s.rng.integers(0, 4, size=count)
    return Countdown(start % (step + 1) if isinstance(s.kind.result, BoolType) else start, step)


def geometric(s: FunctionSampler, count: int) -> Target:
    """Return functions `c b^k` of a natural number k."""
    factor, base = s.tiny(count), s.uniform(count)
    return MonomialFunctions(factor, np.zeros((count, 1), dtype=np.int64), base)


def monomial(s: FunctionSampler, count: int) -> Target:
    """Return functions `c x^a y^b ...` of scalars, with exponents 0 to 3."""
    exponents = s.rng.integers(0, 4, size=(count, s.inputs))
    one = s.number(np.ones(count, dtype=np.int64))
    return MonomialFunctions(one if s.rng.integers(0, 2) else s.uniform(count), exponents)
