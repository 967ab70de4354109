"""Corruptions are well typed, different from each other and from the original, and the same on every run."""

from __future__ import annotations

import pytest

from relay.notation import Scope, read_statement
from relay.notation.syntax import Definition
from relay.records.task import Given
from relay.scoring.mutation.corruptions import corruptions

SCOPE = Scope(Given(scalars=True))


def read(source: str, scope: Scope = SCOPE) -> Definition:
    statement = read_statement(source, scope)
    assert isinstance(statement, Definition)
    return statement


def bodies(source: str, most: int = 500) -> dict[str, set[str]]:
    """The bodies of all corruptions, by kind."""
    found: dict[str, set[str]] = {}
    for one in corruptions(read(source), SCOPE, most):
        found.setdefault(one.kind, set()).add(one.definition.source.partition(" = ")[2])
    return found


@pytest.mark.parametrize(
    ("source", "kind", "body"),
    [
        ("define f(A: Matrix[n, n]) -> Scalar = sum(A[i, 0] for i in range(n))", "indices",
         "sum(A[0, i] for i in range(n))"),
        ("define f(x: Scalar, y: Scalar) -> Scalar = x + y", "dropped", "x"),
        ("define f(x: Scalar, y: Scalar) -> Scalar = x + y", "operation", "x - y"),
        ("define f(x: Scalar, y: Scalar) -> Scalar = x + y", "variable", "x + x"),
        ("define f(x: Scalar, y: Scalar) -> Scalar = x - y", "exchange", "y - x"),
        ("define f(x: Scalar) -> Scalar = conj(x)", "dropped", "x"),
        ("define f(x: Scalar) -> Scalar = x", "conjugation", "conj(x)"),
        ("define f(x: Scalar) -> Scalar = x", "sign", "-x"),
        ("define f(x: Scalar) -> Scalar = x", "multiple", "2 * x"),
        ("define f(x: Scalar) -> Scalar = 3 * x", "constant", "4 * x"),
        ("define f(v: Vector[n]) -> Scalar = sum(v[i] for i in range(n))", "range", "sum(v[i] for i in range(1, n))"),
        ("define f(v: Vector[n]) -> Scalar = sum(v[i] for i in range(n))", "range", "sum(v[i] for i in range(n - 1))"),
        ("define f(v: Vector[n]) -> Scalar = sum(v[i] for i in range(n))", "fold", "prod(v[i] for i in range(n))"),
        ("define f(v: Vector[n]) -> Bool = all(v[i] == 0 for i in range(n))", "fold",
         "any(v[i] == 0 for i in range(n))"),
        ("define f(v: Vector[n]) -> Bool = all(v[i] == 0 for i in range(n))", "comparison",
         "all(v[i] != 0 for i in range(n))"),
        ("define f(x: Scalar) -> Bool = x == 1 and x != 2", "dropped", "x == 1"),
        ("define f(x: Scalar) -> Bool = x == 1 and x != 2", "connective", "x == 1 or x != 2"),
        ("define f(x: Scalar) -> Bool = x == 1", "negation", "not x == 1"),
        ("define f(x: Scalar) -> Bool = x == 1", "constant", "True"),
        ("define f(k: Nat) -> Nat = 1 if k == 0 else k * f(k - 1)", "constant", "2 if k == 0 else k * f(k - 1)"),
        ("define f(k: Nat) -> Nat = 1 if k == 0 else k * f(k - 1)", "negation", "k * f(k - 1) if k == 0 else 1"),
        ("define f(A: Matrix[n, n]) -> Scalar = sum(A[i, i] for i in range(n) if i != 1)", "dropped",
         "sum(A[i, i] for i in range(n))"),
    ],
)  # fmt: skip
def test_a_kind_of_change(source: str, kind: str, body: str) -> None:
    assert body in bodies(source)[kind]


def test_calls_are_exchanged_and_transposed() -> None:
    product = read(
        "define mul(A: Matrix[n, n], B: Matrix[n, n]) -> Matrix[n, n] = "
        "matrix(sum(A[i, k] * B[k, j] for k in range(n)) for i in range(n) for j in range(n))"
    )
    wrapped = read("define f(A: Matrix[n, n], B: Matrix[n, n]) -> Matrix[n, n] = mul(A, B)", SCOPE.adding(product))
    found = {one.definition.source.partition(" = ")[2] for one in corruptions(wrapped, SCOPE.adding(product), 500)}
    assert "mul(B, A)" in found
    assert "matrix(mul(A, B)[x1, x0] for x0 in range(n) for x1 in range(n))" in found


SOURCE = """define f(A: Matrix[n, n], v: Vector[n]) -> Bool =
    all(sum(A[i, j] * v[j] for j in range(n)) == 0 for i in range(n))"""


def test_they_are_all_different_and_fixed_in_number() -> None:
    original = read(SOURCE)
    for most in (1, 7, 16):
        found = corruptions(original, SCOPE, most)
        assert len(found) == most
        assert len({one.definition.key for one in found} | {original.key}) == most + 1
        assert found == corruptions(original, SCOPE, most)
    assert corruptions(original, SCOPE, 7) == corruptions(original, SCOPE, 16)[:7]


def test_no_kind_crowds_out_the_others() -> None:
    kinds = {one.kind for one in corruptions(read(SOURCE), SCOPE, 500)}
    assert {one.kind for one in corruptions(read(SOURCE), SCOPE, len(kinds))} == kinds
