"""An accepted claim that says what a hidden law says earns it, in whichever words; nothing else does."""

from __future__ import annotations

from tests.credit.hidden import examine

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
