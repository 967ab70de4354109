"""A small hidden theory, and definitions for which it is known whether they are forms of its concepts."""

from __future__ import annotations

from relay.notation import Scope, read_statement, split_statements
from relay.notation.syntax import Definition
from relay.records.task import Concept, Form, Given, Law, Task
from relay.scoring.examiner import Examination, Examiner

_TRACE = "define r_trace(A: Matrix[n, n]) -> Scalar = sum(A[i, i] for i in range(n))"
_MUL = """define r_mul(A: Matrix[l, m], B: Matrix[m, n]) -> Matrix[l, n] =
    matrix(sum(A[i, k] * B[k, j] for k in range(m)) for i in range(l) for j in range(n))"""
_DET = """define r_det(A: Matrix[n, n]) -> Scalar =
    1 if n == 0 else sum((-1) ** j * A[0, j] * r_det(
        matrix(A[i + 1, k if k < j else k + 1] for i in range(n - 1) for k in range(n - 1)))
        for j in range(n))"""
_SPAN = """define r_span(v: Vector[n], vs: List[Vector[n]]) -> Bool =
    any(all(v[i] == sum(c[k] * vs[k][i] for k in range(len(vs))) for i in range(n)) for c in Vector[len(vs)])"""

TASK = Task(
    name="hidden",
    parameters={},
    brief="",
    given=Given(scalars=True),
    statement_size=200,
    concepts=(
        Concept(
            id="trace",
            forms=(Form(source=_TRACE),),
            laws=(
                Law(source="claim (A: Matrix[m, n], B: Matrix[n, m]): r_trace(r_mul(A, B)) == r_trace(r_mul(B, A))"),
                Law(
                    source="claim (A: Matrix[n, n]): r_trace(A) == "
                    "r_trace(matrix(A[j, i] for i in range(n) for j in range(n)))"
                ),
            ),
        ),
        Concept(id="product", forms=(Form(source=_MUL),)),
        Concept(id="determinant", forms=(Form(source=_DET, symmetry="sign"),), prerequisites=("product",)),
        Concept(
            id="span",
            forms=(
                Form(
                    source=_SPAN,
                    sampler={"v": "vector(sum(v[k % n] * vs[k][i] for k in range(len(vs))) for i in range(n))"},
                ),
                Form(
                    source="""define r_span_columns(v: Vector[m], A: Matrix[m, n]) -> Bool =
    any(all(v[i] == sum(A[i, j] * c[j] for j in range(n)) for i in range(m)) for c in Vector[n])""",
                    sampler={"v": "vector(sum(A[i, j] * v[j % m] for j in range(n)) for i in range(m))"},
                ),
            ),
            laws=(
                Law(
                    source="claim (v: Vector[n], vs: List[Vector[n]], x: Scalar) where r_span(v, vs) and 2 * x != 0: "
                    "r_span(vector((x * x + 1) * v[i] for i in range(n)), vs)"
                ),
            ),
        ),
        Concept(
            id="quotient",
            forms=(Form(source="define r_quotient(x: Scalar, y: Scalar) -> Scalar = x / y", domain="y != 0"),),
            laws=(
                Law(source="claim (x: Scalar, y: Scalar) where y != 0: r_quotient(x - y, y) == r_quotient(x, y) - 1"),
            ),
        ),
        Concept(
            id="area",
            forms=(
                Form(
                    source="define r_area(u: Vector[2], v: Vector[2]) -> Scalar = u[0] * v[1] - u[1] * v[0]",
                    symmetry="factor",
                ),
            ),
        ),
        Concept(
            id="total",
            forms=(
                Form(source="define r_total(v: Vector[n]) -> Scalar = sum(v[i] for i in range(n))", symmetry="factor"),
            ),
        ),
        Concept(
            id="all_equal",
            forms=(
                Form(
                    source="define r_all_equal(v: Vector[n]) -> Bool = all(v[i] == v[0] for i in range(n))",
                    sampler={"v": "vector(v[0] for i in range(n))"},
                ),
            ),
        ),
        Concept(
            id="choose",
            forms=(
                Form(
                    source="""define r_choose(n: Nat, k: Nat) -> Nat =
    1 if k == 0 else (0 if n == 0 else r_choose(n - 1, k - 1) + r_choose(n - 1, k))"""
                ),
            ),
        ),
        Concept(
            id="zeros",
            forms=(Form(source="define r_zeros(v: Vector[n]) -> Nat = count(v[i] == 0 for i in range(n))"),),
            laws=(Law(source="claim (v: Vector[n]): r_zeros(v) < n + 1"),),
        ),
        Concept(
            id="inverse_scalar",
            forms=(
                Form(
                    source="define r_inverse(x: Scalar) -> Scalar = first(y for y in Scalar if x * y == 1)",
                    domain="x != 0",
                ),
            ),
        ),
    ),
)

