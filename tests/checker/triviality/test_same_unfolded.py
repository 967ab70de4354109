"""Comparing terms while they are unfolded gives the same result as comparing terms that are unfolded first."""

from __future__ import annotations

import pytest

from relay.checker.triviality.same_unfolded import one_term
from relay.notation import canonical_term
from relay.notation.syntax import Apply, Claim
from relay.notation.unfolding import unfold
from tests.checker.corpus import DEFINITIONS, FALSE, NOT_ACCEPTED, TRUE, read


def sides(source: str) -> tuple[Apply, ...]:
    claim = read(source)
    assert isinstance(claim, Claim)
    return claim.body.args if isinstance(claim.body, Apply) and claim.body.op == "eq" else ()  # type: ignore[return-value]


def test_a_term_is_what_it_unfolds_to() -> None:
    compared = 0
    for source in (*TRUE.values(), *FALSE.values(), *NOT_ACCEPTED.values()):
        written = [(side, unfold(side, DEFINITIONS)) for side in sides(source)]
        for side, whole in written:
            if whole is not None:
                assert one_term(side, whole, DEFINITIONS), source
                compared += whole != side
        if len(written) == 2 and written[0][1] is not None and written[1][1] is not None:
            same = canonical_term(written[0][1]) == canonical_term(written[1][1])
            assert one_term(written[0][0], written[1][0], DEFINITIONS) is same, source
    assert compared > 30


@pytest.mark.parametrize(
    ("body", "same"),
    [
        ("trace(A) == sum(A[k, k] for k in range(n))", True),
        ("trace(mul(A, B)) == sum(mul(A, B)[i, i] for i in range(n))", True),
        ("trace(mul(A, B)) == sum(sum(A[j, i] * B[i, j] for i in range(n)) for j in range(n))", False),
        ("trace(A) == sum(A[k, k] for k in range(n) if k == k)", False),
        ("trace(A) == trace(B)", False),
        ("det(A) == det(A)", True),
        ("det(A) == det(transpose(A))", False),
        ("det(mul(A, B)) == det(matrix(sum(A[x, y] * B[y, z] for y in range(n)) for x in range(n) for z in range(n)))",
         True),
        ("sum(A[i, j] for i in range(n) for j in range(n)) == sum(A[j, i] for j in range(n) for i in range(n))", True),
        ("sum(A[i, j] for i in range(n) for j in range(n)) == sum(A[j, i] for i in range(n) for j in range(n))", False),
    ],
)  # fmt: skip
def test_one_term_or_two(body: str, same: bool) -> None:
    left, right = sides(f"claim (A: Matrix[n, n], B: Matrix[n, n]): {body}")
    whole = [canonical_term(unfold(side, DEFINITIONS) or side) for side in (left, right)]
    assert (whole[0] == whole[1]) is same
    assert one_term(left, right, DEFINITIONS) is same
