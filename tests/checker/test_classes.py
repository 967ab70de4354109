"""Claims over the reals and over the complexes: some are accepted, some are refuted, some have no meaning."""

from __future__ import annotations

import re

import pytest

from relay.checker.checker import Checker
from relay.checker.verdict import Verdict
from relay.notation import Scope, read_statement, split_statements
from relay.notation.syntax import Definition
from relay.records.status import Status
from relay.records.task import Given

GIVEN = Given(scalars=True)
PRELUDE = """
define mul(A: Matrix[l, m], B: Matrix[m, n]) -> Matrix[l, n] =
    matrix(sum(A[i, k] * B[k, j] for k in range(m)) for i in range(l) for j in range(n))
define minor(A: Matrix[n, n], r: Nat, c: Nat) -> Matrix[n - 1, n - 1] =
    matrix(A[i if i < r else i + 1, j if j < c else j + 1] for i in range(n - 1) for j in range(n - 1))
define det(A: Matrix[n, n]) -> Scalar =
    1 if n == 0 else sum((-1) ** j * A[0, j] * det(minor(A, 0, j)) for j in range(n))
define dot(v: Vector[n], w: Vector[n]) -> Scalar = sum(v[i] * w[i] for i in range(n))
define inner(v: Vector[n], w: Vector[n]) -> Scalar = sum(conj(v[i]) * w[i] for i in range(n))
define zero(n: Nat) -> Vector[n] = vector(0 for i in range(n))
define transpose(A: Matrix[m, n]) -> Matrix[n, m] = matrix(A[j, i] for i in range(n) for j in range(m))
define adjoint(A: Matrix[m, n]) -> Matrix[n, m] = matrix(conj(A[j, i]) for i in range(n) for j in range(m))
define identity(n: Nat) -> Matrix[n, n] = matrix((1 if i == j else 0) for i in range(n) for j in range(n))
define trace(A: Matrix[n, n]) -> Scalar = sum(A[i, i] for i in range(n))
define image(A: Matrix[m, n], v: Vector[n]) -> Vector[m] =
    vector(sum(A[i, k] * v[k] for k in range(n)) for i in range(m))
define scale(x: Scalar, v: Vector[n]) -> Vector[n] = vector(x * v[i] for i in range(n))
define positive(x: Scalar) -> Bool = x > 0
define sign(x: Scalar) -> Scalar = 1 if positive(x) else 0 if x == 0 else -1
define solvable(A: Matrix[m, n], b: Vector[m]) -> Bool = any(image(A, x) == b for x in Vector[n])
define largest(v: Vector[n]) -> Scalar = max(v[i] for i in range(n))
define same(f: Fn[Scalar, Scalar], g: Fn[Scalar, Scalar]) -> Bool = f == g
"""


def _prelude() -> tuple[Scope, dict[str, Definition]]:
    scope, known = Scope(GIVEN), {}
    for located in split_statements(PRELUDE):
        definition = read_statement(located.source, scope)
        assert isinstance(definition, Definition)
        scope, known[definition.key] = scope.adding(definition), definition
    return scope, known


SCOPE, KNOWN = _prelude()
CHECKER = Checker(GIVEN)


def judge(source: str) -> Verdict:
    return CHECKER.judge(read_statement(source, SCOPE), KNOWN)


