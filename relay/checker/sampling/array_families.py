"""Families of arrays of any shape, and the numbering of all families.

The number of a family is its place in `FLAT`, or `len(FLAT)` plus its place in `SQUARE`. `construction` learns which
families suit a hypothesis by evaluating the hypothesis at their members. Names in the claim play no part in that.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from relay.checker.sampling.matrix_families import NEARLY_CONSTANT, SQUARE
from relay.checker.sampling.scalar_source import ScalarSource
from relay.checker.sampling.structured_matrices import zeros
from relay.evaluation.algebra.base import Array

ArrayFamily = Callable[[ScalarSource, tuple[int, ...]], Array]
"""Draws one member per lane. The shape does not include the lanes; the result is `[lanes, *shape]`."""


def _uniform(s: ScalarSource, shape: tuple[int, ...]) -> Array:
    return s.uniform(*shape)


def _zero(s: ScalarSource, shape: tuple[int, ...]) -> Array:
    return zeros(s.model, s.lanes, *shape)


def _sparse(s: ScalarSource, shape: tuple[int, ...]) -> Array:
    return s.tiny(*shape)


def _unit(s: ScalarSource, shape: tuple[int, ...]) -> Array:
    """Return arrays that contain one 1 and are 0 elsewhere."""
    cells = int(np.prod(shape, dtype=np.int64))
    # An empty array has no cell to pick, but `integers` needs a bound of 1 at least.
    places = s.rng.integers(0, max(cells, 1), size=s.lanes)
    units = (np.arange(cells)[None, :] == places[:, None]).astype(np.int64)
    return s.model.from_int(units).reshape(s.lanes, *shape)


def _constant(s: ScalarSource, shape: tuple[int, ...]) -> Array:
    return np.broadcast_to(s.uniform(*(1 for _ in shape)), (s.lanes, *shape)).copy()


def _small(s: ScalarSource, shape: tuple[int, ...]) -> Array:
    return s.choice((0, 1, 2, 3, -1, -2), *shape)


FLAT: tuple[ArrayFamily, ...] = (_uniform, _zero, _sparse, _unit, _constant, _small)
"""Families for all shapes, in the order of their numbers. The numbers of square matrices' families follow."""

ALIKE = frozenset((FLAT.index(_zero), *(len(FLAT) + k for k in NEARLY_CONSTANT)))
"""Numbers of the families whose members hardly differ. `construction` draws them less often."""


def count(shape: tuple[int, ...]) -> int:
    """Return the number of families for arrays of `shape`. The shape does not include the lanes."""
    return len(FLAT) + (len(SQUARE) if len(shape) > 1 else 0)


def member(family: int, shape: tuple[int, ...], source: ScalarSource) -> Array:
    """Return one member per lane of the family with the number `family`, as `[lanes, *shape]`.

    Members of a family in `SQUARE` are drawn as square matrices of the larger side, and cut to `shape`. In a list of
    matrices, either every item gets a member of its own, or (one time in three) all items are equal.
    """
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
    """Return matrices that act on one factor of a tensor product: `M (x) 1` if `first`, else `1 (x) M`.

    `M` is a member of `family` with `side / 2` rows and columns; `side` must be even. If `source` shares its axes, a
    matrix `M (x) 1` and a matrix `1 (x) M` from it commute.
    """
    small = member(family, (side // 2, side // 2), source)
    result = zeros(source.model, source.lanes, side, side)
    # `M (x) 1` has copies of M at every second row and column, `1 (x) M` has them as blocks on the diagonal.
    for k in range(2):
        where = slice(k, None, 2) if first else slice(k * (side // 2), (k + 1) * (side // 2))
        result[:, where, where] = small
    return source.turned(result)
