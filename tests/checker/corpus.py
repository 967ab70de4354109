"""Claims whose truth is known, on which the checker is tested. `PRELUDE` is in scope in all of them."""

from __future__ import annotations

from relay.checker.checker import Checker
from relay.checker.verdict import Verdict
from relay.notation import Scope, read_statement, split_statements
from relay.notation.syntax import Definition, Statement
from relay.records.task import Given

PRELUDE = """
define mul(A: Matrix[l, m], B: Matrix[m, n]) -> Matrix[l, n] =
    matrix(sum(A[i, k] * B[k, j] for k in range(m)) for i in range(l) for j in range(n))
define trace(A: Matrix[n, n]) -> Scalar = sum(A[i, i] for i in range(n))
define minor(A: Matrix[n, n], r: Nat, c: Nat) -> Matrix[n - 1, n - 1] =
    matrix(A[i if i < r else i + 1, j if j < c else j + 1] for i in range(n - 1) for j in range(n - 1))
define det(A: Matrix[n, n]) -> Scalar =
    1 if n == 0 else sum((-1) ** j * A[0, j] * det(minor(A, 0, j)) for j in range(n))
define identity(n: Nat) -> Matrix[n, n] = matrix((1 if i == j else 0) for i in range(n) for j in range(n))
define in_span(v: Vector[n], vs: List[Vector[n]]) -> Bool =
    any(all(v[i] == sum(c[k] * vs[k][i] for k in range(len(vs))) for i in range(n)) for c in Vector[len(vs)])
define transpose(A: Matrix[m, n]) -> Matrix[n, m] = matrix(A[j, i] for i in range(n) for j in range(m))
define adjoint(A: Matrix[m, n]) -> Matrix[n, m] = matrix(conj(A[j, i]) for i in range(n) for j in range(m))
define vadd(u: Vector[n], v: Vector[n]) -> Vector[n] = vector(u[i] + v[i] for i in range(n))
define add(A: Matrix[m, n], B: Matrix[m, n]) -> Matrix[m, n] =
    matrix(A[i, j] + B[i, j] for i in range(m) for j in range(n))
define scale(s: Scalar, A: Matrix[m, n]) -> Matrix[m, n] = matrix(s * A[i, j] for i in range(m) for j in range(n))
define vscale(s: Scalar, v: Vector[n]) -> Vector[n] = vector(s * v[i] for i in range(n))
define matvec(A: Matrix[m, n], v: Vector[n]) -> Vector[m] =
    vector(sum(A[i, k] * v[k] for k in range(n)) for i in range(m))
define power(A: Matrix[n, n], k: Nat) -> Matrix[n, n] = identity(n) if k == 0 else mul(A, power(A, k - 1))
define dot(u: Vector[n], v: Vector[n]) -> Scalar = sum(u[i] * v[i] for i in range(n))
define zero(v: Vector[n]) -> Bool = all(v[i] == 0 for i in range(n))
define independent(vs: List[Vector[n]]) -> Bool =
    all(all(c[k] == 0 for k in range(len(vs))) for c in Vector[len(vs)]
        if all(sum(c[k] * vs[k][i] for k in range(len(vs))) == 0 for i in range(n)))
define kernel_has(A: Matrix[m, n], v: Vector[n]) -> Bool = zero(matvec(A, v))
define invertible(A: Matrix[n, n]) -> Bool = any(mul(A, B) == identity(n) for B in Matrix[n, n])
define reverse(L: List[Scalar]) -> List[Scalar] = [L[len(L) - 1 - i] for i in range(len(L))]
define total(L: List[Scalar]) -> Scalar = sum(x for x in L)
define binomial(n: Nat, k: Nat) -> Nat = 1 if k == 0 else (0 if n == 0 else binomial(n - 1, k - 1) + binomial(n - 1, k))
define factorial(n: Nat) -> Nat = 1 if n == 0 else n * factorial(n - 1)
define square(k: Nat) -> Nat = k * k
define is_square_of(n: Nat, k: Nat) -> Bool = n == k * k
define same(n: Nat, k: Nat) -> Bool = n == k if k == 0 or n == 0 else same(n - 1, k - 1)
define late(n: Nat, k: Nat, s: Nat) -> Bool = n == s if k == 0 else late(n, k - 1, s + 5)
define cells(A: Matrix[m, n]) -> Nat = m * n
define burn(k: Nat) -> Nat = 1 if k == 0 else burn(k - 1) + burn(k - 1)
"""

