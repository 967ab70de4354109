"""Values are built for hypotheses, and sizes at which a claim's truth changes are found."""

from __future__ import annotations

import numpy as np
import pytest

from relay.checker.cases import Dimension
from relay.checker.claim_batch import probe
from relay.checker.cutoffs.change_points import turns
from relay.checker.fields import divisors, extensions, small
from relay.checker.sampling.construction import constructor
from relay.checker.sampling.parameter_values import random_values, shape
from relay.evaluation.algebra.base import Algebra
from relay.evaluation.algebra.extension_fields import LargeField
from relay.evaluation.algebra.finite_fields import PrimeField, QuadraticExtension
from relay.notation import read_statement
from relay.notation.syntax import Claim
from tests.checker.test_soundness import prelude

LARGE = PrimeField(268_435_459)
WANTED = {
    "skew(A) and skew(B)": LARGE,
    "commute(A, B)": LARGE,
    "undo(A, B)": LARGE,
    "orthogonal(A) and orthogonal(B) and det(A) == 1": LARGE,
    "unitary(A) and hermitian(B)": QuadraticExtension(1009),
    "is_null(power(A, 2)) and commute(A, B)": small(3),
    "idempotent(A) and kernel_has(A, v)": LARGE,
    "symmetric(A) and eigen(A, s, v) and not is_zero(v)": LARGE,
}


def _claim(hypothesis: str) -> Claim:
    scope, _ = prelude()
    parameters = "A: Matrix[n, n], B: Matrix[n, n], s: Scalar, v: Vector[n]"
    claim = read_statement(f"claim ({parameters}) where {hypothesis}: s == s + 1", scope)
    assert isinstance(claim, Claim)
    return claim


@pytest.mark.parametrize("hypothesis", sorted(WANTED))
def test_hypotheses_are_met(hypothesis: str) -> None:
    claim, model, lanes = _claim(hypothesis), WANTED[hypothesis], 64
    _, known = prelude()
    case = {Dimension("size", "n"): 3}
    rng = np.random.default_rng(1)
    builder = constructor(claim, known)
    drawn = shape(claim.parameters, case, model)
    assert builder is not None and builder.useful and drawn is not None
    met = 0
    for _ in range(4):
        values = random_values(drawn, model, lanes, rng, case)
        builder.build(values, model, rng, 0, lanes)
        met += int(probe(claim, values, lanes, model, known, 100_000).satisfied.sum())
    assert met >= lanes // 2


@pytest.mark.parametrize(
    ("condition", "number"),
    [
        ("fib(n) == 8", 6),
        ("perfect(n)", 6),
        ("scalar(fib(n)) == 13", 7),
        ("trace(identity(n)) == 5", 5),
        ("n % 3 == 2", 5),
        ("all(fib(i) != 8 for i in range(n))", 7),
        ("fib(count(True for i in range(n) if v[i] == 0)) == 8", 6),
    ],
)
def test_where_something_turns_is_found(condition: str, number: int) -> None:
    scope, known = prelude()
    claim = read_statement(f"claim (v: Vector[n]): total(v) == 0 or not ({condition})", scope)
    assert isinstance(claim, Claim)
    assert number in turns(claim, frozenset({"n"}), known).numbers


def test_two_sizes_may_turn_together() -> None:
    scope, known = prelude()
    claim = read_statement("claim (u: Vector[m], v: Vector[n]): m * n != 20 or total(u) == total(v)", scope)
    assert isinstance(claim, Claim)
    assert {"m": 4, "n": 5} in turns(claim, frozenset({"m", "n"}), known).together


def test_what_can_not_be_factored_is_said() -> None:
    assert divisors([2**101 - 1]).primes == (7432339208719, 341117531003194129)
    assert divisors([10**200 + 3]).missing


@pytest.mark.parametrize("model", [LargeField(2**89 - 1), LargeField(3, 4), LargeField(2, 25), *extensions(5)])
def test_large_fields_are_fields(model: Algebra) -> None:
    rng = np.random.default_rng(0)
    a, b = model.sample(rng, (50,)), model.sample(rng, (50,))
    one = model.from_int(np.ones(1, dtype=np.int64))
    a = np.where(model.is_zero(a), one, a)
    assert model.equal(model.mul(a, model.inverse(a)), one).all()
    assert model.equal(model.conj(model.mul(a, b)), model.mul(model.conj(a), model.conj(b))).all()
    assert model.equal(model.conj(model.conj(a)), a).all()
    assert model.equal(model.mul(a, model.add(a, b)), model.add(model.mul(a, a), model.mul(a, b))).all()
