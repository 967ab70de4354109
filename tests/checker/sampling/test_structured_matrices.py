"""Structured matrices are what their names say, in finite and in infinite fields."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from relay.checker.sampling.structured_matrices import (
    add_row,
    circulant,
    companion,
    diagonal,
    identity,
    integer,
    line_projection,
    permutation_matrix,
    phases,
    product,
    rank_one,
    reflection,
    scalar_matrix,
    similar,
    singular,
    square_zero,
    strictly_upper_triangular,
    subtract_column,
    symmetrised,
    two_eigenvalues,
    with_row_sums,
    zeros,
)
from relay.evaluation.algebra.base import Algebra, Array
from relay.evaluation.algebra.finite_fields import GaloisField, PrimeField
from relay.evaluation.algebra.quadratic_fields import complexes
from relay.evaluation.algebra.rationals import Rationals

LANES, N = 6, 3
MODELS = (PrimeField(5), GaloisField(3, 2), Rationals(), complexes()[0])


class Drawn:
    """A model, and random arrays over it."""

    def __init__(self, model: Algebra) -> None:
        self.model = model
        self.rng = np.random.Generator(np.random.PCG64(7))
        self.unit = identity(model, LANES, N)
        self.zero = zeros(model, LANES, N, N)

    def uniform(self, *shape: int) -> Array:
        return self.model.sample(self.rng, (LANES, *shape))

    def matrix(self) -> Array:
        return self.uniform(N, N)

    def star(self, matrix: Array) -> Array:
        return self.model.conj(matrix.swapaxes(1, 2))

    def axes(self) -> tuple[Array, Array]:
        there, back = self.unit.copy(), self.unit.copy()
        for i, j in ((0, 1), (2, 0), (1, 2)):
            factor = self.uniform()
            add_row(self.model, there, i, j, factor)
            subtract_column(self.model, back, i, j, factor)
        return there, back

    def same(self, a: Array, b: Array) -> bool:
        return bool(self.model.equal(a, b).all())

    def times(self, *matrices: Array) -> Array:
        result = self.unit
        for matrix in matrices:
            result = product(self.model, result, matrix)
        return result


def nilpotent(d: Drawn) -> bool:
    a = similar(d.model, strictly_upper_triangular(d.model, d.matrix()), d.axes())
    return d.same(d.times(a, a, a), d.zero)


def square_is_zero(d: Drawn) -> bool:
    a = square_zero(d.model, d.matrix())
    return d.same(d.times(a, a), d.zero)


def axes_undo_each_other(d: Drawn) -> bool:
    there, back = d.axes()
    return d.same(d.times(there, back), d.unit)


def idempotent(d: Drawn) -> bool:
    a = similar(d.model, diagonal(d.model, d.model.from_int(d.rng.integers(0, 2, size=(LANES, N)))), d.axes())
    return d.same(d.times(a, a), a)


def commutes_with_all(d: Drawn) -> bool:
    a, b = scalar_matrix(d.model, d.uniform(), N), d.matrix()
    return d.same(d.times(a, b), d.times(b, a))


def reflections_are_unitary(d: Drawn) -> bool:
    v = d.uniform(N)
    a = reflection(d.model, v, d.model.conj(v))
    return d.same(d.times(d.star(a), a), d.unit) and d.same(d.times(a, a), d.unit)


def reflections_are_orthogonal(d: Drawn) -> bool:
    v = d.uniform(N)
    a = reflection(d.model, v, v)
    return d.same(d.times(a.swapaxes(1, 2), a), d.unit)


def projects_onto_a_line(d: Drawn) -> bool:
    v = d.uniform(N)
    a, isotropic = line_projection(d.model, v, d.model.conj(v))
    onto = product(d.model, a, v[:, :, None])[:, :, 0]
    fine = d.model.equal(onto, v) | isotropic[:, None]
    return d.same(d.times(a, a), a) and d.same(d.star(a), a) and bool(fine.all())


def permutations_move_entries(d: Drawn) -> bool:
    order, v = np.array([2, 0, 1]), d.uniform(N)
    a = permutation_matrix(d.model, np.broadcast_to(order, (LANES, N)))
    return d.same(product(d.model, a, v[:, :, None])[:, :, 0], v[:, order])


def symmetries(d: Drawn) -> bool:
    a, b = symmetrised(d.model, d.matrix(), True, False), symmetrised(d.model, d.matrix(), False, True)
    return d.same(d.star(a), a) and d.same(b.swapaxes(1, 2), d.model.neg(b))


def singular_has_a_kernel(d: Drawn) -> bool:
    """The first axis, from the left."""
    a = singular(d.model, d.matrix())
    return d.same(product(d.model, d.unit[:, :1], a), zeros(d.model, LANES, 1, N))


def rank_one_has_no_minors(d: Drawn) -> bool:
    a = rank_one(d.model, d.uniform(N), d.uniform(N))
    return d.same(d.model.mul(a[:, 0, 0], a[:, 1, 1]), d.model.mul(a[:, 0, 1], a[:, 1, 0]))


def circulants_commute(d: Drawn) -> bool:
    a, b = circulant(d.uniform(N)), circulant(d.uniform(N))
    return d.same(d.times(a, b), d.times(b, a))


def companion_satisfies_its_polynomial(d: Drawn) -> bool:
    """x^3 = c_0 + c_1 x + c_2 x^2, for the last column c."""
    last = d.uniform(N)
    a = companion(d.model, last)
    total = d.zero
    for k in range(N):
        total = d.model.add(total, d.model.mul(last[:, k, None, None], d.times(*[a] * k)))
    return d.same(d.times(a, a, a), total)


def rows_add_up(d: Drawn) -> bool:
    return d.same(d.model.sum(with_row_sums(d.model, d.matrix(), 1)), integer(d.model, 1))


def phases_have_norm_one(d: Drawn) -> bool:
    x = phases(d.model, d.uniform(N))
    return d.same(d.model.mul(x, d.model.conj(x)), integer(d.model, 1))


def has_two_eigenvalues(d: Drawn) -> bool:
    first, second = d.uniform(), d.uniform()
    projection = diagonal(d.model, d.model.from_int(d.rng.integers(0, 2, size=(LANES, N))))
    a = two_eigenvalues(d.model, first, second, similar(d.model, projection, d.axes()))
    less = [d.model.sub(a, scalar_matrix(d.model, root, N)) for root in (first, second)]
    return d.same(d.times(*less), d.zero)


LAWS = (
    nilpotent, square_is_zero, axes_undo_each_other, idempotent, commutes_with_all, reflections_are_unitary,
    reflections_are_orthogonal, projects_onto_a_line, permutations_move_entries, symmetries, singular_has_a_kernel,
    rank_one_has_no_minors, circulants_commute, companion_satisfies_its_polynomial, rows_add_up, phases_have_norm_one,
    has_two_eigenvalues,
)  # fmt: skip


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_matrices_are_what_their_names_say(model: Algebra, law: Callable[[Drawn], bool]) -> None:
    assert law(Drawn(model))