CLAIMS = [
    ("holds", "claim over reals (A: Matrix[n, n]) where det(A) != 0: det(mul(A, A)) > 0"),
    ("refuted", "claim over reals (A: Matrix[n, n]): det(mul(A, A)) > 0"),
    ("holds", "claim over reals (v: Vector[n]): implies(dot(v, v) == 0, v == zero(n))"),
    ("refuted", "claim (v: Vector[n]): implies(dot(v, v) == 0, v == zero(n))"),
    ("refuted", "claim (v: Vector[n]): implies(inner(v, v) == 0, v == zero(n))"),
    ("holds", "claim over complexes (v: Vector[n]): implies(inner(v, v) == 0, v == zero(n))"),
    ("refuted", "claim over complexes (v: Vector[n]): implies(dot(v, v) == 0, v == zero(n))"),
    ("holds", "claim over reals (v: Vector[n], w: Vector[n]): dot(v, w) ** 2 <= dot(v, v) * dot(w, w)"),
    ("refuted", "claim over reals (v: Vector[n], w: Vector[n]): dot(v, w) ** 2 < dot(v, v) * dot(w, w)"),
    ("holds", "claim over reals (A: Matrix[2, 2]) where transpose(A) == A: trace(A) ** 2 - 4 * det(A) >= 0"),
    ("refuted", "claim over reals (A: Matrix[2, 2]): trace(A) ** 2 - 4 * det(A) >= 0"),
    ("refuted", "claim over reals (x: Scalar): x * x != 2"),
    ("refuted", "claim over reals (x: Scalar): x * x != 3"),
    ("refuted", "claim over reals (x: Scalar): x * x != x + 1"),
    ("refuted", "claim over reals (x: Scalar): 7 * x * x != 3 * x + 11"),
    ("undefined", "claim over reals (x: Scalar): 1 / (x * x - 6) == 1 / (x * x - 6)"),
    ("undecided", "claim over reals (x: Scalar): x ** 3 != 2"),
    ("holds", "claim over reals (x: Scalar): x ** 4 + x ** 2 != -1"),
    ("refuted", "claim over complexes (x: Scalar): x ** 3 != 1 or x == 1"),
    ("refuted", "claim over complexes (x: Scalar): x ** 2 + 5 != 0"),
    ("undecided", "claim over complexes (x: Scalar): x ** 4 != -1"),
    ("holds", "claim over reals (x: Scalar): x * x != -1"),
    ("refuted", "claim over complexes (x: Scalar): x * x != -1"),
    ("refuted", "claim over complexes (x: Scalar): x * x != 2"),
    ("holds", "claim over complexes (x: Scalar): x * conj(x) != -1"),
    ("refuted", "claim over reals (x: Scalar): implies(x > 0, x >= 1)"),
    ("refuted", "claim over reals (x: Scalar): implies(x * x == 2, x > 0)"),
    ("holds", "claim over reals (x: Scalar, y: Scalar): (x + y) ** 2 >= 4 * x * y"),
    ("holds", "claim over reals (x: Scalar, y: Scalar): max(z for z in [x, y]) + min(z for z in [x, y]) == x + y"),
    ("holds", "claim over reals (v: Vector[n], x: Scalar) where x > 0: largest(scale(x, v)) == x * largest(v)"),
    ("refuted", "claim over reals (v: Vector[n], x: Scalar): largest(scale(x, v)) == x * largest(v)"),
    ("holds", "claim over reals (x: Scalar, y: Scalar): sign(x * y) == sign(x) * sign(y)"),
    ("trivial", "claim over reals (x: Scalar): sign(x) <= sign(x) + 1"),
    ("trivial", "claim over reals (x: Scalar, y: Scalar): x * y == y * x"),
    ("trivial", "claim over reals (x: Scalar): conj(x) == x"),
    ("refuted", "claim over complexes (x: Scalar): conj(x) == x"),
    ("proved", "claim over reals (A: Matrix[n, n]): trace(transpose(A)) == trace(A)"),
    ("proved", "claim over reals (A: Matrix[n, n]): adjoint(A) == transpose(A)"),
    ("refuted", "claim over complexes (A: Matrix[n, n]): adjoint(A) == transpose(A)"),
    ("proved", "claim over complexes (A: Matrix[n, n]): trace(adjoint(A)) == conj(trace(A))"),
    ("proved", "claim over reals (Q: Matrix[n, n]) where mul(transpose(Q), Q) == identity(n): det(Q) ** 2 == 1"),
    ("refuted", "claim over reals (Q: Matrix[n, n]) where mul(transpose(Q), Q) == identity(n): det(Q) == 1"),
    ("proved", "claim over complexes (Q: Matrix[n, n]) where mul(adjoint(Q), Q) == identity(n): "
     "det(Q) * conj(det(Q)) == 1"),
    ("refuted", "claim over complexes (Q: Matrix[n, n]) where mul(adjoint(Q), Q) == identity(n): det(Q) ** 2 == 1"),
    ("holds", "claim over complexes (A: Matrix[n, n], x: Scalar, v: Vector[n]) where adjoint(A) == A and "
     "inner(v, v) != 0 and image(A, v) == scale(x, v): conj(x) == x"),
    ("vacuous", "claim over reals (x: Scalar) where x * x == -1: x == 0"),
    ("vacuous", "claim over reals (v: Vector[n]) where dot(v, v) < 0: v == zero(n)"),
    ("undefined", "claim over reals (x: Scalar): 1 / (x - 1) > 0 or x < 5"),
    ("holds", "claim over reals (f: Fn[Scalar, Scalar], x: Scalar): f(x) ** 2 >= 0"),
    ("refuted", "claim over reals (f: Fn[Scalar, Scalar], x: Scalar): f(x) >= 0"),
    ("refuted", "claim over reals (f: Fn[Scalar, Scalar], x: Scalar, y: Scalar) where x < y: f(x) < f(y)"),
]  # fmt: skip


