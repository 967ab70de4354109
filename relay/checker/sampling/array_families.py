"""Families of arrays of any shape, and the numbers under which all families are asked for.

Which families a hypothesis wants is found by putting their members to it (`relay.checker.sampling.construction`), never
by what anything is called.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from relay.checker.sampling.matrix_families import NEARLY_CONSTANT, SQUARE
from relay.checker.sampling.scalar_source import ScalarSource
from relay.checker.sampling.structured_matrices import zeros
from relay.evaluation.algebra.base import Array

ArrayFamily = Callable[[ScalarSource, tuple[int, ...]], Array]
"""Draws members of a shape, lanes aside."""


def _uniform(s: ScalarSource, shape: tuple[int, ...]) -> Array:
    return s.uniform(*shape)


def _zero(s: ScalarSource, shape: tuple[int, ...]) -> Array:
    return zeros(s.model, s.lanes, *shape)


def _sparse(s: ScalarSource, shape: tuple[int, ...]) -> Array:
    return s.tiny(*shape)


def _unit(s: ScalarSource, shape: tuple[int, ...]) -> Array:
    """A single one among zeros."""
    cells = int(np.prod(shape, dtype=np.int64))
    places = s.rng.integers(0, max(cells, 1), size=s.lanes)
    units = (np.arange(cells)[None, :] == places[:, None]).astype(np.int64)
    return s.model.from_int(units).reshape(s.lanes, *shape)


def _constant(s: ScalarSource, shape: tuple[int, ...]) -> Array:
    return np.broadcast_to(s.uniform(*(1 for _ in shape)), (s.lanes, *shape)).copy()


def _small(s: ScalarSource, shape: tuple[int, ...]) -> Array:
    return s.choice((0, 1, 2, 3, -1, -2), *shape)


FLAT: tuple[ArrayFamily, ...] = (_uniform, _zero, _sparse, _unit, _constant, _small)
"""All families, in the order in which they are numbered; those of square matrices follow."""

ALIKE = frozenset((FLAT.index(_zero), *(len(FLAT) + k for k in NEARLY_CONSTANT)))
"""Families whose members hardly differ."""


def count(shape: tuple[int, ...]) -> int:
    """How many families there are for arrays of a shape (lanes aside)."""
    return len(FLAT) + (len(SQUARE) if len(shape) > 1 else 0)


def member(family: int, shape: tuple[int, ...], source: ScalarSource) -> Array:
    """Members of a family, `[lanes, *shape]`. A family of square matrices is cut to size for others, and gives the
    matrices of a list their own members, or one member to all of them."""
    if family < len(FLAT):
        return FLAT[family](source, shape)
    make = SQUARE[family - len(FLAT)]
    rows, columns = shape[-2:]
    side = max(rows, columns)
    if len(shape) == 2:
        return make(source, side)[:, :rows, :columns]
    items = int(np.prod(shape[:-2], dtype=np.int64))
    one = source.pick(3) == 0
    made = [make(source, side)[:, :rows, :columns] for _ in range(min(items, 1) if one else items)]
    if not made:
        return zeros(source.model, source.lanes, *shape)
    return np.stack(made * items if one else made, axis=1).reshape(source.lanes, *shape)


def tensor(family: int, side: int, first: bool, source: ScalarSource) -> Array:
    """Members of a family of half the size, seen as maps of the first or of the second factor of a product of spaces:
    those of one factor commute with those of the other."""
    small = member(family, (side // 2, side // 2), source)
    result = zeros(source.model, source.lanes, side, side)
    for k in range(2):
        where = slice(k, None, 2) if first else slice(k * (side // 2), (k + 1) * (side // 2))
        result[:, where, where] = small
    return source.turned(result)
