"""The notation's page, *Known ways to fool a checker*: all to be withstood."""

from __future__ import annotations

import pytest

from tests.contract.asking import Status, status, verdict


@pytest.mark.parametrize(
    "claim",
    [
        "claim (A: Matrix[n, n]) where n > 1: det(A) == A[0, 0] * A[1, 1] - A[0, 1] * A[1, 0]",  # n = 2 only
        "claim (A: Matrix[n, n], s: Scalar): det(scale(-s, A)) == det(scale(s, A))",  # even n
        "claim (A: Matrix[n, n], s: Scalar): det(scale(-s, A)) == -det(scale(s, A))",  # odd n
        "claim (A: Matrix[n, n]): trace(A) == (trace(transpose(A)) if n < 9 else 0)",
        "claim (A: Matrix[n, n]): trace(A) == (trace(transpose(A)) if n != 5 else 0)",
        "claim (v: Vector[n]): dot(v, v) == (0 if n // 4 == 1 else dot(v, v))",
        "claim (v: Vector[n]): dot(v, v) == (0 if n % 7 == 6 else dot(v, v))",
        "claim (v: Vector[n]): dot(v, v) == (0 if n >= 7 and n - 7 == 0 else dot(v, v))",
        "claim (L: List[Scalar]): total(reverse(L)) == (total(L) if len(L) < 6 else 0)",
        "claim (A: Matrix[n, n], k: Nat): power(A, k) == (power(A, k) if k != 3 else A)",
    ],
)
def test_identities_for_some_sizes_only(claim: str) -> None:
    """Identities for n = 2 only, for even or odd n, below some size (`if n < 9`, `n != 5`). A statement in which a
    size, length or `Nat` variable meets a constant (by comparison, subtraction, `//`, `%`) is tried at that constant,
    one less and one more."""
    assert status(claim) is Status.REFUTED


@pytest.mark.parametrize(
    "claim",
    [
        "claim (u: Vector[n], v: Vector[n]): dot(u, v) == (dot(v, u) if n < 30 else 0)",
        "claim (u: Vector[n], v: Vector[n]): dot(u, v) == (dot(v, u) if n != 5 * 5 else 0)",
        "claim (u: Vector[n], v: Vector[n]): dot(u, v) == (1 if is_square_of(n, 5) else dot(v, u))",
        "claim (u: Vector[n], v: Vector[n]): dot(u, v) == (1 if n % 4 == 3 and n % 5 == 4 else dot(v, u))",
    ],
)
def test_sizes_out_of_reach(claim: str) -> None:
    """... where that is out of reach it is `undecided`, and earns no credit."""
    assert status(claim) is Status.UNDECIDED


@pytest.mark.parametrize(
    "claim",
    [
        "claim (x: Scalar): x ** 7 == x",
        "claim (x: Scalar): x ** 61 == x",
        "claim (x: Scalar): x ** 841 == x",
        "claim (x: Scalar): (x ** 2 - x) * (x ** 3 - x) * (x ** 4 - x) == 0",
        "claim (v: Vector[n]): all(x ** 61 == x for x in Scalar)",
        "claim (x: Scalar): 30 * x == 0",
        "claim (x: Scalar) where 7 * x == 0: x == 0",
        "claim (x: Scalar): 65537 * x == 0 or x == 0",
        "claim (x: Scalar) where 65537 * x == 0: x == 0",
        "claim (x: Scalar): x / 10007 * 10007 == x",
        "claim (x: Scalar) where 999983 * x == 0: x == 0",
        "claim (x: Scalar) where (100 * 100 + 7) * x == 0: x == 0",
    ],
)
def test_degrees_and_constants(claim: str) -> None:
    """Degrees above the number of field elements: x^7 = x on GF(2), GF(3), GF(7); constants that are multiples of
    small or famous primes; a prime dividing a constant or denominator of the claim is tried as a characteristic."""
    assert status(claim) in (Status.REFUTED, Status.UNDEFINED)


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("claim (x: Scalar, y: Scalar): (x * x - y * y) / (x - y) == x + y", Status.UNDEFINED),
        ("claim (x: Scalar, v: Vector[n]) where x != 0: vscale(1 / x, vscale(x, v)) == v", Status.HOLDS),
        ("claim (x: Scalar, v: Vector[n]) where x != 1: vscale(1 / x, vscale(x, v)) == v", Status.UNDEFINED),
        ("claim (x: Scalar, v: Vector[n]) where x != 0: vscale(1 / (2 * x), vscale(2 * x, v)) == v", Status.UNDEFINED),
        ("claim (A: Matrix[n, n]): det(A) / det(A) == 1", Status.UNDEFINED),
        (
            "claim (x: Scalar, v: Vector[n]) where x * x + 1 != 0: vscale(1 / (x * x + 1), vscale(x * x + 1, v)) == v",
            Status.HOLDS,
        ),
    ],
)
def test_poles(claim: str, expected: Status) -> None:
    """`/` hiding poles: an identity of rational functions is proved only where every denominator is shown non-zero by
    the hypothesis."""
    found = status(claim)
    assert found is expected or (expected is Status.HOLDS and found is Status.PROVED)