GIVEN = Given(scalars=True)


def read_prelude(more: str = "") -> tuple[Scope, dict[str, Definition]]:
    """Returns the scope after the prelude and more definitions, and all definitions by key."""
    scope, known = Scope(GIVEN), {}
    for located in split_statements(PRELUDE + more):
        definition = read_statement(located.source, scope)
        assert isinstance(definition, Definition)
        scope, known[definition.key] = scope.adding(definition), definition
    return scope, known


def named(text: str) -> dict[str, str]:
    """Returns the statements of a text, by the comment above each."""
    parts = [part.partition("\n") for part in text.strip().removeprefix("# ").split("\n# ")]
    return {name: source for name, _, source in parts}


SCOPE, DEFINITIONS = read_prelude()
CHECKER = Checker(GIVEN)


def read(source: str, scope: Scope | None = None) -> Statement:
    """Reads one statement, in the prelude's scope unless another one is given."""
    return read_statement(source, scope or SCOPE)


def judge(source: str) -> Verdict:
    """Returns the verdict on one statement in the prelude's scope."""
    return CHECKER.judge(read(source), DEFINITIONS)


FALSE = named("""
# commutative at n = 1
claim (A: Matrix[n, n], B: Matrix[n, n]): mul(A, B) == mul(B, A)
# a formula for n = 2
claim (A: Matrix[n, n]) where n > 1: det(A) == A[0, 0] * A[1, 1] - A[0, 1] * A[1, 0]
# even n
claim (A: Matrix[n, n], s: Scalar) where n % 2 == 0: det(scale(s, A)) == s * det(A)
# odd n
claim (A: Matrix[n, n]): det(scale(scalar(1) - 2, A)) == -det(A)
# even n needed
claim (A: Matrix[n, n]): det(scale(scalar(1) - 2, A)) == det(A)
# below 9
claim (A: Matrix[n, n]): trace(A) == (trace(transpose(A)) if n < 9 else 0)
# below 6, by length
claim (L: List[Scalar]): total(reverse(L)) == (total(L) if len(L) < 6 else 0)
# but 5
claim (A: Matrix[n, n]): trace(A) == (trace(transpose(A)) if n != 5 else 0)
# but 7, by subtraction
claim (v: Vector[n]): dot(v, v) == (0 if n >= 7 and n - 7 == 0 else dot(v, v))
# but 4, by division
claim (v: Vector[n]): dot(v, v) == (dot(v, v) if n // 4 == 0 else 0)
# but 5, by remainder
claim (v: Vector[n]): dot(v, v) == (0 if n % 5 == 0 else dot(v, v))
# only at size 4
claim (A: Matrix[n, n]) where n == 4: det(A) == trace(A)
# only at size 5
claim (A: Matrix[n, n]) where n == 5: trace(A) == A[0, 0]
# fails from 4 on
claim (v: Vector[n]): dot(v, v) == (0 if any(i == 3 for i in range(n)) else dot(v, v))
# product of differences
claim (n: Nat): n * n * n * n * n == n or n > 1 and n < 5
# fails at size 4 without a constant
claim (v: Vector[n]): count(True for s in subsets(n, n // 2)) <= n + 1
# fails early and late by counting
claim (v: Vector[n]): count(True for s in permutations(n)) <= n * n * n * n - n * n * n
# length 2 only
claim (L: List[Scalar]): reverse(L) == (L if len(L) == 2 else reverse(L))
# every length but 2
claim (L: List[Scalar]) where len(L) != 3: reverse(L) == L
# short lists are equal to their reverse
claim (L: List[Scalar]): reverse(L) == L
# at length 0
claim (L: List[Scalar]): 1 + len(L) * len(L) == 1 + len(L) * len(L) - (1 if len(L) == 0 else 0)
# at k = 3
claim (A: Matrix[n, n], k: Nat): power(A, k) == (power(A, k) if k != 3 else A)
# at k = 8
claim (x: Scalar, k: Nat): x ** k == (x ** k if k < 8 else 0)
# j and k the same
claim (A: Matrix[n, n], j: Nat, k: Nat): power(A, j) == power(A, k) or j != k + 1
# undecided: n is not 2 * 25
claim (v: Vector[n]) where n != 2 * 25: dot(v, v) == dot(v, v) + 0 * (0 if n == 2 * 25 else 1)
# undecided: computed by a product
claim (u: Vector[n], v: Vector[n]): dot(u, v) == (dot(v, u) if n != 2 * 25 else 1)
# undecided: computed by a power
claim (u: Vector[n], v: Vector[n]): dot(u, v) == (dot(v, u) if n != 5 ** 2 else 1)
# undecided: computed by a product in reach
claim (u: Vector[n], v: Vector[n]): dot(u, v) == (dot(v, u) if n != 4 * 5 else 1)
# undecided: computed by len
claim (u: Vector[n], v: Vector[n]):
    dot(u, v) == (dot(v, u) if n != len([n, n, n, n, n, n, n, n, n, n, n, n, n]) else 1)
# undecided: computed by the length of scalars
claim (u: Vector[n], v: Vector[n], x: Scalar):
    dot(u, v) == (dot(v, u) if n != len([x, x, x, x, x, x, x, x, x, x, x]) else 1)
# undecided: computed by counting
claim (u: Vector[n], v: Vector[n]):
    dot(u, v) == (dot(v, u) if n != count(True for i in range(4) for j in range(4)) else 1)
# undecided: computed by a call
claim (u: Vector[n], v: Vector[n]): dot(u, v) == (dot(v, u) if n != square(5) else 1)
# undecided: computed inside a call
claim (u: Vector[n], v: Vector[n]): dot(u, v) == (1 if is_square_of(n, 5) else dot(v, u))
# undecided: walked to by a call
claim (u: Vector[n], v: Vector[n]): dot(u, v) == (1 if same(n, 3 * 5) else dot(v, u))
# undecided: summed up by a call
claim (u: Vector[n], v: Vector[n]): dot(u, v) == (1 if late(n, 4, 2) else dot(v, u))
# undecided: one of many
claim (u: Vector[n], v: Vector[n]): dot(u, v) == (1 if any(n == 5 * k for k in range(2, 6)) else dot(v, u))
# undecided: one of a list
claim (u: Vector[n], v: Vector[n]): dot(u, v) == (1 if any(n == k for k in [4 * 4, 5 * 5]) else dot(v, u))
# undecided: two remainders
claim (u: Vector[n], v: Vector[n]): dot(u, v) == (1 if n % 4 == 3 and n % 5 == 4 else dot(v, u))
# undecided: a quotient
claim (u: Vector[n], v: Vector[n]): dot(u, v) == (1 if n // 4 == 5 else dot(v, u))
# undecided: a square
claim (u: Vector[n], v: Vector[n]): dot(u, v) == (1 if n * n == 9 * 9 + 3 * 6 + 1 else dot(v, u))
# undecided: a sum
claim (u: Vector[n], v: Vector[n]): dot(u, v) == (1 if n + 8 == 5 * 4 else dot(v, u))
# undecided: late, and computed by a sum of ones
claim (u: Vector[n], v: Vector[n], x: Scalar):
    dot(u, v) == (1 if n == sum((1 if x == x else 1) for i in range(4) for j in range(4)) else dot(v, u))
# undecided: where small sizes do not look
claim (u: Vector[n], v: Vector[n]): dot(u, v) == (1 if n > 3 and n == 5 * 5 else dot(v, u))
# undecided: where small sizes do not look, and dear
claim (u: Vector[n], v: Vector[n]): dot(u, v) == (1 if n > 3 and n == burn(12) else dot(v, u))
# undecided: a far index
claim (u: Vector[n], v: Vector[n]): dot(u, v) == dot(v, u) + sum((1 if i == 5 * 5 else 0) for i in range(n))
# undecided: far by a size
claim (v: Vector[n]): dot(v, v) == (1 if n == cells(identity(5)) else dot(v, v))
# x ** 7 == x
claim (x: Scalar): x ** 7 == x
# x ** 61 == x
claim (x: Scalar): x ** 61 == x
# x ** 841 == x
claim (x: Scalar): x ** 841 == x
# every scalar to the 61st
claim (v: Vector[n]): all(x ** 61 == x for x in Scalar)
# every scalar to the 841st
claim (v: Vector[n]): all(x ** 841 == x for x in Scalar)
# undecided: every scalar to the 841st, by products
claim (v: Vector[n]): all(x * prod(x for i in range(28) for j in range(30)) == x for x in Scalar)
# 0, 1, 2
claim (x: Scalar): x * (x - 1) * (x - 2) == 0
# zero on all small fields
claim (x: Scalar): (x ** 2 - x) * (x ** 3 - x) * (x ** 4 - x) * (x ** 5 - x) * (x ** 7 - x) == 0
# undecided: every scalar to the 841st, and no size at all
claim (x: Scalar): all(y * prod(y for i in range(28) for j in range(30)) == y for y in Scalar) or scalar(square(1)) == 0
# three values are two
claim (x: Scalar, y: Scalar, z: Scalar): (x - y) * (y - z) * (x - z) == 0
# every scalar is a square
claim (x: Scalar): any(y * y == x for y in Scalar)
# few scalars
claim (v: Vector[n]): count(True for x in Scalar) <= 4
# a multiple of 2, 3, 5, 7
claim (A: Matrix[n, n]): 210 * trace(A) == 0
# a multiple of 11
claim (x: Scalar) where 11 * x == 0: x == 0
# seventeen of them
claim (x: Scalar, y: Scalar) where sum(x for i in range(4) for j in range(4)) + x == 0: x * y == 0
# a multiple of 10007
claim (x: Scalar) where 10007 * x == 0: x == 0
# a computed multiple
claim (x: Scalar) where scalar(10 * 10 + 1) * x == 0: x == 0
# a computed scalar
claim (x: Scalar) where (scalar(1000) * 1000 + 3) * x == 0: x == 0
# nineteen of them
claim (x: Scalar, v: Vector[n]) where (
    x + x + x + x + x + x + x + x + x + x + x + x + x + x + x + x + x + x + x == 0): zero(vscale(x, v))
# five of them
claim (x: Scalar) where x + x + x + x + x == 0: x == 0
# seven of them
claim (x: Scalar): implies(x + x + x + x + x + x + x == 0, x == 0)
# many of them
claim (x: Scalar) where sum(x for i in range(4) for j in range(4)) + x == 0: x == 0
# only in characteristic 2
claim (x: Scalar) where x + x == 0: x == 0
# only in characteristic 3
claim (x: Scalar, v: Vector[n]) where x * (x - 1) != 0: zero(v) or (x - 1) ** 3 != x ** 3 - 1
# only in characteristic 5
claim (A: Matrix[n, n]) where trace(A) == 5: trace(A) != 0
# symmetric and skew
claim (A: Matrix[n, n]) where transpose(A) == A and transpose(A) == scale(scalar(1) - 2, A):
    all(A[i, j] == 0 for i in range(n) for j in range(n))
# isotropic vectors
claim (v: Vector[n]) where dot(v, v) == 0: zero(v)
# over no involution
claim (x: Scalar): conj(x) == x
# the conjugate of a product of equals
claim (A: Matrix[n, n]): adjoint(A) == transpose(A)
# a real trace
claim (A: Matrix[n, n]) where adjoint(A) == A: transpose(A) == A
# norms are zero only at zero
claim (x: Scalar, y: Scalar) where x * conj(x) + y * conj(y) == 0: x == 0
# idempotent
claim (A: Matrix[n, n]) where mul(A, A) == A: trace(A) == 0 or trace(A) == 1
# idempotent, small fields agree
claim (A: Matrix[n, n]) where mul(A, A) == A: trace(A) ** 61 == trace(A)
# nilpotent
claim (A: Matrix[n, n]) where power(A, n) == scale(0, A): mul(A, A) == scale(0, A)
# singular
claim (A: Matrix[n, n]) where det(A) == 0: trace(A) == 0
# orthogonal
claim (A: Matrix[n, n]) where mul(A, transpose(A)) == identity(n): det(A) == 1
# unitary
claim (A: Matrix[n, n]) where mul(A, adjoint(A)) == identity(n): det(A) * det(A) == 1
# commuting
claim (A: Matrix[n, n], B: Matrix[n, n]) where mul(A, B) == mul(B, A): mul(A, B) == mul(A, A)
# eigenvector
claim (A: Matrix[n, n], v: Vector[n], s: Scalar) where matvec(A, v) == vscale(s, v): trace(A) == s
# zero product
claim (A: Matrix[n, n], B: Matrix[n, n]) where mul(A, B) == scale(0, A): mul(B, A) == scale(0, A)
# scalars of order 3
claim (x: Scalar) where x ** 3 == 1: x == 1
# contradictory over Q, not over GF(3)
claim (x: Scalar) where scalar(3) == 0 and x != 0: x == 1
# contradictory but in characteristic 7
claim (x: Scalar) where scalar(7) == 0: x == 0
# in few fields
claim (x: Scalar) where x * x + 1 == 0 and scalar(13) == 0: x == 5
# a curve on which small fields agree
claim (x: Scalar, y: Scalar) where x ** 2 == y ** 3 + y + 1: y ** 841 == y
# a curve through the sizes
claim (u: Vector[n], x: Scalar) where x ** 2 == u[0] ** 3 + u[0] + 1: dot(u, u) ** 841 == dot(u, u)
# in the span
claim (v: Vector[n], vs: List[Vector[n]]): in_span(v, vs)
# spans are unions
claim (v: Vector[n], us: List[Vector[n]], vs: List[Vector[n]]) where in_span(v, us + vs):
    in_span(v, us) or in_span(v, vs)
# independent lists are short
claim (vs: List[Vector[n]]) where independent(vs): len(vs) < n
# independence of a join
claim (us: List[Vector[n]], vs: List[Vector[n]]) where independent(us) and independent(vs): independent(us + vs)
# injective
claim (A: Matrix[m, n], v: Vector[n]) where kernel_has(A, v): zero(v)
# undefined: a pole at 0
claim (x: Scalar): x / x == 1
# undefined: a pole at 12345
claim (x: Scalar): (x - 12345) / (x - 12345) == 1
# undefined: a pole of x * x + 1
claim (x: Scalar): (x * x + 1) / (x * x + 1) == 1
# undefined: a pole that small fields lack
claim (x: Scalar): (x ** 61 - x + 1) / (x ** 61 - x + 1) == 1
# undefined: two poles
claim (x: Scalar, y: Scalar): (x * x - y * y) / (x - y) == x + y
# undefined: a determinant below
claim (A: Matrix[n, n], B: Matrix[n, n]): det(mul(A, B)) / det(B) == det(A)
# undefined: a pole in large fields
claim (x: Scalar, y: Scalar) where y != 0: (x + y) / (y ** 60 * x - 1) * (y ** 60 * x - 1) == x + y
# undecided: burnt on the counterexample
claim (A: Matrix[n, n]): trace(A) == (trace(A) if det(A) == 0 else scalar(burn(40)))
# undecided: burnt in the hypothesis
claim (A: Matrix[n, n]) where burn(40 if n == 3 else 1) > 0: trace(A) == trace(transpose(A)) or n == 3
# undecided: burnt where it is zero
claim (x: Scalar): (x if x != 0 else scalar(burn(40))) * 1 == x
# sums of numbers
claim (k: Nat): sum(i for i in range(k)) == k
# twelve
claim (k: Nat): 2 ** k <= k * k * k + k + 2
# squares
claim (k: Nat): k * k <= 2 * k + 3
# powers of two
claim (k: Nat): 2 ** k <= k * k + k + 2
# factorials
claim (k: Nat): factorial(k) <= 5 ** k
# primes by Euler
claim (k: Nat): all(k * k + k + 5 != a * b for a in range(2, k * k + k + 5) for b in range(2, a + 1))
# binomials
claim (n: Nat, k: Nat): binomial(n, k) <= n * k + 1
# undefined: subtraction
claim (j: Nat, k: Nat): j - k + k == j
# division
claim (j: Nat, k: Nat): j // k * k == j
""")

