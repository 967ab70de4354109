"""Values that satisfy hypotheses more often than uniform ones do: singular, idempotent, nilpotent, orthogonal, unitary,
commuting, inverse to each other, eigenvectors, dependent lists.

Lanes are changed in place, in groups; each group follows one recipe, and then takes other axes at random, which keeps
what matters. Nothing here promises that a hypothesis holds: it is valued like for any other value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from relay.evaluation.algebra.base import Algebra, Array
from relay.evaluation.values import ListValue, MatrixValue, Value, VectorValue

GROUP = 4
"""Lanes that share a recipe, at least."""
MOST_GROUPS = 16


@dataclass(slots=True)
class _Group:
    """Some lanes of all parameters; arrays are views, to be written to."""

    model: Algebra
    rng: np.random.Generator
    lanes: int
    matrices: list[Array]
    """[lanes, rows, columns]"""
    vectors: list[Array]
    """[lanes, n]; items of lists too."""
    scalars: list[Array]
    """[lanes]"""

    def tiny(self, *shape: int) -> Array:
        """Random 0, 1 and -1, zeros most often."""
        return self.number(self.rng.choice(np.array([0, 0, 0, 1, 1, -1]), size=(self.lanes, *shape)))

    def number(self, k: Array) -> Array:
        return self.model.from_int(k)

    def uniform(self, *shape: int) -> Array:
        return self.model.sample(self.rng, (self.lanes, *shape))

    def diagonal(self, entries: Array) -> Array:
        """Diagonal matrices with the given entries [lanes, n]."""
        n = entries.shape[1]
        result = self.number(np.zeros((self.lanes, n, n), dtype=np.int64))
        result[:, np.arange(n), np.arange(n)] = entries
        return result

    def pick(self, count: int) -> int:
        return int(self.rng.integers(0, count))


def bend(values: Mapping[str, Value], model: Algebra, rng: np.random.Generator, start: int, stop: int) -> None:
    """Replace the values of lanes `start` to `stop - 1` by structured ones. A structure has no arithmetic to do it."""
    if model.carriers:
        return
    width = max(GROUP, -(-(stop - start) // MOST_GROUPS))
    for at in range(start, stop, width):
        end = min(at + width, stop)
        group = _Group(model, rng, end - at, [], [], [])
        for value in values.values():
            _collect(value, at, end, group)
        if not (group.matrices or group.vectors or group.scalars):
            return
        recipes = _RECIPES if model.dtype is not object else _EXACT_RECIPES
        recipes[group.pick(len(recipes))](group)


def plain(
    values: Mapping[str, Value], model: Algebra, rng: np.random.Generator, constants: Sequence[int], stop: int
) -> None:
    """Fill each parameter with one constant in lanes 0 to `stop - 1`: zero first, then any."""
    if model.carriers or not stop:
        return
    group = _Group(model, rng, stop, [], [], [])
    for value in values.values():
        _collect(value, 0, stop, group)
    for array in (*group.matrices, *group.vectors, *group.scalars):
        chosen = rng.choice(np.array(constants, dtype=np.int64), size=stop)
        chosen[0] = 0
        array[...] = group.number(chosen).reshape(stop, *(1 for _ in array.shape[1:]))


def _collect(value: Value, at: int, end: int, group: _Group) -> None:
    if isinstance(value, MatrixValue) and value.data.ndim == 3:
        group.matrices.append(value.data[at:end])
    elif isinstance(value, VectorValue) and value.data.ndim == 2:
        group.vectors.append(value.data[at:end])
    elif isinstance(value, ListValue) and isinstance(value.items, VectorValue) and value.items.data.ndim == 3:
        group.vectors += [value.items.data[at:end, k] for k in range(value.items.data.shape[1])]
    elif isinstance(value, ListValue) and isinstance(value.items, MatrixValue) and value.items.data.ndim == 4:
        group.matrices += [value.items.data[at:end, k] for k in range(value.items.data.shape[1])]
    elif isinstance(value, np.ndarray) and value.ndim == 1 and value.dtype == group.model.dtype:
        group.scalars.append(value[at:end])


# --- recipes ---------------------------------------------------------------------------------------------------------


def _sparse(group: _Group) -> None:
    """Everything is 0, 1 or -1."""
    for array in (*group.matrices, *group.vectors, *group.scalars):
        array[...] = group.tiny(*array.shape[1:])


def _families(group: _Group) -> None:
    """Each square matrix of a family of its own, seen from other axes; some are copies or zero."""
    for matrix in group.matrices:
        if matrix.shape[1] == matrix.shape[2]:
            matrix[...] = _FAMILIES[group.pick(len(_FAMILIES))](group, matrix)
        elif matrix.size and group.pick(2):
            _rank_one(group, matrix)
    for array in (*group.vectors, *group.scalars):
        if group.pick(2):
            array[...] = group.tiny(*array.shape[1:])
    _turn(group)


def _related(group: _Group) -> None:
    """Later matrices are made from earlier ones, and later vectors and scalars likewise."""
    model = group.model
    for k, matrix in enumerate(group.matrices[1:], start=1):
        other = group.matrices[group.pick(k)]
        square = other.shape[1] == other.shape[2]
        kind = group.pick(4)
        if other.shape == matrix.shape and square and kind < 2:  # a polynomial in it
            a, b = group.uniform(1, 1), group.tiny(1, 1)
            unit = group.diagonal(group.number(np.ones(other.shape[:2], dtype=np.int64)))
            matrix[...] = model.add(model.mul(a, unit), model.mul(b, other))
        elif other.shape == matrix.shape and kind == 2:
            matrix[...] = other
        elif other.swapaxes(1, 2).shape == matrix.shape:
            matrix[...] = other.swapaxes(1, 2) if kind == 3 else model.conj(other.swapaxes(1, 2))
    for k, vector in enumerate(group.vectors[1:], start=1):
        mates = [v for v in group.vectors[:k] if v.shape == vector.shape]
        if mates and group.pick(3):
            one, two = mates[group.pick(len(mates))], mates[group.pick(len(mates))]
            vector[...] = model.add(model.mul(group.uniform(1), one), model.mul(group.tiny(1), two))
    for k, scalar in enumerate(group.scalars[1:], start=1):
        other = group.scalars[group.pick(k)]
        scalar[...] = (other, model.neg(other), model.mul(other, other))[group.pick(3)]


def _eigen(group: _Group) -> None:
    """Matrices whose first column is a multiple of the first axis, vectors along it, scalars that are the multiple."""
    root = group.number(np.zeros(group.lanes, dtype=np.int64)) if group.pick(2) else group.uniform()
    for matrix in group.matrices:
        if matrix.size:
            matrix[:, :, 0] = group.number(np.zeros(matrix.shape[:2], dtype=np.int64))
            matrix[:, 0, 0] = root
    for vector in group.vectors:
        if vector.shape[1]:
            vector[:, 1:] = group.number(np.zeros((group.lanes, vector.shape[1] - 1), dtype=np.int64))
    for scalar in group.scalars:
        scalar[...] = root
    _turn(group)


def _inverse(group: _Group) -> None:
    """Pairs of square matrices that undo each other."""
    model = group.model
    for k, matrix in enumerate(group.matrices):
        n = matrix.shape[1]
        if n != matrix.shape[2] or n == 0:
            continue
        mates = [m for m in group.matrices[k + 1 :] if m.shape == matrix.shape]
        entries = group.tiny(n)
        one = group.number(np.ones(1, dtype=np.int64))
        entries = np.where(model.is_zero(entries), one, entries)
        matrix[...] = group.diagonal(entries)
        pair = [matrix, *mates[:1]]
        for mate in mates[:1]:
            mate[...] = group.diagonal(entries)  # 1 and -1 are their own inverses
        for _ in range(3 if n > 1 else 0):
            i, j = (int(x) for x in group.rng.permutation(n)[:2])
            factor = group.uniform(1)
            pair[0][:, i] = model.add(pair[0][:, i], model.mul(factor, pair[0][:, j]))
            for mate in mates[:1]:
                mate[:, :, j] = model.sub(mate[:, :, j], model.mul(factor, mate[:, :, i]))
        if mates:
            return


def _zero(group: _Group) -> None:
    """One parameter is zero."""
    arrays = [*group.matrices, *group.vectors, *group.scalars]
    array = arrays[group.pick(len(arrays))]
    array[...] = group.number(np.zeros(array.shape, dtype=np.int64))


_RECIPES: tuple[Callable[[_Group], None], ...] = (_sparse, _families, _related, _eigen, _inverse, _families, _zero)


def _isometries(group: _Group) -> None:
    """Square matrices are orthogonal or unitary: products of reflections, permutations and signs."""
    model = group.model
    for matrix in group.matrices:
        if matrix.shape[1] != matrix.shape[2] or not matrix.shape[1]:
            continue
        first = _reflection(group, matrix) if group.pick(3) else _permutation(group, matrix)
        signs = group.number(group.rng.choice(np.array([1, -1]), size=matrix.shape[:2]))
        turned = model.mul(first, signs[:, None, :])
        if group.pick(2):
            other = _reflection(group, matrix)
            turned = model.sum(model.mul(turned[:, :, None, :], other.swapaxes(1, 2)[:, None, :, :]))
        matrix[...] = turned


def _spectral(group: _Group) -> None:
    """Square matrices are Hermitian with two eigenvalues, one of them for a line: vectors are on it, scalars are that
    eigenvalue."""
    model = group.model
    root, rest = (group.number(group.rng.integers(-2, 3, size=group.lanes)) for _ in range(2))
    lines: dict[int, Array] = {}
    for vector in group.vectors:
        n = vector.shape[1]
        if n and n not in lines:
            lines[n] = group.uniform(n)
        if n:
            vector[...] = model.mul(
                lines[n], group.number(group.rng.choice(np.array([1, 1, -1, 2]), size=group.lanes))[:, None]
            )
    for matrix in group.matrices:
        n = matrix.shape[1]
        if n != matrix.shape[2] or not n:
            continue
        unit = group.diagonal(group.number(np.ones((group.lanes, n), dtype=np.int64)))
        projection = _projection(group, lines.setdefault(n, group.uniform(n)), unit)
        one = model.mul(model.sub(root, rest)[:, None, None], projection)
        matrix[...] = model.add(one, model.mul(rest[:, None, None], unit))
    for scalar in group.scalars:
        scalar[...] = root


def _projection(group: _Group, v: Array, unit: Array) -> Array:
    """Onto the line of v, orthogonally; the identity where v* v is zero."""
    model = group.model
    star = model.conj(v)
    norm = model.sum(model.mul(star, v))
    zero = model.is_zero(norm)
    safe = np.where(zero, model.from_int(np.ones(1, dtype=np.int64)), norm)
    onto = model.mul(model.inverse(safe)[:, None, None], model.mul(v[:, :, None], star[:, None, :]))
    return np.where(zero[:, None, None], unit, onto)


_EXACT_RECIPES = (*_RECIPES, _isometries, _spectral, _isometries)
"""In infinite fields nothing is met by chance, and values that orthogonal axes make are worth their price."""


# --- families of square matrices -------------------------------------------------------------------------------------


def _rank_one(group: _Group, matrix: Array) -> None:
    column, row = group.uniform(matrix.shape[1], 1), group.uniform(1, matrix.shape[2])
    matrix[...] = group.model.mul(column, row)


def _idempotent(group: _Group, matrix: Array) -> Array:
    return group.diagonal(group.number(group.rng.integers(0, 2, size=matrix.shape[:2])))


def _multiple(group: _Group, matrix: Array) -> Array:
    return group.diagonal(np.broadcast_to(group.tiny(1), matrix.shape[:2]))


def _nilpotent(group: _Group, matrix: Array) -> Array:
    upper = np.triu(np.ones(matrix.shape[1:], dtype=np.bool_), 1)
    return np.where(upper, group.tiny(*matrix.shape[1:]), group.number(np.zeros(1, dtype=np.int64)))


def _singular(group: _Group, matrix: Array) -> Array:
    result = matrix.copy()
    if matrix.shape[1]:
        result[:, 0] = group.number(np.zeros((group.lanes, matrix.shape[2]), dtype=np.int64))
    return result


def _symmetric(group: _Group, matrix: Array) -> Array:
    other = matrix.swapaxes(1, 2)
    kind = group.pick(4)
    other = group.model.conj(other) if kind % 2 else other
    return group.model.sub(matrix, other) if kind > 1 else group.model.add(matrix, other)


def _permutation(group: _Group, matrix: Array) -> Array:
    n = matrix.shape[1]
    return group.diagonal(group.number(np.ones((group.lanes, n), dtype=np.int64)))[:, group.rng.permutation(n)]


def _reflection(group: _Group, matrix: Array) -> Array:
    """1 - 2 v v* / v* v (Householder, 1958): orthogonal or unitary; the identity where v* v is zero."""
    model, n = group.model, matrix.shape[1]
    unit = group.diagonal(group.number(np.ones((group.lanes, n), dtype=np.int64)))
    if n == 0:
        return unit
    v = group.uniform(n)
    star = model.conj(v)
    norm = model.sum(model.mul(star, v))
    zero = model.is_zero(norm)
    safe = np.where(zero, model.from_int(np.ones(1, dtype=np.int64)), norm)
    factor = np.where(zero, model.from_int(np.zeros(1, dtype=np.int64)), model.inverse(safe))
    twice = model.mul(model.from_int(np.full(1, 2, dtype=np.int64)), factor)
    return model.sub(unit, model.mul(twice[:, None, None], model.mul(v[:, :, None], star[:, None, :])))


_FAMILIES: tuple[Callable[[_Group, Array], Array], ...] = (
    _idempotent, _multiple, _nilpotent, _singular, _symmetric, _permutation, _reflection, _idempotent,
)  # fmt: skip


def _turn(group: _Group) -> None:
    """Take other axes: the same elementary change for all square matrices and vectors of one size. Reflections,
    permutations and symmetric matrices lose what makes them so, hence only half of the time."""
    if group.pick(2):
        return
    model = group.model
    sizes = sorted({m.shape[1] for m in group.matrices if m.shape[1] == m.shape[2]})
    for n in sizes:
        if n < 2:
            continue
        i, j = (int(x) for x in group.rng.permutation(n)[:2])
        factor = group.uniform()
        for matrix in group.matrices:
            if matrix.shape[1:] == (n, n):
                matrix[:, i] = model.add(matrix[:, i], model.mul(factor[:, None], matrix[:, j]))
                matrix[:, :, j] = model.sub(matrix[:, :, j], model.mul(factor[:, None], matrix[:, :, i]))
        for vector in group.vectors:
            if vector.shape[1] == n:
                vector[:, i] = model.add(vector[:, i], model.mul(factor, vector[:, j]))
