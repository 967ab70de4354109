"""One draw of random functions can show that a claim depends on its definitions, and never that it does not."""

from __future__ import annotations

import pytest

from relay.checker.cases import box, dimensions
from relay.checker.triviality.random_interpretation import speaks_of_names
from relay.notation.syntax import Claim
from tests.checker.corpus import DEFINITIONS, read


def speaks(source: str) -> bool:
    claim = read(source)
    assert isinstance(claim, Claim)
    case = box(dimensions(claim.parameters, claim.sizes), 2)[-1]
    return speaks_of_names(claim, case, DEFINITIONS)


@pytest.mark.parametrize(
    "source",
    [
        "claim (A: Matrix[n, n]): trace(transpose(A)) == trace(A)",
        "claim (A: Matrix[n, n], B: Matrix[n, n]): det(mul(A, B)) == det(A) * det(B)",
        "claim (L: List[Scalar]): total(reverse(L)) == total(L)",
        "claim (n: Nat): factorial(n + 1) == (n + 1) * factorial(n)",
        "claim (v: Vector[n], vs: List[Vector[n]]): total([dot(v, w) for w in vs]) == 0",
    ],
)
def test_it_speaks_of_them(source: str) -> None:
    assert speaks(source)


@pytest.mark.parametrize(
    "source",
    [
        "claim (A: Matrix[n, n], B: Matrix[n, n]): trace(A) + trace(B) == trace(B) + trace(A)",
        "claim (A: Matrix[n, n]): (trace(A) + det(A)) ** 2 == trace(A) ** 2 + 2 * trace(A) * det(A) + det(A) ** 2",
        "claim (A: Matrix[n, n]) where A == identity(n): det(A) == 1",  # no draw satisfies it
        "claim (v: Vector[n], vs: List[Vector[n]]): in_span(v, vs) or not in_span(v, vs)",
        "claim (L: List[Scalar]): reverse(L) == reverse(L)",
        "claim (x: Scalar, y: Scalar): x * y == y * x",
        "claim (x: Scalar): any(x == y for y in Scalar) or total([x]) == 0",  # not valued here
    ],
)
def test_one_draw_settles_nothing(source: str) -> None:
    assert not speaks(source)