@pytest.mark.parametrize(("status", "source"), CLAIMS)
def test_each_claim_gets_the_status_that_it_has_over_its_class(status: str, source: str) -> None:
    verdict = judge(source)
    assert verdict.status == Status(status), verdict.message
    assert verdict.message.startswith(status)


MISPLACED = [
    ("claim (x: Scalar): positive(x) or x == 0", 20, "`positive` uses the order of scalars"),
    ("claim over complexes (x: Scalar): sign(x) == 1", 35, "`sign` uses the order of scalars"),
    ("claim over reals (A: Matrix[m, n], b: Vector[m]): solvable(A, b)", 51, "`solvable` ranges over a type"),
    ("claim over complexes (x: Scalar): any(y * y == x for y in Scalar)", 56, "leave `over complexes` out"),
    ("claim over reals (f: Fn[Scalar, Scalar]): same(f, f)", 43, "`same` ranges over a type"),
]


@pytest.mark.parametrize(("source", "column", "words"), MISPLACED)
def test_what_has_no_meaning_in_a_class_is_ill_formed_with_a_place_and_a_mend(
    source: str, column: int, words: str
) -> None:
    verdict = judge(source)
    assert verdict.status is Status.ILL_FORMED
    assert verdict.message.startswith(f"ill_formed: line 1, column {column}:")
    assert words in verdict.message


def test_finite_fields_do_not_refute_over_the_reals() -> None:
    body = "(v: Vector[n]) where 7 * dot(v, v) == 0: v == zero(n)"
    assert judge(f"claim {body}").status is Status.REFUTED
    over = judge(f"claim over reals {body}")
    assert over.status is Status.UNDECIDED  # hardly any other value satisfies the hypothesis
    assert not any("GF" in name for stage in over.evidence for name in stage.get("models", ()))


def test_scopes_name_the_class() -> None:
    assert re.fullmatch(
        r"random values in Q and Q\(sqrt\(2\)\), \d+ models, \d+ or more distinct values, n in 1..3",
        judge(CLAIMS[0][1]).scope,
    )
    proved = "claim over complexes (A: Matrix[n, n]): trace(adjoint(A)) == conj(trace(A))"
    assert judge(proved).scope == "every K(i) over an ordered K, all sizes"


def test_counterexamples_are_small_and_name_their_field() -> None:
    assert judge("claim over reals (x: Scalar): 7 * x == 0").counterexample.startswith("x = ")
    shown = judge("claim over reals (x: Scalar): x * x != 2").counterexample
    assert "sqrt(2) (in Q(sqrt(2)))" in shown
    assert "the left side is 2, the right side is 2" in shown
    assert "(in Q(i))" in judge("claim over complexes (x: Scalar): x * x != -1").counterexample


def test_the_class_is_part_of_the_key() -> None:
    classes = ("", "over reals", "over complexes")
    keys = {read_statement(f"claim {over} (x: Scalar): x == 1", SCOPE).key for over in classes}
    assert len(keys) == 3
    assert read_statement("claim over fields (x: Scalar): x == 1", SCOPE).key in keys
