"""An accepted claim that says the same as a hidden law earns it, in any wording. No other claim does."""

from __future__ import annotations

import pytest

from tests.scoring.credit.hidden import examine

MUL = """
define times(A: Matrix[l, m], B: Matrix[m, n]) -> Matrix[l, n] =
    matrix(sum(A[i, k] * B[k, j] for k in range(m)) for i in range(l) for j in range(n))
"""
TRACE = "define spur(M: Matrix[k, k]) -> Scalar = sum(M[q, q] for q in range(k))\n"
OTHER_TRACE = "define spur(A: Matrix[n, n]) -> Scalar = sum(A[i, j] for i in range(n) for j in range(n) if i == j)\n"


def test_a_law_in_own_names() -> None:
    found = examine(MUL + TRACE + "claim (A: Matrix[m, n], B: Matrix[n, m]): spur(times(A, B)) == spur(times(B, A))")
    assert found.verdict.status.accepted
    assert found.laws == ("trace/1",)


def test_a_law_about_a_form_written_differently() -> None:
    claim = "claim cyclic (X: Matrix[p, q], Y: Matrix[q, p]): spur(times(X, Y)) == spur(times(Y, X))"
    assert examine(MUL + OTHER_TRACE + claim).laws == ("trace/1",)


def test_a_law_that_writes_its_operation_out() -> None:
    claim = "claim (A: Matrix[n, n]): spur(A) == spur(matrix(A[j, i] for i in range(n) for j in range(n)))"
    assert examine(TRACE + claim).laws == ("trace/2",)


def test_another_claim_is_no_law() -> None:
    claim = "claim (A: Matrix[n, n], B: Matrix[n, n]): spur(times(A, B)) == spur(times(B, A))"
    found = examine(MUL + TRACE + claim)
    assert found.verdict.status.accepted
    assert found.laws == ()


def test_a_law_about_something_else_is_none() -> None:
    total = "define spur(A: Matrix[n, n]) -> Scalar = sum(A[i, j] for i in range(n) for j in range(n))\n"
    claim = "claim (A: Matrix[n, n]): spur(A) == spur(matrix(A[j, i] for i in range(n) for j in range(n)))"
    found = examine(total + claim)
    assert found.verdict.status.accepted
    assert found.laws == ()


def test_a_refuted_claim_earns_nothing() -> None:
    claim = "claim (A: Matrix[m, n], B: Matrix[n, m]): spur(times(A, B)) == spur(times(B, A)) + 1"
    found = examine(MUL + TRACE + claim)
    assert not found.verdict.status.accepted
    assert found.laws == ()


def test_a_definition_earns_no_law_and_a_claim_no_concept() -> None:
    assert examine(TRACE).laws == ()
    claim = "claim (A: Matrix[m, n], B: Matrix[n, m]): spur(times(A, B)) == spur(times(B, A))"
    assert examine(MUL + TRACE + claim).concepts == ()


def test_a_law_in_another_order_of_everything() -> None:
    """Sides, parameters, operands and the arguments of the author's own definitions are exchanged."""
    turned = """define times(B: Matrix[m, n], A: Matrix[l, m]) -> Matrix[l, n] =
        matrix(sum(A[i, k] * B[k, j] for k in range(m)) for i in range(l) for j in range(n))\n"""
    claim = "claim (B: Matrix[n, m], A: Matrix[m, n]): spur(times(A, B)) == spur(times(B, A))"
    assert examine(turned + OTHER_TRACE + claim).laws == ("trace/1",)
    sides = "claim (A: Matrix[n, n]): spur(matrix(A[j, i] for i in range(n) for j in range(n))) == spur(A)"
    assert examine(TRACE + sides).laws == ("trace/2",)


SPAN = """define hit(v: Vector[n], vs: List[Vector[n]]) -> Bool =
    any(all(v[i] == sum(c[k] * vs[k][i] for k in range(len(vs))) for i in range(n)) for c in Vector[len(vs)])
"""
OF_ORDER = (
    "claim (x: Scalar, v: Vector[n], vs: List[Vector[n]]) where hit(v, vs) and x * 2 != 0: "
    "hit(vector(v[i] * (1 + x * x) for i in range(n)), vs)",
    "claim (v: Vector[n], us: List[Vector[n]], y: Scalar) where 0 != 2 * y and hit(v, us): "
    "hit(vector((y * y + 1) * v[i] for i in range(n)), us)",
)


@pytest.mark.parametrize("claim", OF_ORDER)
def test_operands_and_conjuncts_stand_in_any_order(claim: str) -> None:
    found = examine(SPAN + claim)
    assert found.verdict.status.accepted, found.verdict.message
    assert found.laws == ("span/1",)


def test_a_comparison_may_be_turned_and_not_reversed() -> None:
    least = "define many(v: Vector[n]) -> Nat = count(v[i] == 0 for i in range(n))\n"
    assert examine(least + "claim (v: Vector[n]): n + 1 > many(v)").laws == ("zeros/1",)
    assert examine(least + "claim (v: Vector[n]): many(v) < 1 + n").laws == ("zeros/1",)
    assert examine(least + "claim (v: Vector[n]): many(v) <= n + 1").laws == ()


def test_the_order_of_what_does_not_commute_matters() -> None:
    claim = "claim (x: Scalar, y: Scalar) where y != 0: ratio(x - y, y) == ratio(x, y) - 1"
    assert examine("define ratio(a: Scalar, b: Scalar) -> Scalar = a / b\n" + claim).laws == ("quotient/1",)
    other = "claim (x: Scalar, y: Scalar) where y != 0: ratio(y - x, y) == 1 - ratio(x, y)"
    assert examine("define ratio(a: Scalar, b: Scalar) -> Scalar = a / b\n" + other).laws == ()


def test_own_definitions_may_take_their_arguments_in_another_order() -> None:
    turned = "define part(b: Scalar, a: Scalar) -> Scalar = a / b\n"
    claim = "claim (y: Scalar, x: Scalar) where y != 0: part(y, x) - 1 == part(y, x - y)"
    assert examine(turned + claim).laws == ("quotient/1",)
    straight = "define part(b: Scalar, a: Scalar) -> Scalar = b / a\n"
    other = "claim (y: Scalar, x: Scalar) where x * y * (x - y) != 0: part(y, x - y) * (x - y) == part(y, x) * x"
    found = examine(straight + other)
    assert found.verdict.status.accepted, found.verdict.message
    assert found.laws == ()


def test_a_helper_that_is_no_concept_is_read_as_what_it_says() -> None:
    flip = "define flip(A: Matrix[n, n]) -> Matrix[n, n] = matrix(A[j, i] for i in range(n) for j in range(n))\n"
    assert examine(TRACE + flip + "claim (A: Matrix[n, n]): spur(flip(A)) == spur(A)").laws == ("trace/2",)


def test_a_definition_that_differs_out_of_sight_earns_no_law() -> None:
    wrong = "define spur(A: Matrix[n, n]) -> Scalar = sum(A[i, i] for i in range(n)) if n < 4 else 0\n"
    claim = "claim (A: Matrix[n, n]): spur(matrix(A[j, i] for i in range(n) for j in range(n))) == spur(A)"
    found = examine(wrong + claim)
    assert found.verdict.status.accepted, found.verdict.message
    assert found.laws == ()
