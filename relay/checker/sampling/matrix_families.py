"""Families of square matrices that hypotheses often require.

A family is drawn for many lanes at once, `[lanes, n, n]`. A `ScalarSource` draws the parts and `structured_matrices`
builds matrices from them. `array_families` numbers these families, and `construction` learns which ones suit a
hypothesis. `recipes` makes matrices of the same kinds, but by overwriting values that exist already.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from relay.checker.sampling.scalar_source import ScalarSource
from relay.checker.sampling.structured_matrices import (
    circulant,
    companion,
    constant_rows,
    diagonal,
    identity,
    line_projection,
    permutation_matrix,
    phases,
    product,
    rank_one,
    reflection,
    scalar_matrix,
    singular,
    square_zero,
    strictly_upper_triangular,
    symmetrised,
    upper_triangular,
    with_row_sums,
    zeros,
)
from relay.evaluation.algebra.base import Array

MatrixFamily = Callable[[ScalarSource, int], Array]
"""Draws one square matrix per lane, with the given number of rows."""


def _zero(s: ScalarSource, n: int) -> Array:
    return zeros(s.model, s.lanes, n, n)


def _multiple_of_identity(s: ScalarSource, n: int) -> Array:
    return scalar_matrix(s.model, s.choice((0, 1, 1, -1, 2)), n)


def _uniform(s: ScalarSource, n: int) -> Array:
    return s.uniform(n, n)


def _sparse(s: ScalarSource, n: int) -> Array:
    return s.tiny(n, n)


def _diagonal(s: ScalarSource, n: int) -> Array:
    return diagonal(s.model, s.uniform(n))


def _idempotent(s: ScalarSource, n: int) -> Array:
    return s.turned(diagonal(s.model, s.choice((0, 1), n)))


def _involution(s: ScalarSource, n: int) -> Array:
    return s.turned(diagonal(s.model, s.choice((1, -1), n)))


def _two_eigenvalues(s: ScalarSource, n: int) -> Array:
    """Return diagonalisable matrices with at most two eigenvalues."""
    pair = s.uniform(2)
    which = s.rng.integers(0, 2, size=(s.lanes, n))
    return s.turned(diagonal(s.model, pair[np.arange(s.lanes)[:, None], which]))


def _strictly_upper(s: ScalarSource, n: int) -> Array:
    return strictly_upper_triangular(s.model, s.uniform(n, n))


def _strictly_lower(s: ScalarSource, n: int) -> Array:
    return _strictly_upper(s, n).swapaxes(1, 2)


def _nilpotent(s: ScalarSource, n: int) -> Array:
    return s.turned(strictly_upper_triangular(s.model, s.tiny(n, n)))


def _square_zero(s: ScalarSource, n: int) -> Array:
    block = square_zero(s.model, s.uniform(n, n))
    return s.turned(block) if s.pick(2) else block


def _unipotent(s: ScalarSource, n: int) -> Array:
    return s.model.add(identity(s.model, s.lanes, n), _nilpotent(s, n))


def _upper(s: ScalarSource, n: int) -> Array:
    return upper_triangular(s.model, s.uniform(n, n))


def _lower(s: ScalarSource, n: int) -> Array:
    return _upper(s, n).swapaxes(1, 2)


def _symmetric(s: ScalarSource, n: int) -> Array:
    """Return matrices that are symmetric, Hermitian, skew-symmetric or skew-Hermitian; one kind for all lanes."""
    matrix = s.uniform(n, n)
    kind = s.pick(4)
    return symmetrised(s.model, matrix, conjugate=kind % 2 == 1, skew=kind > 1)


def _permutation(s: ScalarSource, n: int) -> Array:
    return permutation_matrix(s.model, np.argsort(s.rng.random((s.lanes, n)), axis=1))


def _signed_permutation(s: ScalarSource, n: int) -> Array:
    return s.model.mul(_permutation(s, n), s.choice((1, -1), n, 1))


def _monomial_unitary(s: ScalarSource, n: int) -> Array:
    """Return permutation matrices with their rows scaled by scalars of norm 1."""
    scalars = phases(s.model, s.uniform(n, 1))
    return s.model.mul(_permutation(s, n), scalars)


def _reflection(s: ScalarSource, n: int) -> Array:
    """Return reflections that are orthogonal or unitary."""
    return _reflection_of_kind(s, n, bool(s.pick(2)))


def _rotation(s: ScalarSource, n: int) -> Array:
    """Return products of two orthogonal, or two unitary, reflections."""
    unitary = bool(s.pick(2))
    return product(s.model, _reflection_of_kind(s, n, unitary), _reflection_of_kind(s, n, unitary))


def _reflection_of_kind(s: ScalarSource, n: int, unitary: bool) -> Array:
    v = s.uniform(n)
    return reflection(s.model, v, s.model.conj(v) if unitary else v)


def _line_projection(s: ScalarSource, n: int) -> Array:
    """Return symmetric or Hermitian projections onto a line. If the line is isotropic, the matrix is zero."""
    hermitian = s.pick(2)
    v = s.uniform(n)
    return line_projection(s.model, v, s.model.conj(v) if hermitian else v)[0]


def _rank_one(s: ScalarSource, n: int) -> Array:
    return rank_one(s.model, s.uniform(n), s.uniform(n))


def _symmetric_rank_one(s: ScalarSource, n: int) -> Array:
    v = s.uniform(n)
    return rank_one(s.model, v, s.model.conj(v) if s.pick(2) else v)


def _singular(s: ScalarSource, n: int) -> Array:
    return s.turned(singular(s.model, s.uniform(n, n)))


def _invertible(s: ScalarSource, n: int) -> Array:
    """Return matrices of determinant 1 or -1."""
    return s.axes(n)[s.pick(2)]


def _circulant(s: ScalarSource, n: int) -> Array:
    return circulant(s.uniform(n))


def _constant_lines(s: ScalarSource, n: int) -> Array:
    """Return matrices with equal rows, or with equal columns."""
    matrix = constant_rows(s.uniform(1, n))
    return matrix if s.pick(2) else matrix.swapaxes(1, 2)


def _companion(s: ScalarSource, n: int) -> Array:
    """Return companion matrices of random polynomials, or of polynomials `x^n - c`."""
    last = zeros(s.model, s.lanes, n)
    if n:
        last = s.uniform(n) if s.pick(2) else last
        last[:, 0] = s.choice((1, -1, 2))  # the determinant up to sign: the matrix is invertible unless 2 is 0
    return companion(s.model, last)


def _constant_line_sums(s: ScalarSource, n: int) -> Array:
    """Return matrices whose row sums, or column sums, are all 0 or all 1."""
    matrix = s.uniform(n, n)
    matrix = with_row_sums(s.model, matrix, s.pick(2)) if n else matrix
    return matrix if s.pick(2) else matrix.swapaxes(1, 2)


SQUARE: tuple[MatrixFamily, ...] = (
    _uniform, _zero, _multiple_of_identity, _sparse, _diagonal, _idempotent, _involution, _two_eigenvalues,
    _strictly_upper, _strictly_lower, _nilpotent, _square_zero, _unipotent, _upper, _lower, _symmetric, _permutation,
    _signed_permutation, _monomial_unitary, _reflection, _rotation, _line_projection, _rank_one, _symmetric_rank_one,
    _singular, _invertible, _circulant, _constant_lines, _companion, _constant_line_sums, _symmetric,
)  # fmt: skip
"""All families, in the order of their numbers. Symmetric matrices are required so often that they stand here twice."""

NEARLY_CONSTANT = (SQUARE.index(_zero), SQUARE.index(_multiple_of_identity))
"""Places in `SQUARE` of the families whose members hardly differ."""