EXAMINER = Examiner(TASK)


def examine(text: str) -> Examination:
    """The concepts that the last statement of a text earns. The statements before it are in scope."""
    scope, known = Scope(TASK.given), {}
    *helpers, last = split_statements(text)
    for located in helpers:
        definition = read_statement(located.source, scope)
        assert isinstance(definition, Definition)
        scope, known[definition.key] = scope.adding(definition), definition
    return EXAMINER.examine(read_statement(last.source, scope), known)


def named(text: str) -> dict[str, str]:
    """Comment -> the statements below it."""
    parts = [part.partition("\n") for part in text.strip().removeprefix("# ").split("\n# ")]
    return {name: source for name, _, source in parts}


EARNS = named("""
# trace: other names
define spur(M: Matrix[k, k]) -> Scalar = sum(M[q, q] for q in range(k))
# trace: a double sum
define spur(A: Matrix[n, n]) -> Scalar = sum(A[i, j] for i in range(n) for j in range(n) if i == j)
# trace: through a helper
define diagonal(A: Matrix[n, n]) -> Vector[n] = vector(A[i, i] for i in range(n))
define spur(A: Matrix[n, n]) -> Scalar = sum(diagonal(A)[i] for i in range(n))
# trace: by recursion
define upto(A: Matrix[n, n], k: Nat) -> Scalar = 0 if k == 0 else A[k - 1, k - 1] + upto(A, k - 1)
define spur(A: Matrix[n, n]) -> Scalar = upto(A, n)
# product: rows and columns
define row(A: Matrix[m, n], i: Nat) -> Vector[n] = vector(A[i, j] for j in range(n))
define column(A: Matrix[m, n], j: Nat) -> Vector[m] = vector(A[i, j] for i in range(m))
define dot(u: Vector[n], v: Vector[n]) -> Scalar = sum(u[i] * v[i] for i in range(n))
define times(A: Matrix[l, m], B: Matrix[m, n]) -> Matrix[l, n] =
    matrix(dot(row(A, i), column(B, j)) for i in range(l) for j in range(n))
# product: the other order of arguments
define times(B: Matrix[m, n], A: Matrix[l, m]) -> Matrix[l, n] =
    matrix(sum(A[i, k] * B[k, j] for k in range(m)) for i in range(l) for j in range(n))
# determinant: Leibniz
define d(A: Matrix[n, n]) -> Scalar = sum(
    (-1) ** count(p[j] < p[i] for j in range(n) for i in range(j)) * prod(A[i, p[i]] for i in range(n))
    for p in permutations(n))
# determinant: along the first column, with the other sign
define d(A: Matrix[n, n]) -> Scalar =
    scalar(1) - 2 if n == 0 else sum((-1) ** i * A[i, 0] * d(
        matrix(A[k if k < i else k + 1, j + 1] for k in range(n - 1) for j in range(n - 1)))
        for i in range(n))
# span: the other order of arguments
define reached(vs: List[Vector[n]], v: Vector[n]) -> Bool =
    any(all(v[i] == sum(c[k] * vs[k][i] for k in range(len(vs))) for i in range(n)) for c in Vector[len(vs)])
# span: columns of a matrix
define reached(A: Matrix[m, n], b: Vector[m]) -> Bool =
    any(vector(sum(A[i, j] * x[j] for j in range(n)) for i in range(m)) == b for x in Vector[n])
# span: denied twice
define reached(v: Vector[n], vs: List[Vector[n]]) -> Bool =
    not all(any(v[i] != sum(c[k] * vs[k][i] for k in range(len(vs))) for i in range(n)) for c in Vector[len(vs)])
# quotient: defined where it need not be
define ratio(x: Scalar, y: Scalar) -> Scalar = 0 if y == 0 else x / y
# quotient: the other order of arguments
define ratio(y: Scalar, x: Scalar) -> Scalar = x / y
# quotient: upside down, where it is safe
define ratio(x: Scalar, y: Scalar) -> Scalar = y / x if x != 0 else 0
# area: of the other sign
define area(u: Vector[2], v: Vector[2]) -> Scalar = u[1] * v[0] - u[0] * v[1]
# total: taken away
define f(v: Vector[n]) -> Scalar = -sum(v[i] for i in range(n))
# all_equal: each with each
define flat(v: Vector[n]) -> Bool = all(v[i] == v[j] for i in range(n) for j in range(n))
# choose: subsets
define choose(n: Nat, k: Nat) -> Nat = count(True for s in subsets(n, k))
# choose: the other order of arguments
define choose(k: Nat, n: Nat) -> Nat = count(True for s in subsets(n, k))
# zeros: as a sum
define zeros(v: Vector[n]) -> Nat = sum((1 if v[i] == 0 else 0) for i in range(n))
# inverse_scalar: by division
define invert(x: Scalar) -> Scalar = 1 / x
""")
"""`CONCEPT: how it is written` -> definitions, of which the last is a form of the concept."""

