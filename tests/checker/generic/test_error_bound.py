"""Formal degrees, and the error bounds for random values that follow from them."""

from __future__ import annotations

from math import ceil, log10

import pytest

from relay.checker.cases import Dimension, dimensions
from relay.checker.generic.error_bound import Draws, bound, degrees
from relay.checker.verdict import Verdict
from relay.notation.syntax import Claim
from tests.checker.corpus import DEFINITIONS, judge, read


def claim(source: str) -> Claim:
    found = read(source)
    assert isinstance(found, Claim)
    return found


@pytest.mark.parametrize(
    ("source", "size", "found"),
    [
        ("claim (x: Scalar, y: Scalar): x * x * y == 0", 0, (3, 0)),
        ("claim (x: Scalar): (x + 1) ** 5 == x and x == 1", 0, (5, 0)),
        ("claim (x: Scalar): 1 / x + 1 / (x * x) == x", 0, (4, 3)),  # (x * x + x) / x ** 3 - x
        ("claim (x: Scalar): x ** 4 / x + 1 / (x * x) == 0", 0, (6, 3)),
        ("claim (x: Scalar) where x * x != 1 and x != 0: x == 1", 0, (1, 3)),
        ("claim (): scalar(2) == 3", 0, (0, 0)),
        ("claim (A: Matrix[n, n], B: Matrix[n, n]): det(mul(A, B)) == det(A) * det(B)", 3, (6, 0)),
        ("claim (A: Matrix[n, n]): transpose(mul(A, A)) == A", 5, (2, 0)),
        ("claim (x: Scalar) where x == 0: x == 1", 0, None),
        ("claim (x: Scalar): conj(x) == x", 0, None),
        ("claim (x: Scalar): (1 if x == 0 else x) == x", 0, None),
        ("claim (x: Scalar): x != 1", 0, None),
        ("claim (x: Scalar): any(x == y for y in Scalar)", 0, None),
        ("claim (A: Matrix[n, n]) where A != identity(n): det(A) == 0", 2, None),
    ],
)
def test_degrees(source: str, size: int, found: tuple[int, int] | None) -> None:
    one = claim(source)
    assert degrees(one, dict.fromkeys(dimensions(one.parameters, one.sizes), size), DEFINITIONS) == found


def test_the_bound_is_that_of_all_draws_together_and_of_the_worst_case() -> None:
    one = claim("claim (v: Vector[n]) where dot(v, v) != 0: dot(v, v) / dot(v, v) == 1")
    (n,) = dimensions(one.parameters, one.sizes)
    assert isinstance(n, Dimension)
    draws = [Draws({n: 2}, 1_009, 3), Draws({n: 3}, 1_009, 2), Draws({n: 3}, 10_007, 1)]
    found = bound(one, draws, DEFINITIONS)
    assert found is not None
    assert found["cases"] == 2
    assert found["error"] == f"1e{ceil(3 * log10(2 / (1_009 - 4)))}"
    assert bound(one, [Draws({n: 2}, 4, 30)], DEFINITIONS) is None  # the field is too small to say anything
    assert bound(claim("claim (x: Scalar): conj(x) == x"), [Draws({}, 1_009, 3)], DEFINITIONS) is None


def line(verdict: Verdict) -> dict[str, object] | None:
    return next((record for record in verdict.evidence if record["stage"] == "Schwartz-Zippel"), None)


def test_a_claim_that_holds_says_how_likely_a_difference_was_missed() -> None:
    holds = judge(
        "claim (a: Vector[k], b: Vector[l], c: Vector[m], d: Vector[n], e: Vector[o]): "
        "dot(a, a) * dot(b, b) * dot(c, c) * dot(d, d) * dot(e, e) == dot(e, e) * dot(d, d) * dot(c, c) * dot(b, b) "
        "* dot(a, vscale(1, a))"
    )
    found = line(holds)
    assert holds.status.accepted
    if "all sizes" not in holds.scope:
        assert found is not None and found["degree"] == 10
    assert line(judge("claim (A: Matrix[n, n]) where mul(A, A) == identity(n): mul(A, mul(A, A)) == A")) is None
