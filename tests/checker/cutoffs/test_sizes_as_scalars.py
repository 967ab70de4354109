"""Comparisons of sizes as scalars are found, and other comparisons of scalars are not mistaken for them."""

from __future__ import annotations

import pytest

from relay.checker.cases import dimensions
from relay.checker.cutoffs.sizes_as_scalars import Sized, sized
from relay.notation.syntax import Claim
from tests.checker.corpus import DEFINITIONS, read

CLAIMS = {
    "claim (A: Matrix[n, n]): trace(A) == (0 if trace(identity(n)) == 17 else trace(A))": Sized(True, True),
    "claim (A: Matrix[n, n]): trace(A) == (0 if trace(identity(n)) == 5 else trace(A))": Sized(True, False),
    "claim (A: Matrix[n, n]): trace(A) == (0 if n > 8 and trace(identity(n)) == 17 else trace(A))": Sized(True, False),
    "claim (A: Matrix[n, n]): trace(A) == (0 if n % 2 == 1 and trace(identity(n)) == 5 else trace(A))": Sized(
        True, False
    ),
    "claim (A: Matrix[n, n]) where trace(identity(n)) != 0: trace(A) == trace(transpose(A))": Sized(True, False),
    "claim (A: Matrix[n, n]): trace(identity(n)) == scalar(n)": Sized(False, False),
    "claim (A: Matrix[n, n]): trace(A) == trace(transpose(A))": Sized(False, False),
    "claim (A: Matrix[n, n]): trace(A) == 17 or trace(A) != 17": Sized(False, False),
    "claim (A: Matrix[n, n], B: Matrix[n, n]): mul(A, B) != mul(B, A)": Sized(False, False),
    "claim (x: Scalar): x == 17": Sized(False, False),
}


@pytest.mark.parametrize("source", sorted(CLAIMS))
def test_which_claims_compare_sizes_as_scalars(source: str) -> None:
    claim = read(source)
    assert isinstance(claim, Claim)
    dims = dimensions(claim.parameters, claim.sizes)
    assert sized([claim.body] if claim.hypothesis is None else [claim.hypothesis, claim.body],
                 claim.parameters, dims, DEFINITIONS, claim.key) == CLAIMS[source]  # fmt: skip
