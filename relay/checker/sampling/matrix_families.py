"""Families of matrices, vectors and scalars that hypotheses ask for again and again.

A family is drawn for many lanes at once, `[lanes, rows, columns]`. Which families a hypothesis wants is found by
putting their members to it (`relay.checker.sampling.construction`), never by what anything is called.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from relay.evaluation.algebra.base import Algebra, Array


@dataclass(frozen=True, slots=True)
class ScalarSource:
    """Random members of a model."""

    model: Algebra
    rng: np.random.Generator
    lanes: int
    shared: dict[int, tuple[Array, Array]] | None = None
    """Axes by size that all members are seen from; None: each from its own."""

    def number(self, k: Any) -> Array:
        return self.model.from_int(np.asarray(k))

    def zeros(self, *shape: int) -> Array:
        return np.broadcast_to(self.number(np.zeros(1, dtype=np.int64)), (self.lanes, *shape)).copy()

    def uniform(self, *shape: int) -> Array:
        return self.model.sample(self.rng, (self.lanes, *shape))

    def tiny(self, *shape: int) -> Array:
        """0, 1 and -1, zeros most often."""
        return self.number(self.rng.choice(np.array([0, 0, 0, 1, 1, -1]), size=(self.lanes, *shape)))

    def choice(self, options: list[int], *shape: int) -> Array:
        return self.number(self.rng.choice(np.array(options), size=(self.lanes, *shape)))

    def identity(self, n: int) -> Array:
        return np.broadcast_to(self.number(np.eye(n, dtype=np.int64)), (self.lanes, n, n)).copy()

    def diagonal(self, entries: Array) -> Array:
        n = entries.shape[1]
        result = self.zeros(n, n)
        result[:, np.arange(n), np.arange(n)] = entries
        return result

    def masked(self, keep: Array, cells: Array) -> Array:
        return np.where(keep, cells, self.number(np.zeros(1, dtype=np.int64)))

    def times(self, a: Array, b: Array) -> Array:
        """Products of matrices, lane by lane."""
        if not a.shape[2]:
            return self.zeros(a.shape[1], b.shape[2])
        return self.model.sum(self.model.mul(a[:, :, None, :], b.swapaxes(1, 2)[:, None, :, :]))

    def axes(self, n: int) -> tuple[Array, Array]:
        """An invertible matrix and its inverse."""
        if self.shared is None:
            return self._changes(n)
        if n not in self.shared:
            self.shared[n] = self._changes(n)
        return self.shared[n]

    def _changes(self, n: int) -> tuple[Array, Array]:
        """Elementary changes of the identity."""
        there, back = self.identity(n), self.identity(n)
        order = self.rng.permutation(n)
        there, back = there[:, order], back[:, :, order]
        for i in range(n):
            for j in range(n):
                if i != j:
                    factor = self.uniform(1)
                    there[:, i] = self.model.add(there[:, i], self.model.mul(factor, there[:, j]))
                    back[:, :, j] = self.model.sub(back[:, :, j], self.model.mul(factor, back[:, :, i]))
        return there, back

    def turned(self, matrix: Array) -> Array:
        """The same maps, each seen from axes of its own."""
        there, back = self.axes(matrix.shape[1])
        return self.times(self.times(there, matrix), back)

    def inverse_or_one(self, scalars: Array) -> tuple[Array, Array]:
        """Inverses, and where there are none."""
        zero = self.model.is_zero(scalars)
        one = self.number(np.ones(1, dtype=np.int64))
        return self.model.inverse(np.where(zero, one, scalars)), zero


Family = Callable[[ScalarSource, int], Array]


def _nil(s: ScalarSource, n: int) -> Array:
    return s.zeros(n, n)


def _multiples(s: ScalarSource, n: int) -> Array:
    return s.diagonal(np.broadcast_to(s.choice([0, 1, 1, -1, 2], 1), (s.lanes, n)))


def _uniform(s: ScalarSource, n: int) -> Array:
    return s.uniform(n, n)


def _sparse(s: ScalarSource, n: int) -> Array:
    return s.tiny(n, n)


def _diagonal(s: ScalarSource, n: int) -> Array:
    return s.diagonal(s.uniform(n))


def _projection(s: ScalarSource, n: int) -> Array:
    return s.turned(s.diagonal(s.choice([0, 1], n)))


def _involution(s: ScalarSource, n: int) -> Array:
    return s.turned(s.diagonal(s.choice([1, -1], n)))


def _few_values(s: ScalarSource, n: int) -> Array:
    """Diagonalisable, with repeated eigenvalues."""
    pair = s.uniform(2)
    return s.turned(s.diagonal(pair[np.arange(s.lanes)[:, None], s.rng.integers(0, 2, size=(s.lanes, n))]))


def _strictly_upper(s: ScalarSource, n: int) -> Array:
    return s.masked(np.triu(np.ones((n, n), dtype=np.bool_), 1), s.uniform(n, n))


def _strictly_lower(s: ScalarSource, n: int) -> Array:
    return _strictly_upper(s, n).swapaxes(1, 2)


def _nilpotent(s: ScalarSource, n: int) -> Array:
    return s.turned(s.masked(np.triu(np.ones((n, n), dtype=np.bool_), 1), s.tiny(n, n)))


def _square_zero(s: ScalarSource, n: int) -> Array:
    """What maps half of the space into the other half."""
    half = n // 2
    keep = np.zeros((n, n), dtype=np.bool_)
    keep[:half, half:] = True
    block = s.masked(keep, s.uniform(n, n))
    return s.turned(block) if s.rng.integers(0, 2) else block


def _unipotent(s: ScalarSource, n: int) -> Array:
    return s.model.add(s.identity(n), _nilpotent(s, n))


def _upper(s: ScalarSource, n: int) -> Array:
    return s.masked(np.triu(np.ones((n, n), dtype=np.bool_)), s.uniform(n, n))


def _lower(s: ScalarSource, n: int) -> Array:
    return _upper(s, n).swapaxes(1, 2)


def _mirrored(s: ScalarSource, n: int) -> Array:
    """Symmetric, hermitian, and what changes its sign under transposition."""
    matrix = s.uniform(n, n)
    other = matrix.swapaxes(1, 2)
    kind = int(s.rng.integers(0, 4))
    other = s.model.conj(other) if kind % 2 else other
    return s.model.sub(matrix, other) if kind > 1 else s.model.add(matrix, other)


def _permutation(s: ScalarSource, n: int) -> Array:
    orders = np.argsort(s.rng.random((s.lanes, n)), axis=1)
    return s.identity(n)[np.arange(s.lanes)[:, None], orders]


def _signed_permutation(s: ScalarSource, n: int) -> Array:
    return s.model.mul(_permutation(s, n), s.choice([1, -1], n, 1))


def _phases(s: ScalarSource, n: int) -> Array:
    """A permutation times scalars of norm 1: x / conj(x)."""
    x = s.uniform(n, 1)
    inverse, none = s.inverse_or_one(s.model.conj(x))
    phase = np.where(none, s.number(np.ones(1, dtype=np.int64)), s.model.mul(x, inverse))
    return s.model.mul(_permutation(s, n), phase)


def _reflection(s: ScalarSource, n: int) -> Array:
    """1 - 2 v v* / v* v (Householder, 1958), under the identity or the involution; the identity where v* v is zero."""
    return _mirror(s, n, bool(s.rng.integers(0, 2)))


def _mirror(s: ScalarSource, n: int, conjugated: bool) -> Array:
    twice = s.model.mul(s.number(np.full(1, 2, dtype=np.int64)), _onto_line(s, n, conjugated))
    return s.model.sub(s.identity(n), twice)


def _rotation(s: ScalarSource, n: int) -> Array:
    """Products of two reflections of one kind."""
    kind = bool(s.rng.integers(0, 2))
    return s.times(_mirror(s, n, kind), _mirror(s, n, kind))


def _shadow(s: ScalarSource, n: int) -> Array:
    """v v* / v* v: projections that are symmetric or hermitian; zero where v* v is."""
    return _onto_line(s, n, bool(s.rng.integers(0, 2)))


def _onto_line(s: ScalarSource, n: int, conjugated: bool) -> Array:
    v = s.uniform(n)
    star = s.model.conj(v) if conjugated else v
    inverse, none = s.inverse_or_one(s.model.sum(s.model.mul(star, v)))
    factor = np.where(none, s.number(np.zeros(1, dtype=np.int64)), inverse)
    return s.model.mul(factor[:, None, None], s.model.mul(v[:, :, None], star[:, None, :]))


def _rank_one(s: ScalarSource, n: int) -> Array:
    return s.model.mul(s.uniform(n, 1), s.uniform(1, n))


def _symmetric_rank_one(s: ScalarSource, n: int) -> Array:
    v = s.uniform(n)
    star = s.model.conj(v) if s.rng.integers(0, 2) else v
    return s.model.mul(v[:, :, None], star[:, None, :])


def _singular(s: ScalarSource, n: int) -> Array:
    cells = s.uniform(n, n)
    cells[:, 0] = s.zeros(n)
    return s.turned(cells)


def _invertible(s: ScalarSource, n: int) -> Array:
    """Of determinant 1 or -1."""
    return s.axes(n)[int(s.rng.integers(0, 2))]


def _circulant(s: ScalarSource, n: int) -> Array:
    row = s.uniform(n)
    return row[:, (np.arange(n)[None, :] - np.arange(n)[:, None]) % max(n, 1)]


def _constant_lines(s: ScalarSource, n: int) -> Array:
    """All rows alike, or all columns."""
    matrix = np.broadcast_to(s.uniform(1, n), (s.lanes, n, n)).copy()
    return matrix if s.rng.integers(0, 2) else matrix.swapaxes(1, 2)


def _companion(s: ScalarSource, n: int) -> Array:
    """Of a random polynomial, or of one of the form x^n - c."""
    result = s.number(np.eye(n, k=-1, dtype=np.int64))
    result = np.broadcast_to(result, (s.lanes, n, n)).copy()
    if n:
        result[:, :, n - 1] = s.uniform(n) if s.rng.integers(0, 2) else s.zeros(n)
        result[:, 0, n - 1] = s.choice([1, -1, 2])
    return result


def _line_sums(s: ScalarSource, n: int) -> Array:
    """Rows that add up to nothing, or to one."""
    matrix = s.uniform(n, n)
    if n:
        wanted = s.number(np.full(1, int(s.rng.integers(0, 2)), dtype=np.int64))
        matrix[:, :, n - 1] = s.model.sub(wanted, s.model.sum(matrix[:, :, : n - 1]))
    return matrix if s.rng.integers(0, 2) else matrix.swapaxes(1, 2)


SQUARE: tuple[Family, ...] = (
    _uniform, _nil, _multiples, _sparse, _diagonal, _projection, _involution, _few_values, _strictly_upper,
    _strictly_lower, _nilpotent, _square_zero, _unipotent, _upper, _lower, _mirrored, _permutation,
    _signed_permutation, _phases, _reflection, _rotation, _shadow, _rank_one, _symmetric_rank_one, _singular,
    _invertible, _circulant, _constant_lines, _companion, _line_sums, _mirrored,
)  # fmt: skip


def _flat_uniform(s: ScalarSource, shape: tuple[int, ...]) -> Array:
    return s.uniform(*shape)


def _flat_nil(s: ScalarSource, shape: tuple[int, ...]) -> Array:
    return s.zeros(*shape)


def _flat_sparse(s: ScalarSource, shape: tuple[int, ...]) -> Array:
    return s.tiny(*shape)


def _flat_units(s: ScalarSource, shape: tuple[int, ...]) -> Array:
    """A single one among zeros."""
    cells = int(np.prod(shape, dtype=np.int64))
    places = s.rng.integers(0, max(cells, 1), size=s.lanes)
    units = (np.arange(cells)[None, :] == places[:, None]).astype(np.int64)
    return s.number(units).reshape(s.lanes, *shape)


def _flat_constant(s: ScalarSource, shape: tuple[int, ...]) -> Array:
    return np.broadcast_to(s.uniform(*(1 for _ in shape)), (s.lanes, *shape)).copy()


def _flat_small(s: ScalarSource, shape: tuple[int, ...]) -> Array:
    return s.choice([0, 1, 2, 3, -1, -2], *shape)


FLAT: tuple[Callable[[ScalarSource, tuple[int, ...]], Array], ...] = (
    _flat_uniform, _flat_nil, _flat_sparse, _flat_units, _flat_constant, _flat_small,
)  # fmt: skip


SAME = frozenset((FLAT.index(_flat_nil), len(FLAT) + SQUARE.index(_nil), len(FLAT) + SQUARE.index(_multiples)))
"""Families whose members hardly differ."""


def count(shape: tuple[int, ...]) -> int:
    """How many families there are for arrays of a shape (lanes aside)."""
    return len(FLAT) + (len(SQUARE) if len(shape) > 1 else 0)


def tensor(family: int, side: int, first: bool, source: ScalarSource) -> Array:
    """Members of a family of half the size, seen as maps of the first or of the second factor of a product of spaces:
    those of one factor commute with those of the other."""
    small = member(family, (side // 2, side // 2), source)
    result = source.zeros(side, side)
    for k in range(2):
        where = slice(k, None, 2) if first else slice(k * (side // 2), (k + 1) * (side // 2))
        result[:, where, where] = small
    return source.turned(result)


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
    one = source.rng.integers(0, 3) == 0
    made = [make(source, side)[:, :rows, :columns] for _ in range(min(items, 1) if one else items)]
    if not made:
        return source.zeros(*shape)
    return np.stack(made * items if one else made, axis=1).reshape(source.lanes, *shape)