NOTHING = named("""
# constant
define f(A: Matrix[n, n]) -> Scalar = 0
# the size
define f(A: Matrix[n, n]) -> Scalar = scalar(n)
# one entry
define f(A: Matrix[n, n]) -> Scalar = A[0, 0]
# a projection
define f(A: Matrix[l, m], B: Matrix[m, n]) -> Matrix[l, m] = A
# what is given
define f(x: Scalar, y: Scalar) -> Scalar = x * y
# twice the trace
define f(A: Matrix[n, n]) -> Scalar = 2 * sum(A[i, i] for i in range(n))
# no trace at all
define f(A: Matrix[n, n]) -> Scalar = 0 * sum(A[i, i] for i in range(n))
# the other diagonal
define f(A: Matrix[n, n]) -> Scalar = sum(A[i, n - 1 - i] for i in range(n))
# one entry short
define f(A: Matrix[n, n]) -> Scalar = sum(A[i, i] for i in range(n - 1))
# one entry too many
define f(A: Matrix[n, n]) -> Scalar = sum(A[i, i] for i in range(n)) + (A[0, 1] if n > 1 else 0)
# trace for n = 2 only
define f(A: Matrix[n, n]) -> Scalar = A[0, 0] + A[1, 1] if n > 1 else A[0, 0]
# trace below 9
define f(A: Matrix[n, n]) -> Scalar = sum(A[i, i] for i in range(n)) if n < 9 else 0
# trace below 5 * 5
define f(A: Matrix[n, n]) -> Scalar = sum(A[i, i] for i in range(n)) if n < 5 * 5 else 0
# trace but at a computed size
define square(k: Nat) -> Nat = k * k
define f(A: Matrix[n, n]) -> Scalar = sum(A[i, i] for i in range(n)) if n != square(5) else 0
# trace but at a hidden size
define f(A: Matrix[n, n]) -> Scalar =
    sum(A[i, i] for i in range(n)) if n != len([A, A, A, A, A, A, A, A, A, A, A, A, A, A]) else 0
# trace but at a size that is a sum of ones
define f(A: Matrix[n, n]) -> Scalar =
    sum(A[i, i] for i in range(n)) if n != sum((1 if A == A else 1) for i in range(4) for j in range(4)) else 0
# trace but at a size that small sizes do not look at
define f(A: Matrix[n, n]) -> Scalar = sum(A[i, i] for i in range(n)) if n < 4 or n != 5 * 5 else 0
# trace but at a size that is dear
define burn(k: Nat) -> Nat = 1 if k == 0 else burn(k - 1) + burn(k - 1)
define f(A: Matrix[n, n]) -> Scalar = sum(A[i, i] for i in range(n)) if n < 4 or n != burn(12) else 0
# trace but undefined where a corner is 5
define f(A: Matrix[n, n]) -> Scalar = sum(A[i, i] for i in range(n)) + (0 if n != 3 else 0 * (1 / (A[0, 0] - A[2, 2])))
# trace but undefined where a corner is 0
define f(A: Matrix[n, n]) -> Scalar = sum(A[i, i] for i in range(n)) + 0 / A[0, 0]
# trace but over the square of a field
define f(A: Matrix[n, n]) -> Scalar = sum(A[i, i] for i in range(n)) * (
    1 if conj(A[0, 0]) == A[0, 0] or (A[0, 0] ** 4 - A[0, 0]) * (A[0, 0] ** 9 - A[0, 0]) == 0 else 2)
# trace of conjugates
define f(A: Matrix[n, n]) -> Scalar = sum(conj(A[i, i]) for i in range(n))
# trace to the seventh
define f(A: Matrix[n, n]) -> Scalar = sum(A[i, i] ** 7 for i in range(n))
# trace on every small field
define f(A: Matrix[n, n]) -> Scalar = sum(A[i, i] ** 841 for i in range(n))
# trace but in characteristic 101
define f(A: Matrix[n, n]) -> Scalar = 0 if scalar(101) == 0 else sum(A[i, i] for i in range(n))
# trace but in a computed characteristic
define f(A: Matrix[n, n]) -> Scalar = 0 if scalar(10 * 10 + 1) == 0 else sum(A[i, i] for i in range(n))
# trace but where it is 12345
define f(A: Matrix[n, n]) -> Scalar =
    0 if sum(A[i, i] for i in range(n)) == 12345 else sum(A[i, i] for i in range(n))
# trace but of singular matrices of size 2
define f(A: Matrix[n, n]) -> Scalar =
    0 if n == 2 and A[0, 0] * A[n - 1, n - 1] == A[0, n - 1] * A[n - 1, 0] else sum(A[i, i] for i in range(n))
# trace but of diagonal matrices above size 3
define f(A: Matrix[n, n]) -> Scalar = sum(A[i, i] for i in range(n)) * (
    0 if n > 3 and all(A[i, j] == 0 for i in range(n) for j in range(n) if i != j) else 1)
# trace, burning fuel for large sizes
define burn(k: Nat) -> Nat = 1 if k == 0 else burn(k - 1) + burn(k - 1)
define f(A: Matrix[n, n]) -> Scalar = sum(A[i, i] for i in range(n)) * scalar(1 if n < 4 else burn(40))
# undefined where the trace is not
define f(A: Matrix[n, n]) -> Scalar = sum(A[i, i] for i in range(n)) * A[0, 0] / A[0, 0]
# product with the factors exchanged
define f(A: Matrix[n, n], B: Matrix[n, n]) -> Matrix[n, n] =
    matrix(sum(B[i, k] * A[k, j] for k in range(n)) for i in range(n) for j in range(n))
# product of square matrices only
define f(A: Matrix[n, n], B: Matrix[n, n]) -> Matrix[n, n] =
    matrix(sum(A[i, k] * B[k, j] for k in range(n)) for i in range(n) for j in range(n))
# product with one entry different
define f(A: Matrix[l, m], B: Matrix[m, n]) -> Matrix[l, n] = matrix(
    sum(A[i, k] * B[k, j] for k in range(m)) + (1 if i == 2 and j == 1 else 0) for i in range(l) for j in range(n))
# product with the transpose
define f(A: Matrix[l, m], B: Matrix[n, m]) -> Matrix[l, n] =
    matrix(sum(A[i, k] * B[j, k] for k in range(m)) for i in range(l) for j in range(n))
# product entry by entry
define f(A: Matrix[m, n], B: Matrix[m, n]) -> Matrix[m, n] =
    matrix(A[i, j] * B[i, j] for i in range(m) for j in range(n))
# the permanent
define f(A: Matrix[n, n]) -> Scalar = sum(prod(A[i, p[i]] for i in range(n)) for p in permutations(n))
# the determinant squared
define d(A: Matrix[n, n]) -> Scalar = sum(
    (-1) ** count(p[j] < p[i] for j in range(n) for i in range(j)) * prod(A[i, p[i]] for i in range(n))
    for p in permutations(n))
define f(A: Matrix[n, n]) -> Scalar = d(A) * d(A)
# the determinant times its size
define d(A: Matrix[n, n]) -> Scalar = sum(
    (-1) ** count(p[j] < p[i] for j in range(n) for i in range(j)) * prod(A[i, p[i]] for i in range(n))
    for p in permutations(n))
define f(A: Matrix[n, n]) -> Scalar = scalar(n) * d(A)
# the determinant, of one sign here and another there
define d(A: Matrix[n, n]) -> Scalar = sum(
    (-1) ** count(p[j] < p[i] for j in range(n) for i in range(j)) * prod(A[i, p[i]] for i in range(n))
    for p in permutations(n))
define f(A: Matrix[n, n]) -> Scalar = d(A) if A[0, 0] == 0 else -d(A)
# always reached
define f(v: Vector[n], vs: List[Vector[n]]) -> Bool = True
# never reached
define f(v: Vector[n], vs: List[Vector[n]]) -> Bool = False
# one of the list
define f(v: Vector[n], vs: List[Vector[n]]) -> Bool = any(v == u for u in vs)
# a multiple of one of the list
define f(v: Vector[n], vs: List[Vector[n]]) -> Bool =
    any(any(v == vector(x * u[i] for i in range(n)) for x in Scalar) for u in vs)
# a combination with some coefficient 0 or 1
define f(v: Vector[n], vs: List[Vector[n]]) -> Bool =
    any(all(v[i] == sum(c[k] * vs[k][i] for k in range(len(vs))) for i in range(n)) for c in Vector[len(vs)]
        if all(c[k] ** 2 == c[k] for k in range(len(vs))))
# a combination over small fields: coefficients to the 60th power are 1
define f(v: Vector[n], vs: List[Vector[n]]) -> Bool =
    any(all(v[i] == sum(c[k] * c[k] ** 840 * vs[k][i] for k in range(len(vs))) for i in range(n))
        for c in Vector[len(vs)]
        if all(c[k] ** 841 == c[k] for k in range(len(vs))))
# a combination but of long lists
define f(v: Vector[n], vs: List[Vector[n]]) -> Bool = (len(vs) < 5 and
    any(all(v[i] == sum(c[k] * vs[k][i] for k in range(len(vs))) for i in range(n)) for c in Vector[len(vs)]))
# the quotient where it is safe and one elsewhere
define f(x: Scalar, y: Scalar) -> Scalar = x / y if y * (y - 1) != 0 else 1
# the product, called a quotient
define r_quotient(x: Scalar, y: Scalar) -> Scalar = x * y
# area times nothing
define f(u: Vector[2], v: Vector[2]) -> Scalar = 0 * (u[0] * v[1] - u[1] * v[0])
# area times an entry
define f(u: Vector[2], v: Vector[2]) -> Scalar = u[0] * (u[0] * v[1] - u[1] * v[0])
# area with a plus
define f(u: Vector[2], v: Vector[2]) -> Scalar = u[0] * v[1] + u[1] * v[0]
# total, of a sign that depends on the size
define f(v: Vector[n]) -> Scalar = (-1) ** n * sum(v[i] for i in range(n))
# total, of a sign that depends on an entry
define f(v: Vector[n]) -> Scalar = sum(v[i] for i in range(n)) if v[0] != 1 else -sum(v[i] for i in range(n))
# total times a size
define f(v: Vector[n]) -> Scalar = scalar(n) * sum(v[i] for i in range(n))
# neighbours are equal, up to one
define f(v: Vector[n]) -> Bool = all(v[i] == v[i + 1] for i in range(n - 1) if i != 1)
# all zero
define f(v: Vector[n]) -> Bool = all(v[i] == 0 for i in range(n))
# first and last are equal
define f(v: Vector[n]) -> Bool = v[0] == v[n - 1]
# permutations for subsets
define f(n: Nat, k: Nat) -> Nat = count(True for p in permutations(n)) if k <= n else 0
# subsets, but from 8 on
define f(n: Nat, k: Nat) -> Nat = count(True for s in subsets(n, k)) if n < 8 else 0
# subsets, but at 7 * 7
define f(n: Nat, k: Nat) -> Nat = count(True for s in subsets(n, k)) if n != 7 * 7 else 0
# the number of entries that are not zero
define f(v: Vector[n]) -> Nat = count(v[i] != 0 for i in range(n))
# zeros, as an exponent knows them in small fields
define f(v: Vector[n]) -> Nat = count(v[i] ** 840 != 1 for i in range(n))
# the inverse as a power, right in small fields
define f(x: Scalar) -> Scalar = x ** 839
# the inverse as a power, ranging
define f(x: Scalar) -> Scalar = first(y for y in Scalar if y == x ** 839)
# the inverse as a computed power, ranging
define f(x: Scalar) -> Scalar = first(
    y for y in Scalar if y * prod(x for i in range(28) for j in range(30)) == x ** 839)
""")
"""Definitions that are forms of no concept."""
