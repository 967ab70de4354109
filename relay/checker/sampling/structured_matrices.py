"""Structured matrices, built from given parts. Each kind is defined here once, under its mathematical name.

This module draws nothing. `recipes` and `matrix_families` draw the parts, each in its own way, and build matrices with
these functions. `ScalarSource` builds its axes with the elementary operations at the end.

Arrays have the lanes first: a matrix is `[lanes, rows, columns]`, a vector `[lanes, n]`, a scalar `[lanes]`. The
parameter `star` is the vector itself (the result is symmetric) or its conjugate (the result is Hermitian).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from relay.evaluation.algebra.base import Algebra, Array

# --- plain ones ------------------------------------------------------------------------------------------------------


def integer(model: Algebra, k: int) -> Array:
    """Return the image of an integer, `[1]`, which broadcasts to any number of lanes."""
    return model.from_int(np.full(1, k, dtype=np.int64))


def zeros(model: Algebra, lanes: int, *shape: int) -> Array:
    return _copies(integer(model, 0), (lanes, *shape))


def identity(model: Algebra, lanes: int, n: int) -> Array:
    return _copies(model.from_int(np.eye(n, dtype=np.int64)), (lanes, n, n))


def diagonal(model: Algebra, entries: Array) -> Array:
    """Return diagonal matrices. Entries 0 and 1 make them idempotent; entries 1 and -1 make them involutions."""
    lanes, n = entries.shape
    result = zeros(model, lanes, n, n)
    result[:, np.arange(n), np.arange(n)] = entries
    return result


def scalar_matrix(model: Algebra, scalars: Array, n: int) -> Array:
    """Return multiples of the identity."""
    return diagonal(model, np.broadcast_to(scalars[:, None], (len(scalars), n)))


def permutation_matrix(model: Algebra, orders: NDArray[np.int64]) -> Array:
    """Return the matrices that put entry `orders[i]` of a vector in place `i`. `orders` is `[lanes, n]`."""
    lanes, n = orders.shape
    return np.asarray(identity(model, lanes, n)[np.arange(lanes)[:, None], orders])


def circulant(row: Array) -> Array:
    """Return matrices in which each row is the row above it, moved right by one place."""
    n = row.shape[1]
    return row[:, (np.arange(n)[None, :] - np.arange(n)[:, None]) % max(n, 1)]


def constant_rows(row: Array) -> Array:
    """Return matrices whose rows all equal `row`, which is `[lanes, 1, n]`."""
    lanes, _, n = row.shape
    return _copies(row, (lanes, n, n))


def companion(model: Algebra, last: Array) -> Array:
    """Return the companion matrices (Frobenius) with the given last columns."""
    lanes, n = last.shape
    result = _copies(model.from_int(np.eye(n, k=-1, dtype=np.int64)), (lanes, n, n))
    if n:
        result[:, :, n - 1] = last
    return result


def _copies(array: Array, shape: tuple[int, ...]) -> Array:
    """Return `array` broadcast to a shape, as a writable copy. This is faster than `np.broadcast_to` and a copy."""
    result = np.empty(shape, dtype=array.dtype)
    result[...] = array
    return result


# --- made from the entries of any matrix -----------------------------------------------------------------------------


def masked(model: Algebra, keep: NDArray[np.bool_], matrix: Array) -> Array:
    """Return the matrix with zeros in all places where `keep`, `[rows, columns]`, is false."""
    return np.where(keep, matrix, integer(model, 0))


def upper_triangular(model: Algebra, matrix: Array) -> Array:
    return masked(model, np.triu(np.ones(matrix.shape[1:], dtype=np.bool_)), matrix)


def strictly_upper_triangular(model: Algebra, matrix: Array) -> Array:
    """Return the part above the diagonal, which is nilpotent."""
    return masked(model, np.triu(np.ones(matrix.shape[1:], dtype=np.bool_), 1), matrix)


def square_zero(model: Algebra, matrix: Array) -> Array:
    """Return the matrix with zeros outside the block that maps the second half of the axes into the first half.

    The square of the result is zero.
    """
    half = matrix.shape[1] // 2
    keep = np.zeros(matrix.shape[1:], dtype=np.bool_)
    keep[:half, half:] = True
    return masked(model, keep, matrix)


def singular(model: Algebra, matrix: Array) -> Array:
    """Return the matrix with its first row replaced by zeros."""
    result = matrix.copy()
    if matrix.shape[1]:
        result[:, 0] = integer(model, 0)
    return result


def symmetrised(model: Algebra, matrix: Array, conjugate: bool, skew: bool) -> Array:
    """Return the matrix plus its transpose, or minus it if `skew`.

    If `conjugate`, the transpose is conjugated. All axes before the last two are lanes.
    """
    other = matrix.swapaxes(-1, -2)
    other = model.conj(other) if conjugate else other
    return model.sub(matrix, other) if skew else model.add(matrix, other)


def with_row_sums(model: Algebra, matrix: Array, wanted: int) -> Array:
    """Return the matrix with its last column changed so that every row adds up to `wanted`."""
    n = matrix.shape[1]
    result = matrix.copy()
    if n:
        result[:, :, n - 1] = model.sub(integer(model, wanted), model.sum(matrix[:, :, : n - 1]))
    return result


# --- made from vectors -----------------------------------------------------------------------------------------------


def rank_one(model: Algebra, column: Array, row: Array) -> Array:
    """Return the products of a column and a row."""
    return model.mul(column[:, :, None], row[:, None, :])


def line_projection(model: Algebra, vector: Array, star: Array) -> tuple[Array, NDArray[np.bool_]]:
    """Return the projection `v v* / v* v` onto the line of `v`, and for each lane whether `v* v` is zero.

    Where `v* v` is zero, the matrix is zero. Here, `v` is `vector` and `v*` is `star`.
    """
    factor, isotropic = _over_norm(model, vector, star)
    return model.mul(factor[:, None, None], rank_one(model, vector, star)), isotropic


def reflection(model: Algebra, vector: Array, star: Array) -> Array:
    """Return the reflection `1 - 2 v v* / v* v` (Householder, 1958), which is orthogonal or unitary.

    If `v* v` is zero in a lane, the matrix is the identity there. Here, `v` is `vector` and `v*` is `star`.
    """
    lanes, n = vector.shape
    twice = model.mul(integer(model, 2), _over_norm(model, vector, star)[0])
    return model.sub(identity(model, lanes, n), model.mul(twice[:, None, None], rank_one(model, vector, star)))


def two_eigenvalues(model: Algebra, first: Array, second: Array, projection: Array) -> Array:
    """Return the matrix with eigenvalue `first` on the image of a projection and `second` on its kernel."""
    lanes, n, _ = projection.shape
    difference = model.mul(model.sub(first, second)[:, None, None], projection)
    return model.add(difference, model.mul(second[:, None, None], identity(model, lanes, n)))


def _over_norm(model: Algebra, vector: Array, star: Array) -> tuple[Array, NDArray[np.bool_]]:
    """Return for each lane `1 / v* v`, or 0 if `v* v` is zero; and for each lane whether `v* v` is zero."""
    inverse, isotropic = inverse_or_one(model, model.sum(model.mul(star, vector)))
    return np.where(isotropic, integer(model, 0), inverse), isotropic


def inverse_or_one(model: Algebra, scalars: Array) -> tuple[Array, NDArray[np.bool_]]:
    """Return the inverse of each scalar, or 1 if the scalar is zero; and for each scalar whether it is zero."""
    zero = model.is_zero(scalars)
    return model.inverse(np.where(zero, integer(model, 1), scalars)), zero


def phases(model: Algebra, scalars: Array) -> Array:
    """Return `x / conj(x)` for each scalar x. Its norm is 1. The result is 1 if x is zero."""
    inverse, none = inverse_or_one(model, model.conj(scalars))
    return np.where(none, integer(model, 1), model.mul(scalars, inverse))


# --- products and other axes -----------------------------------------------------------------------------------------


def product(model: Algebra, a: Array, b: Array) -> Array:
    """Return the products of matrices, lane by lane."""
    if not a.shape[2]:  # an empty sum
        return zeros(model, a.shape[0], a.shape[1], b.shape[2])
    return model.sum(model.mul(a[:, :, None, :], b.swapaxes(1, 2)[:, None, :, :]))


def similar(model: Algebra, matrix: Array, basis: tuple[Array, Array]) -> Array:
    """Return the same linear maps with respect to another basis: `there @ matrix @ back` for `(there, back)`."""
    there, back = basis
    return product(model, product(model, there, matrix), back)


def add_row(model: Algebra, matrix: Array, i: int, j: int, factor: Array) -> None:
    """Add `factor` (`[lanes]`) times row `j` to row `i`, in place: `E @ matrix` for an elementary matrix E."""
    matrix[:, i] = model.add(matrix[:, i], model.mul(factor[:, None], matrix[:, j]))


def subtract_column(model: Algebra, matrix: Array, i: int, j: int, factor: Array) -> None:
    """Subtract `factor` (`[lanes]`) times column `i` from column `j`, in place: `matrix @ E^-1`, E as in `add_row`."""
    matrix[:, :, j] = model.sub(matrix[:, :, j], model.mul(factor[:, None], matrix[:, :, i]))