SMALL = "define p(t: Scalar) -> Scalar = (t ** 2 - t) * (t ** 3 - t) * (t ** 4 - t)\n"
"""Zero in GF(2), GF(3) and GF(4), which are exhausted, and seldom elsewhere."""


@pytest.mark.parametrize(
    "claim",
    [
        "claim (A: Matrix[n, n]) where det(A) == 0 and n > 2: p(trace(A)) == 0",
        "claim (A: Matrix[n, n]) where mul(A, A) == A: p(trace(A)) == 0",
        "claim (A: Matrix[n, n]) where mul(A, transpose(A)) == identity(n): p(A[0, 0]) * p(-A[0, 0]) == 0",
        "claim (A: Matrix[n, n]) where mul(A, A) == scale(0, A) and n > 2: p(A[0, 0]) == 0",
        "claim (A: Matrix[n, n]) where mul(A, adjoint(A)) == identity(n): p(A[0, 0]) * p(-A[0, 0]) == 0",
    ],
)
def test_hypotheses_that_random_values_never_satisfy(claim: str) -> None:
    """Hypotheses that random values never satisfy (singular, idempotent, orthogonal, nilpotent, unitary): constructive
    samplers."""
    assert status(SMALL + claim) is Status.REFUTED


@pytest.mark.parametrize(
    "claim",
    [
        "claim (x: Scalar) where scalar(3) == 0 and x * x == 2: x == 0",  # in GF(9)
        "claim (x: Scalar, y: Scalar) where scalar(3) == 0: x + y == x - y",
        "claim (x: Scalar, y: Scalar) where x * x + y * y == 0: x == 0",  # an ordered field has none
        "claim (v: Vector[n]) where dot(v, v) == 0: zero(v)",
        "claim (x: Scalar) where x * x + 1 == 0: x == 1",
    ],
)
def test_other_characteristics(claim: str) -> None:
    """Contradictory over the rationals and satisfiable over GF(3). Laws of ordered fields that fail over GF(5)."""
    assert status(claim) is Status.REFUTED


def test_agreeing_is_not_a_proof_for_all_sizes() -> None:
    """A definition that agrees with a known one wherever values were tried: it may be *called* that concept, but an
    all-sizes proof needs a checked rewriting to the reference definition."""
    lookalike = (
        "define sneaky(A: Matrix[n, n]) -> Scalar = sum(A[i, i] for i in range(n)) if n < {} else 0\n"
        "claim (A: Matrix[n, n]): sneaky(transpose(A)) == sneaky(A)"
    )
    for size in ("60", "6 * 10"):
        found = verdict(lookalike.format(size))
        assert found.status is Status.UNDECIDED
        assert "all sizes" not in found.scope


@pytest.mark.parametrize(
    "claim",
    [
        "claim (x: Scalar): (x if x * x == x else x + scalar(burn(40))) == x",
        "claim (x: Scalar) where x * x == x or burn(40) > 0: x * x == x",
        "claim (A: Matrix[n, n], B: Matrix[n, n]): implies(mul(A, B) != mul(B, A), burn(40) > 0)",
    ],
)
def test_fuel_burnt_on_the_counterexamples(claim: str) -> None:
    """A hypothesis or a branch that burns fuel exactly on the counterexamples."""
    assert status(claim) is Status.UNDECIDED
