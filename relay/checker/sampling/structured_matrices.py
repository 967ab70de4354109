"""Structured matrices made from their parts: each kind stands here once, under its mathematical name.

Nothing is drawn here. Two modules draw the parts, each in a way of its own, and build with these functions: `recipes`
bends values that are there already, and `matrix_families` draws matrices for a hypothesis. `ScalarSource` makes its
changes of axes from the elementary operations.

Arrays have their lanes first: a matrix is `[lanes, rows, columns]`, a vector `[lanes, n]`, a scalar `[lanes]`. Where a
function takes `star`, that is the vector itself or its conjugate, and decides between symmetric and Hermitian.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from relay.evaluation.algebra.base import Algebra, Array

# --- plain ones ------------------------------------------------------------------------------------------------------


def integer(model: Algebra, k: int) -> Array:
    """The image of one integer, `[1]`, for any lanes."""
    return model.from_int(np.full(1, k, dtype=np.int64))


def zeros(model: Algebra, lanes: int, *shape: int) -> Array:
    return _copies(integer(model, 0), (lanes, *shape))


def identity(model: Algebra, lanes: int, n: int) -> Array:
    return _copies(model.from_int(np.eye(n, dtype=np.int64)), (lanes, n, n))


def diagonal(model: Algebra, entries: Array) -> Array:
    """Diagonal matrices: idempotent where the entries are 0 and 1, involutions where they are 1 and -1."""
    lanes, n = entries.shape
    result = zeros(model, lanes, n, n)
    result[:, np.arange(n), np.arange(n)] = entries
    return result


def scalar_matrix(model: Algebra, scalars: Array, n: int) -> Array:
    """Multiples of the identity."""
    return diagonal(model, np.broadcast_to(scalars[:, None], (len(scalars), n)))


def permutation_matrix(model: Algebra, orders: NDArray[np.int64]) -> Array:
    """The matrices that put entry `orders[i]` in place `i`; orders are `[lanes, n]`."""
    lanes, n = orders.shape
    return np.asarray(identity(model, lanes, n)[np.arange(lanes)[:, None], orders])


def circulant(row: Array) -> Array:
    """Each row is the one above it, moved by one place."""
    n = row.shape[1]
    return row[:, (np.arange(n)[None, :] - np.arange(n)[:, None]) % max(n, 1)]


def constant_rows(row: Array) -> Array:
    """All rows are alike. `row` is `[lanes, 1, n]`."""
    lanes, _, n = row.shape
    return _copies(row, (lanes, n, n))


def companion(model: Algebra, last: Array) -> Array:
    """The companion matrices (Frobenius) with the given last columns."""
    lanes, n = last.shape
    result = _copies(model.from_int(np.eye(n, k=-1, dtype=np.int64)), (lanes, n, n))
    if n:
        result[:, :, n - 1] = last
    return result


def _copies(array: Array, shape: tuple[int, ...]) -> Array:
    """What `array` broadcasts to, to be written to; `np.broadcast_to` takes longer."""
    result = np.empty(shape, dtype=array.dtype)
    result[...] = array
    return result


# --- made from the entries of any matrix -----------------------------------------------------------------------------


def masked(model: Algebra, keep: NDArray[np.bool_], matrix: Array) -> Array:
    """The matrix with zeros where `keep`, `[rows, columns]`, is false."""
    return np.where(keep, matrix, integer(model, 0))


def upper_triangular(model: Algebra, matrix: Array) -> Array:
    return masked(model, np.triu(np.ones(matrix.shape[1:], dtype=np.bool_)), matrix)


def strictly_upper_triangular(model: Algebra, matrix: Array) -> Array:
    """Nilpotent."""
    return masked(model, np.triu(np.ones(matrix.shape[1:], dtype=np.bool_), 1), matrix)


def square_zero(model: Algebra, matrix: Array) -> Array:
    """What maps the second half of the axes into the first half, and the first half to zero."""
    half = matrix.shape[1] // 2
    keep = np.zeros(matrix.shape[1:], dtype=np.bool_)
    keep[:half, half:] = True
    return masked(model, keep, matrix)


def singular(model: Algebra, matrix: Array) -> Array:
    """The matrix with zeros in its first row."""
    result = matrix.copy()
    if matrix.shape[1]:
        result[:, 0] = integer(model, 0)
    return result


def symmetrised(model: Algebra, matrix: Array, conjugate: bool, skew: bool) -> Array:
    """The matrix plus its transpose, or less it if `skew`; with `conjugate` the transpose is conjugated. Axes before
    the last two are lanes."""
    other = matrix.swapaxes(-1, -2)
    other = model.conj(other) if conjugate else other
    return model.sub(matrix, other) if skew else model.add(matrix, other)


def with_row_sums(model: Algebra, matrix: Array, wanted: int) -> Array:
    """The matrix with another last column, so that every row adds up to `wanted`."""
    n = matrix.shape[1]
    result = matrix.copy()
    if n:
        result[:, :, n - 1] = model.sub(integer(model, wanted), model.sum(matrix[:, :, : n - 1]))
    return result


# --- made from vectors -----------------------------------------------------------------------------------------------


def rank_one(model: Algebra, column: Array, row: Array) -> Array:
    """The products of a column and a row."""
    return model.mul(column[:, :, None], row[:, None, :])


def line_projection(model: Algebra, vector: Array, star: Array) -> tuple[Array, NDArray[np.bool_]]:
    """`v v* / v* v`, which projects onto the line of `v`, and where `v* v` is zero: there the matrix is zero."""
    factor, isotropic = _over_norm(model, vector, star)
    return model.mul(factor[:, None, None], rank_one(model, vector, star)), isotropic


def reflection(model: Algebra, vector: Array, star: Array) -> Array:
    """`1 - 2 v v* / v* v` (Householder, 1958): orthogonal or unitary; the identity where `v* v` is zero."""
    lanes, n = vector.shape
    twice = model.mul(integer(model, 2), _over_norm(model, vector, star)[0])
    return model.sub(identity(model, lanes, n), model.mul(twice[:, None, None], rank_one(model, vector, star)))


def two_eigenvalues(model: Algebra, first: Array, second: Array, projection: Array) -> Array:
    """The matrix that is `first` on the image of a projection, and `second` on its kernel."""
    lanes, n, _ = projection.shape
    difference = model.mul(model.sub(first, second)[:, None, None], projection)
    return model.add(difference, model.mul(second[:, None, None], identity(model, lanes, n)))


def _over_norm(model: Algebra, vector: Array, star: Array) -> tuple[Array, NDArray[np.bool_]]:
    """`1 / v* v`, zero where that is undefined, and where it is."""
    inverse, isotropic = inverse_or_one(model, model.sum(model.mul(star, vector)))
    return np.where(isotropic, integer(model, 0), inverse), isotropic


def inverse_or_one(model: Algebra, scalars: Array) -> tuple[Array, NDArray[np.bool_]]:
    """Inverses, 1 where there is none, and where that is."""
    zero = model.is_zero(scalars)
    return model.inverse(np.where(zero, integer(model, 1), scalars)), zero


def phases(model: Algebra, scalars: Array) -> Array:
    """`x / conj(x)`, whose norm is 1; 1 where `x` is zero."""
    inverse, none = inverse_or_one(model, model.conj(scalars))
    return np.where(none, integer(model, 1), model.mul(scalars, inverse))


# --- products and other axes -----------------------------------------------------------------------------------------


def product(model: Algebra, a: Array, b: Array) -> Array:
    """Products of matrices, lane by lane."""
    if not a.shape[2]:
        return zeros(model, a.shape[0], a.shape[1], b.shape[2])
    return model.sum(model.mul(a[:, :, None, :], b.swapaxes(1, 2)[:, None, :, :]))


def similar(model: Algebra, matrix: Array, basis: tuple[Array, Array]) -> Array:
    """The same maps from other axes: `there @ matrix @ back`, where the basis is `(there, back)`."""
    there, back = basis
    return product(model, product(model, there, matrix), back)


def add_row(model: Algebra, matrix: Array, i: int, j: int, factor: Array) -> None:
    """Add a factor, `[lanes]`, times row `j` to row `i`, in place: `E @ matrix` for an elementary matrix E."""
    matrix[:, i] = model.add(matrix[:, i], model.mul(factor[:, None], matrix[:, j]))


def subtract_column(model: Algebra, matrix: Array, i: int, j: int, factor: Array) -> None:
    """Take a factor, `[lanes]`, times column `i` from column `j`, in place: `matrix @ E^-1` for the E of `add_row`."""
    matrix[:, :, j] = model.sub(matrix[:, :, j], model.mul(factor[:, None], matrix[:, :, i]))