TRUE = named("""
# trace of a product
claim (A: Matrix[m, n], B: Matrix[n, m]): trace(mul(A, B)) == trace(mul(B, A))
# det of a product
claim (A: Matrix[n, n], B: Matrix[n, n]): det(mul(A, B)) == det(A) * det(B)
# associativity
claim (A: Matrix[k, l], B: Matrix[l, m], C: Matrix[m, n]): mul(mul(A, B), C) == mul(A, mul(B, C))
# distributivity
claim (A: Matrix[l, m], B: Matrix[m, n], C: Matrix[m, n]): mul(A, add(B, C)) == add(mul(A, B), mul(A, C))
# unit
claim (A: Matrix[m, n]): mul(A, identity(n)) == A
# unit on the left
claim (A: Matrix[m, n]): mul(identity(m), A) == A
# transpose twice
claim (A: Matrix[m, n]): transpose(transpose(A)) == A
# transpose of a product
claim (A: Matrix[l, m], B: Matrix[m, n]): transpose(mul(A, B)) == mul(transpose(B), transpose(A))
# trace of a transpose
claim (A: Matrix[n, n]): trace(transpose(A)) == trace(A)
# trace is additive
claim (A: Matrix[n, n], B: Matrix[n, n]): trace(add(A, B)) == trace(A) + trace(B)
# trace of a multiple
claim (A: Matrix[n, n], s: Scalar): trace(scale(s, A)) == s * trace(A)
# det of a transpose
claim (A: Matrix[n, n]): det(transpose(A)) == det(A)
# det of the identity
claim (n: Nat): det(identity(n)) == 1
# det of a multiple
claim (A: Matrix[n, n], s: Scalar): det(scale(s, A)) == s ** n * det(A)
# adjoint twice
claim (A: Matrix[m, n]): adjoint(adjoint(A)) == A
# adjoint of a product
claim (A: Matrix[l, m], B: Matrix[m, n]): adjoint(mul(A, B)) == mul(adjoint(B), adjoint(A))
# det of an adjoint
claim (A: Matrix[n, n]): det(adjoint(A)) == conj(det(A))
# sum of vectors
claim (u: Vector[n], v: Vector[n]): vadd(u, v) == vadd(v, u)
# associative sum
claim (u: Vector[n], v: Vector[n], w: Vector[n]): vadd(u, vadd(v, w)) == vadd(vadd(u, v), w)
# linear
claim (A: Matrix[m, n], u: Vector[n], v: Vector[n]): matvec(A, vadd(u, v)) == vadd(matvec(A, u), matvec(A, v))
# homogeneous
claim (A: Matrix[m, n], v: Vector[n], s: Scalar): matvec(A, vscale(s, v)) == vscale(s, matvec(A, v))
# matvec of a product
claim (A: Matrix[l, m], B: Matrix[m, n], v: Vector[n]): matvec(mul(A, B), v) == matvec(A, matvec(B, v))
# powers add
claim (A: Matrix[n, n], j: Nat, k: Nat): mul(power(A, j), power(A, k)) == power(A, j + k)
# second power
claim (A: Matrix[n, n]): power(A, 2) == mul(A, A)
# powers commute
claim (A: Matrix[n, n], k: Nat): mul(A, power(A, k)) == mul(power(A, k), A)
# dot is symmetric
claim (u: Vector[n], v: Vector[n]): dot(u, v) == dot(v, u)
# dot is additive
claim (u: Vector[n], v: Vector[n], w: Vector[n]): dot(u, vadd(v, w)) == dot(u, v) + dot(u, w)
# moving across dot
claim (A: Matrix[m, n], u: Vector[m], v: Vector[n]): dot(u, matvec(A, v)) == dot(matvec(transpose(A), u), v)
# Lagrange
claim (u: Vector[n], v: Vector[n]):
    dot(u, u) * dot(v, v) - dot(u, v) ** 2 == sum((u[i] * v[j] - u[j] * v[i]) ** 2 for j in range(n) for i in
    range(j))
# det of size 2
claim (A: Matrix[2, 2]): det(A) == A[0, 0] * A[1, 1] - A[0, 1] * A[1, 0]
# det at n == 2
claim (A: Matrix[n, n]) where n == 2: det(A) == A[0, 0] * A[1, 1] - A[0, 1] * A[1, 0]
# Cayley and Hamilton at 2
claim (A: Matrix[2, 2]): add(mul(A, A), scale(det(A), identity(2))) == scale(trace(A), A)
# trace of a square at 2
claim (A: Matrix[2, 2]): trace(mul(A, A)) == trace(A) ** 2 - 2 * det(A)
# reverse twice
claim (L: List[Scalar]): reverse(reverse(L)) == L
# total of a reverse
claim (L: List[Scalar]): total(reverse(L)) == total(L)
# total of a join
claim (K: List[Scalar], L: List[Scalar]): total(K + L) == total(K) + total(L)
# reverse of a join
claim (K: List[Scalar], L: List[Scalar]): reverse(K + L) == reverse(L) + reverse(K)
# square of a symmetric
claim (A: Matrix[n, n]) where transpose(A) == A: transpose(mul(A, A)) == mul(A, A)
# cube of an idempotent
claim (A: Matrix[n, n]) where mul(A, A) == A: mul(power(A, 3), A) == A
# det of an idempotent
claim (A: Matrix[n, n]) where mul(A, A) == A: det(A) * det(A) == det(A)
# det of an orthogonal
claim (A: Matrix[n, n]) where mul(A, transpose(A)) == identity(n): det(A) ** 2 == 1
# inverse on both sides
claim (A: Matrix[n, n], B: Matrix[n, n]) where mul(A, B) == identity(n): mul(B, A) == identity(n)
# powers of an eigenvalue
claim (A: Matrix[n, n], v: Vector[n], s: Scalar) where matvec(A, v) == vscale(s, v):
    matvec(mul(A, A), v) == vscale(s * s, v)
# commuting with a square
claim (A: Matrix[n, n], B: Matrix[n, n]) where mul(A, B) == mul(B, A): mul(mul(A, A), B) == mul(B, mul(A, A))
# kernel is closed
claim (A: Matrix[m, n], u: Vector[n], v: Vector[n]) where kernel_has(A, u) and kernel_has(A, v):
    kernel_has(A, vadd(u, v))
# singular factor
claim (A: Matrix[n, n], B: Matrix[n, n]) where det(A) == 0: det(mul(A, B)) == 0
# a quotient of determinants
claim (A: Matrix[n, n], B: Matrix[n, n]) where det(B) != 0: det(mul(A, B)) / det(B) == det(A)
# span is closed
claim (v: Vector[n], w: Vector[n], vs: List[Vector[n]]) where in_span(v, vs) and in_span(w, vs):
    in_span(vadd(v, w), vs)
# span grows
claim (v: Vector[n], us: List[Vector[n]], vs: List[Vector[n]]) where in_span(v, us): in_span(v, us + vs)
# zero is in every span
claim (v: Vector[n], vs: List[Vector[n]]) where zero(v): in_span(v, vs)
# items are in the span
claim (vs: List[Vector[n]], k: Nat) where k < len(vs): in_span(vs[k], vs)
# parts of independent lists
claim (us: List[Vector[n]], vs: List[Vector[n]]) where independent(us + vs): independent(us)
# independent lists are no longer than n
claim (vs: List[Vector[n]]) where independent(vs): len(vs) <= n
# no zero in independent lists
claim (vs: List[Vector[n]], k: Nat) where k < len(vs) and independent(vs): not zero(vs[k])
# no zero divisors
claim (x: Scalar, v: Vector[n]) where zero(vscale(x, v)) and x != 0: zero(v)
# in characteristic 3
claim (x: Scalar, v: Vector[n]) where scalar(3) == 0: zero(vadd(v, vadd(v, v)))
# cubes in characteristic 3
claim (u: Vector[n], v: Vector[n]) where scalar(3) == 0:
    dot(u, v) ** 3 == sum(u[i] ** 3 * v[i] ** 3 for i in range(n))
# odd numbers
claim (k: Nat): sum(2 * i + 1 for i in range(k)) == square(k)
# Pascal's sums
claim (n: Nat): sum(binomial(n, k) for k in range(n + 1)) == 2 ** n
# binomials count subsets
claim (n: Nat, k: Nat): count(True for s in subsets(n, k)) == binomial(n, k)
# factorials count permutations
claim (n: Nat): count(True for s in permutations(n)) == factorial(n)
# binomials are symmetric
claim (n: Nat, k: Nat) where k <= n: binomial(n, k) == binomial(n, n - k)
# factorials grow
claim (n: Nat): factorial(n + 1) == (n + 1) * factorial(n)
""")

NOT_ACCEPTED = named("""
# trivial: nothing is defined in it
claim (k: Nat): 2 * sum(i for i in range(k + 1)) == k * (k + 1)
# undecided: all matrices of GF(3), twice over
claim (A: Matrix[n, n]) where invertible(A): det(A) != 0
# undecided: a constant out of reach
claim (A: Matrix[n, n]) where n != 50: trace(transpose(A)) == trace(A)
# undecided: a computed constant out of reach
claim (A: Matrix[n, n]) where n != 7 * 7: trace(transpose(A)) == trace(A)
# undecided: a constant too far to be computed
claim (u: Vector[n], v: Vector[n]): implies(n != burn(40), dot(u, v) == dot(v, u))
# undecided: a hypothesis that runs out
claim (u: Vector[n], v: Vector[n]) where dot(u, v) != scalar(burn(n + 30)): dot(u, v) == dot(v, u)
# undefined: inside a real quotient
claim (x: Scalar, v: Vector[n]): vscale(x / x, v) == v
""")
"""Claims that are true wherever they have a value, by the status that they get."""
