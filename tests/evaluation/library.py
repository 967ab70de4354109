"""Definitions that the tests call: recursion, ranging, ragged lists, sizes of every kind."""

from __future__ import annotations

from relay.notation import Scope, read_statement, split_statements
from relay.notation.syntax import Definition
from relay.records.task import Given

SOURCE = """
define mul(A: Matrix[l, m], B: Matrix[m, n]) -> Matrix[l, n] =
    matrix(sum(A[i, k] * B[k, j] for k in range(m)) for i in range(l) for j in range(n))
define transpose(A: Matrix[m, n]) -> Matrix[n, m] = matrix(A[j, i] for i in range(n) for j in range(m))
define minor(A: Matrix[n, n], r: Nat, c: Nat) -> Matrix[n - 1, n - 1] =
    matrix(A[i if i < r else i + 1, j if j < c else j + 1] for i in range(n - 1) for j in range(n - 1))
define det(A: Matrix[n, n]) -> Scalar =
    1 if n == 0 else sum((-1) ** j * A[0, j] * det(minor(A, 0, j)) for j in range(n))
define leibniz(A: Matrix[n, n]) -> Scalar =
    sum((-1) ** count(p[i] > p[j] for j in range(n) for i in range(j)) * prod(A[i, p[i]] for i in range(n))
        for p in permutations(n))
define dot(v: Vector[n], w: Vector[n]) -> Scalar = sum(v[i] * conj(w[i]) for i in range(n))
define cut(v: Vector[n], k: Nat) -> Vector[k] = vector(v[i] for i in range(k))
define tail(v: Vector[n]) -> Vector[n - 1] = vector(v[i + 1] for i in range(n - 1))
define grow(x: Scalar, k: Nat) -> Vector[k] = vector(x ** i for i in range(k))
define heads(v: Vector[n]) -> List[Vector[n]] = [vector(v[i] if i < k else 0 for i in range(n)) for k in range(n)]
define size(vs: List[Vector[n]]) -> Nat = n
define columns(A: Matrix[m, n]) -> List[Vector[m]] = [vector(A[i, j] for i in range(m)) for j in range(n)]
define join(vs: List[Vector[m]], k: Nat) -> Matrix[m, len(vs)] =
    matrix(vs[j][i] for i in range(m) for j in range(len(vs)))
define pick(v: Vector[m], w: Vector[n], b: Bool) -> Vector[m] = v if b else w
define fib(n: Nat) -> Nat = n if n < 2 else fib(n - 1) + fib(n - 2)
define odd(n: Nat) -> List[Nat] = [k for k in range(n) if k % 2 == 1]
define upto(L: List[Nat]) -> List[List[Nat]] = [[j for j in range(k)] for k in L]
define twice(L: List[Nat], n: Nat) -> List[Nat] = L if n == 0 else twice(L + L, n - 1)
define ack(m: Nat, n: Nat) -> Nat = n + 1 if m == 0 else ack(m - 1, 1) if n == 0 else ack(m - 1, ack(m, n - 1))
define forever(n: Nat) -> Nat = forever(n)
define square(A: Matrix[n, n]) -> Bool = True
define seven() -> Nat = 7
define at(f: Fn[Nat, Nat], k: Nat) -> Nat = f(k)
define iterate(f: Fn[Nat, Nat], n: Nat, k: Nat) -> Nat = k if n == 0 else f(iterate(f, n - 1, k))
define above(n: Nat, f: Fn[Nat, Nat], k: Nat) -> Nat = f(k) if n == 0 else above(n - 1, above(n - 1, f), k)
define round_and_round(f: Fn[Nat, Nat], k: Nat) -> Nat = f(round_and_round(round_and_round(f), k))
define plus(x: Scalar, y: Scalar) -> Scalar = x + y
define compose(f: Fn[Scalar, Scalar], g: Fn[Scalar, Scalar], x: Scalar) -> Scalar = f(g(x))
define each(f: Fn[Scalar, Scalar], v: Vector[n]) -> Vector[n] = vector(f(v[i]) for i in range(n))
define ortho(w: Vector[n], v: Vector[n]) -> Bool = dot(v, w) == 0
define both(p: Fn[Vector[n], Bool], q: Fn[Vector[n], Bool], v: Vector[n]) -> Bool = p(v) and q(v)
define holds_at(p: Fn[Vector[n], Bool], v: Vector[m]) -> Bool = p(v)
define width(p: Fn[Vector[n], Bool]) -> Nat = n
define pair(f: Fn[Vector[n], Nat, Vector[m]], k: Nat, v: Vector[n]) -> Vector[m] = f(v)(k)
define fixed(f: Fn[Vector[n], Nat, Vector[m]], v: Vector[n]) -> Fn[Nat, Vector[m]] = f(v)
define anything(v: Vector[n]) -> Bool = True
define sized(p: Fn[Vector[n], Bool], w: Vector[n], v: Vector[m]) -> Bool = p(v)
define shaped(f: Fn[Vector[n], Vector[n], Vector[n]], w: Vector[n], v: Vector[m]) -> Fn[Vector[n], Vector[n]] = f(v)
define left(v: Vector[n], w: Vector[n]) -> Vector[n] = v
define steps(k: Nat) -> Fn[Nat, Nat] = ack(k) if k < 2 else fib
"""

RANGING = """
define in_span(v: Vector[n], vs: List[Vector[n]]) -> Bool =
    any(all(v[i] == sum(c[k] * vs[k][i] for k in range(len(vs))) for i in range(n)) for c in Vector[len(vs)])
define root(x: Scalar) -> Scalar = first(y for y in Scalar if y * y == x)
define commutes(A: Matrix[n, n]) -> Nat = count(mul(A, B) == mul(B, A) for B in Matrix[n, n] if n < 2)
"""
"""Definitions that have a meaning in finite fields only."""

GIVEN = Given(scalars=True)


def read(source: str, scope: Scope | None = None) -> Scope:
    """Return the scope after all definitions of a text."""
    scope = scope or Scope(GIVEN)
    for located in split_statements(source):
        definition = read_statement(located.source, scope)
        assert isinstance(definition, Definition)
        scope = scope.adding(definition)
    return scope


def by_key(scope: Scope) -> dict[str, Definition]:
    return {definition.key: definition for definition in scope.definitions.values()}
