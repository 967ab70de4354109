"""Recipes that give the values of a group of lanes a structure that hypotheses often require.

A recipe draws parts from the group's `ScalarSource`, builds matrices from them with `structured_matrices`, and
overwrites the group's values. Some recipes then change the axes at random. That keeps properties such as "idempotent"
or "commuting", but hides the simple form. `matrix_families` draws matrices of the same kinds for one hypothesis,
without existing values and with separate axes for each lane.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from relay.checker.sampling.lane_group import LaneGroup
from relay.checker.sampling.structured_matrices import (
    add_row,
    diagonal,
    identity,
    integer,
    line_projection,
    permutation_matrix,
    product,
    rank_one,
    reflection,
    scalar_matrix,
    singular,
    strictly_upper_triangular,
    subtract_column,
    symmetrised,
    two_eigenvalues,
)
from relay.evaluation.algebra.base import Array

Recipe = Callable[[LaneGroup], None]

# --- for all parameters ----------------------------------------------------------------------------------------------


def _sparse(group: LaneGroup) -> None:
    """Set every entry to 0, 1 or -1."""
    for array in group.arrays:
        array[...] = group.source.tiny(*array.shape[1:])


def _structured(group: LaneGroup) -> None:
    """Give each square matrix a random kind. Half of the other matrices get rank one.

    Half of the vectors and scalars become sparse. Then the axes may change, for all matrices and vectors together.
    """
    source = group.source
    for matrix in group.matrices:
        if _is_square(matrix):
            matrix[...] = _KINDS[source.pick(len(_KINDS))](group, matrix)
        elif matrix.size and source.pick(2):
            column, row = source.uniform(matrix.shape[1]), source.uniform(matrix.shape[2])
            matrix[...] = rank_one(group.model, column, row)
    for array in (*group.vectors, *group.scalars):
        if source.pick(2):
            array[...] = source.tiny(*array.shape[1:])
    _turn(group)


def _related(group: LaneGroup) -> None:
    """Compute matrices from earlier matrices, vectors from earlier vectors, and scalars from earlier scalars."""
    model, source = group.model, group.source
    for k, matrix in enumerate(group.matrices[1:], start=1):
        _relate(group, matrix, group.matrices[source.pick(k)])
    for k, vector in enumerate(group.vectors[1:], start=1):
        mates = [v for v in group.vectors[:k] if v.shape == vector.shape]
        if mates and source.pick(3):
            one, two = mates[source.pick(len(mates))], mates[source.pick(len(mates))]
            vector[...] = model.add(model.mul(source.uniform(1), one), model.mul(source.tiny(1), two))
    for k, scalar in enumerate(group.scalars[1:], start=1):
        other = group.scalars[source.pick(k)]
        scalar[...] = (other, model.neg(other), model.mul(other, other))[source.pick(3)]


def _relate(group: LaneGroup, matrix: Array, other: Array) -> None:
    """Set `matrix` to a linear polynomial in `other`, or to a copy, the transpose or the adjoint of `other`.

    Nothing changes if the sizes do not fit.
    """
    model, source = group.model, group.source
    kind = source.pick(4)
    if other.shape == matrix.shape and _is_square(other) and kind < 2:
        a, b = source.uniform(1, 1), source.tiny(1, 1)
        unit = identity(model, group.lanes, other.shape[1])
        matrix[...] = model.add(model.mul(a, unit), model.mul(b, other))
    elif other.shape == matrix.shape and kind == 2:
        matrix[...] = other
    elif other.swapaxes(1, 2).shape == matrix.shape:
        matrix[...] = other.swapaxes(1, 2) if kind == 3 else model.conj(other.swapaxes(1, 2))


def _eigenvectors(group: LaneGroup) -> None:
    """Make the first axis an eigenvector of every matrix. Then the axes may change.

    All vectors lie along that axis, and all scalars are the eigenvalue.
    """
    zero = integer(group.model, 0)
    # The eigenvalue 0 is drawn often, since it makes the vectors lie in the kernel.
    root = zero if group.source.pick(2) else group.source.uniform()
    for matrix in group.matrices:
        if matrix.size:
            matrix[:, :, 0] = zero
            matrix[:, 0, 0] = root
    for vector in group.vectors:
        if vector.shape[1]:
            vector[:, 1:] = zero
    for scalar in group.scalars:
        scalar[...] = root
    _turn(group)


def _inverses(group: LaneGroup) -> None:
    """Make the first two square matrices of equal size inverse to each other; those before become invertible."""
    model, source = group.model, group.source
    for k, matrix in enumerate(group.matrices):
        n = matrix.shape[1]
        if not _is_square(matrix) or n == 0:
            continue
        mates = [m for m in group.matrices[k + 1 :] if m.shape == matrix.shape][:1]
        entries = source.tiny(n)
        entries = np.where(model.is_zero(entries), integer(model, 1), entries)
        for each in (matrix, *mates):
            each[...] = diagonal(model, entries)  # 1 and -1 are their own inverses
        # An elementary operation on the rows of one and the inverse one on the columns of the other keeps them inverse.
        for _ in range(3 if n > 1 else 0):
            i, j = (int(x) for x in source.rng.permutation(n)[:2])
            factor = source.uniform()
            add_row(model, matrix, i, j, factor)
            for mate in mates:
                subtract_column(model, mate, i, j, factor)
        if mates:
            return


def _zero(group: LaneGroup) -> None:
    """Set one array, chosen at random, to zero."""
    arrays = group.arrays
    arrays[group.source.pick(len(arrays))][...] = integer(group.model, 0)


def _isometries(group: LaneGroup) -> None:
    """Make every square matrix orthogonal or unitary: a product of reflections, permutations and signs."""
    model, source = group.model, group.source
    for matrix in group.matrices:
        if not _is_square(matrix) or not matrix.shape[1]:
            continue
        first = _reflection(group, matrix) if source.pick(3) else _permutation(group, matrix)
        signs = source.choice((1, -1), matrix.shape[1])
        turned = model.mul(first, signs[:, None, :])
        if source.pick(2):
            turned = product(model, turned, _reflection(group, matrix))
        matrix[...] = turned


def _spectral(group: LaneGroup) -> None:
    """Make every square matrix Hermitian with two eigenvalues, one on a line and one orthogonal to it.

    All vectors lie on that line, and all scalars are the eigenvalue on it. Matrices and vectors of one size share a
    line.
    """
    model, source = group.model, group.source
    root, rest = (source.choice((-2, -1, 0, 1, 2)) for _ in range(2))
    lines: dict[int, Array] = {}
    for vector in group.vectors:
        n = vector.shape[1]
        if n and n not in lines:
            lines[n] = source.uniform(n)
        if n:
            vector[...] = model.mul(lines[n], source.choice((1, 1, -1, 2), 1))
    for matrix in group.matrices:
        n = matrix.shape[1]
        if not _is_square(matrix) or not n:
            continue
        line = lines.setdefault(n, source.uniform(n))
        projection, isotropic = line_projection(model, line, model.conj(line))
        projection = np.where(isotropic[:, None, None], identity(model, group.lanes, n), projection)
        matrix[...] = two_eigenvalues(model, root, rest, projection)
    for scalar in group.scalars:
        scalar[...] = root


RECIPES: tuple[Recipe, ...] = (_sparse, _structured, _related, _eigenvectors, _inverses, _structured, _zero)
"""Recipes for finite fields."""

EXACT_RECIPES: tuple[Recipe, ...] = (*RECIPES, _isometries, _spectral, _isometries)
"""Recipes for infinite fields. There, random values satisfy no equation by chance. Therefore also recipes that need
orthogonal axes are worth their time."""


# --- kinds of square matrices ----------------------------------------------------------------------------------------


def _idempotent(group: LaneGroup, matrix: Array) -> Array:
    return diagonal(group.model, group.source.choice((0, 1), matrix.shape[1]))


def _multiple_of_identity(group: LaneGroup, matrix: Array) -> Array:
    return scalar_matrix(group.model, group.source.tiny(), matrix.shape[1])


def _nilpotent(group: LaneGroup, matrix: Array) -> Array:
    return strictly_upper_triangular(group.model, group.source.tiny(*matrix.shape[1:]))


def _singular(group: LaneGroup, matrix: Array) -> Array:
    return singular(group.model, matrix)


def _symmetric(group: LaneGroup, matrix: Array) -> Array:
    """Return matrices that are symmetric, Hermitian, skew-symmetric or skew-Hermitian."""
    kind = group.source.pick(4)
    return symmetrised(group.model, matrix, conjugate=kind % 2 == 1, skew=kind > 1)


def _permutation(group: LaneGroup, matrix: Array) -> Array:
    order = group.source.rng.permutation(matrix.shape[1])
    return permutation_matrix(group.model, np.broadcast_to(order, matrix.shape[:2]))


def _reflection(group: LaneGroup, matrix: Array) -> Array:
    """Return unitary reflections, which are orthogonal if conjugation is the identity."""
    if not matrix.size:
        return matrix  # sampling a vector without entries could advance the random generator in some models
    vector = group.source.uniform(matrix.shape[1])
    return reflection(group.model, vector, group.model.conj(vector))


_KINDS: tuple[Callable[[LaneGroup, Array], Array], ...] = (
    _idempotent, _multiple_of_identity, _nilpotent, _singular, _symmetric, _permutation, _reflection, _idempotent,
)  # fmt: skip
"""Kinds that `_structured` draws from. Idempotent matrices are required so often that they stand here twice."""


def _is_square(matrix: Array) -> bool:
    return bool(matrix.shape[1] == matrix.shape[2])


# --- other axes ------------------------------------------------------------------------------------------------------


def _turn(group: LaneGroup) -> None:
    """Half of the time, change the axes of all square matrices and vectors, by one elementary change per size.

    Similarity keeps idempotent, nilpotent and commuting matrices and eigenvectors, but not reflections, permutations
    and symmetric matrices. Therefore the axes stay the same in the other half.
    """
    model, source = group.model, group.source
    if source.pick(2):
        return
    for n in sorted({m.shape[1] for m in group.matrices if _is_square(m)}):
        if n < 2:
            continue
        i, j = (int(x) for x in source.rng.permutation(n)[:2])
        factor = source.uniform()
        for matrix in group.matrices:
            if matrix.shape[1:] == (n, n):
                add_row(model, matrix, i, j, factor)
                subtract_column(model, matrix, i, j, factor)
        for vector in group.vectors:
            if vector.shape[1] == n:
                add_row(model, vector[:, :, None], i, j, factor)
