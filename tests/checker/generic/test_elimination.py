"""Elimination finds characteristics that no constant of a claim shows."""

from __future__ import annotations

import numpy as np
import pytest

from relay.checker.generic.elimination import Eliminated, eliminated, roots_in, roots_in_square
from relay.evaluation.algebra.finite_fields import QuadraticExtension, non_residue
from relay.notation import Scope, read_statement
from relay.notation.syntax import Claim
from relay.records.task import Given


def found(source: str) -> Eliminated:
    claim = read_statement(source, Scope(Given(scalars=True)))
    assert isinstance(claim, Claim)
    return eliminated(claim, [{}], {})


@pytest.mark.parametrize(
    ("source", "prime"),
    [
        ("claim (x: Scalar) where x ** 2 == 2: x == -3", 7),
        ("claim (x: Scalar) where x ** 2 == 2: x / (x + 3) == x / (3 + x)", 7),
        ("claim (x: Scalar): x ** 2 == 2 and x == -3", 7),
        ("claim (x: Scalar): (x if x ** 2 == 2 else 1) == (x if x == -3 else 0)", 7),
        ("claim (x: Scalar) where x ** 2 == x + 1: x == conj(x)", 5),
        ("claim (x: Scalar, y: Scalar) where x * y == 3 and x + y == 24: x == 19", 23),
        ("claim (x: Scalar) where 1 / (x + 3) == 1 / (x ** 2 - 7): x == 1", 5),
        ("claim (x: Scalar, y: Scalar, z: Scalar) where x * y == z and y == x + 1: x == 4 and z == 2", 3),
    ],
)
def test_polynomials_meet(source: str, prime: int) -> None:
    told = found(source)
    assert any(n % prime == 0 for n in told.resultants) and all(n % prime for n in told.coefficients)


def test_the_numbers_are_told_and_the_roots() -> None:
    told = found("claim (x: Scalar, y: Scalar) where 5 * x == y: y ** 3 == 2 * x")
    assert {2, 5} <= told.coefficients
    assert (-2, 0, 125) in told.factors
    assert roots_in(7, [(-2, 0, 1), (3, 1), (7, 14), (1, 0, 1)]) == (3, 4)
    assert roots_in(7, [(5,)]) == ()


@pytest.mark.parametrize("p", [7, 13, 101, 999_983])
def test_roots_in_a_square_are_roots(p: int) -> None:
    polynomials = [(1, 0, 1), (-2, 0, 1), (3, 1, 2), (5, 7), (0, 0, 1), (-1, 3, 0, 0, 1)]
    field = QuadraticExtension(p)
    for polynomial in polynomials:
        marks = roots_in_square(p, [polynomial])
        values = field.from_digits(np.array(marks, dtype=np.int64).reshape(-1, 2))
        total = field.from_int(np.zeros(len(marks), dtype=np.int64))
        for coefficient in reversed(polynomial):
            total = field.add(field.mul(total, values), field.from_int(np.full(len(marks), coefficient)))
        assert not total.any()
        assert all(y for _, y in marks)
    assert len(roots_in_square(p, [(-non_residue(p), 0, 1)])) == 2


def test_what_is_too_large_is_left() -> None:
    power = "x ** 9 + y ** 9 + x * y"
    assert not found(f"claim (x: Scalar, y: Scalar) where {power} == 2: {power} == 3").resultants
