"""Some claims are shown as identities, others must not be; and the verdicts say so."""

from __future__ import annotations

import pytest

from relay.checker.cases import box, dimensions
from relay.checker.generic.identities import Identities, contradictory, identities
from relay.notation.syntax import Claim
from relay.records.status import Status
from tests.checker.corpus import DEFINITIONS, judge, read


def shown(source: str) -> Identities:
    claim = read(source)
    assert isinstance(claim, Claim)
    dims = dimensions(claim.parameters, claim.sizes)
    return identities(claim, dims, box(dims, 3), DEFINITIONS)


@pytest.mark.parametrize(
    "source",
    [
        "claim (x: Scalar, y: Scalar) where x != 0 and y != 0: 1 / x + 1 / y == (x + y) / (x * y)",
        "claim (x: Scalar) where x * x != 0: x / x == 1",
        "claim (x: Scalar) where 1 / x == 3: x / x == 1",  # it has a value, so x is not zero
        "claim (x: Scalar) where not (x == 0 or x == 1): x / (x * (x - 1)) == 1 / (x - 1)",
        "claim (x: Scalar) where conj(x) != 0: x / x == 1",
        "claim (x: Scalar, y: Scalar) where x != y: (x - y) / (y - x) == -1",
        "claim (x: Scalar) where 2 * x != 0: x / (2 * x) == 1 / scalar(2)",
        "claim (x: Scalar): implies(x != 0, x / x == 1)",
        "claim (x: Scalar): (x / x if x != 0 else 1) == 1",
        "claim (x: Scalar): x == 0 or x / x == 1",
        "claim (x: Scalar, y: Scalar): implies(x == y, x * x == x * y)",
        "claim (x: Scalar, y: Scalar) where x == y * y: x * y == y ** 3",
        "claim (x: Scalar) where x * x == 1: x ** 5 == x",
        "claim (x: Scalar) where conj(x) == x: conj(x * x) == x * x",
        "claim (x: Scalar): conj(x) * x == conj(conj(x) * x)",
        "claim (A: Matrix[n, n]) where A == transpose(A): mul(A, A) == transpose(mul(A, A))",
        "claim (A: Matrix[n, n]) where A == adjoint(A): trace(A) == conj(trace(A))",
        "claim (A: Matrix[n, n]) where det(A) != 0: scale(1 / det(A), scale(det(A), A)) == A",
        "claim (v: Vector[n]) where zero(v): dot(v, v) == 0",
        "claim (v: Vector[n], s: Scalar) where not (s == 0): vscale(1 / s, vscale(s, v)) == v",
        "claim (L: List[Scalar]): total(reverse(L)) == total(L)",
        "claim (n: Nat, x: Scalar) where x != 0: x ** (n + 1) / x == x ** n",
    ],
)
def test_what_is_shown(source: str) -> None:
    assert shown(source).reached


@pytest.mark.parametrize(
    "source",
    [
        "claim (x: Scalar): x / x == 1",
        "claim (x: Scalar) where x != 1: x / x == 1",
        "claim (x: Scalar) where 2 * x == 1: x / (4 * x) == x / (4 * x) + 1",
        "claim (x: Scalar) where x != 0: x / (2 * x) == 1 / scalar(2)",  # undefined in characteristic 2
        "claim (x: Scalar) where x != 0 or x == 0: x / x == 1",
        "claim (x: Scalar, y: Scalar) where x * y == 0: x / x == 1",
        "claim (x: Scalar, y: Scalar) where x + y != 0: x / (x + y) + y / (x + y) == x / x",
        "claim (x: Scalar): conj(x) == x",
        "claim (x: Scalar, y: Scalar): implies(x != y, x == 0)",
        "claim (x: Scalar): x == 0 or x == 1",  # in GF(2)
        "claim (x: Scalar): x * x == x",
        "claim (x: Scalar) where x * x == x: x == 1",
        "claim (x: Scalar) where 3 * x == 0: x == 0",
        "claim (x: Scalar) where implies(x != 0, x == 1): 1 / x == x",
        "claim (x: Scalar, y: Scalar) where all(x != 0 for i in range(0)): x / x == 1",
        "claim (x: Scalar, y: Scalar) where any(z != 0 for z in [x, y]): x / x == 1",
        "claim (A: Matrix[n, n]) where A == transpose(A): mul(A, A) == A",
        "claim (A: Matrix[n, n], B: Matrix[n, n]) where A != B: det(A) != det(B)",
        "claim (A: Matrix[n, n]) where det(A) != 0: scale(1 / trace(A), scale(trace(A), A)) == A",
        "claim (v: Vector[n]) where not zero(v): dot(v, v) != 0",
        "claim (v: Vector[n], vs: List[Vector[n]]) where zero(v): in_span(v, vs)",
        "claim (b: Bool, x: Scalar): (x if b else x) == x",
    ],
)
def test_what_is_not_shown(source: str) -> None:
    assert not shown(source).reached


def test_how_far_is_said() -> None:
    assert shown("claim (A: Matrix[m, n], B: Matrix[n, m]): trace(mul(A, B)) == trace(mul(B, A))").reached == 4
    assert shown("claim (A: Matrix[n, n]) where n < 4: det(A) == det(A) + (0 if n < 4 else 1)").reached == 4
    assert shown("claim (A: Matrix[n, n]): trace(A) == trace(A) + (0 if n < 4 else 1)").reached == 3
    assert shown("claim (x: Scalar): x * x == x ** 2").reached == 1


def test_the_evidence_names_the_hypothesis_that_keeps_denominators_from_being_zero() -> None:
    found = shown(
        "claim (A: Matrix[n, n]) where trace(A) == 1 and det(A) != 0: scale(1 / det(A), scale(det(A), A)) == A"
    )
    record = found.record()
    assert record["up to"] == found.reached == 4
    assert record["denominators"] == ["det(A) != 0"]
    assert record["conditional"]
    assert "denominators" not in shown("claim (A: Matrix[n, n]): trace(transpose(A)) == trace(A)").record()


def test_without_its_hypothesis_a_fraction_is_undefined() -> None:
    assert judge("claim (A: Matrix[n, n]): scale(1 / det(A), scale(det(A), A)) == A").status is Status.UNDEFINED


def test_a_hypothesis_that_only_a_small_field_satisfies_is_not_vacuous() -> None:
    assert judge("claim (A: Matrix[m, n]) where scalar(5) == 0: scale(6, A) == A").status is Status.PROVED
    assert judge("claim (A: Matrix[m, n]) where scalar(5) == 1 and scalar(3) == 0: scale(6, A) == A").status is (
        Status.VACUOUS
    )


@pytest.mark.parametrize(
    ("hypothesis", "certain"),
    [("x != x", True), ("x == x + 1", True), ("1 / (x - x) == 1", True), ("x == 0 and x == 1", True),
     ("x * x == x + 1", False), ("scalar(6) == 0", False), ("x != 0 and x == 2", False)],
)  # fmt: skip
def test_a_contradiction_is_certain_or_not(hypothesis: str, certain: bool) -> None:
    claim = read(f"claim (x: Scalar) where {hypothesis}: x == 5")
    assert isinstance(claim, Claim)
    assert contradictory(claim, [{}], DEFINITIONS) is certain
