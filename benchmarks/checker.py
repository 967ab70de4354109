"""Compare the speed of the checker with other tools: in one run, on one core, in processor time, with cold caches.

    python3 -m pip install 'relay-instrument[bench]'       # math-verify, for the first table
    python3 benchmarks/checker.py                          # all tables
    python3 benchmarks/checker.py --cap 20 --statements 10 # a short run

Three tables:

1. Different statements that math-verify can express too. Blocks of them are read and judged by relay, then the same
   block is parsed and verified by math-verify, and so on. SymPy's cache is cleared before each statement, except in the
   last column.
2. Identities of matrices against `sympy.simplify(lhs - rhs) == 0`, each in its own process with a time limit; and
   against the same polynomials multiplied out by hand with `flint.fmpz_mpoly`.
3. The same identities for matrices of any size.

The definitions that the identities call have been used before, since SymPy's `det` and `trace` are built in as well.
Caches of the identity itself are cleared before each run.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import resource
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, product
from math import exp, log
from random import Random
from statistics import fmean, median
from typing import Any

import flint
import sympy
from sympy.core.cache import clear_cache

from relay.checker.checker import Checker
from relay.evaluation.algebra import polynomial_facts
from relay.notation import Scope, read_statement, split_statements
from relay.notation.parse import parse
from relay.notation.syntax import Definition
from relay.records.status import Status
from relay.records.task import Given

try:
    import math_verify
except ImportError:
    math_verify = None

DEFINITIONS = """
define mul(A: Matrix[l, m], B: Matrix[m, n]) -> Matrix[l, n] =
    matrix(sum(A[i, k] * B[k, j] for k in range(m)) for i in range(l) for j in range(n))
define plus(A: Matrix[m, n], B: Matrix[m, n]) -> Matrix[m, n] =
    matrix(A[i, j] + B[i, j] for i in range(m) for j in range(n))
define scale(c: Scalar, A: Matrix[m, n]) -> Matrix[m, n] = matrix(c * A[i, j] for i in range(m) for j in range(n))
define identity(n: Nat) -> Matrix[n, n] = matrix((1 if i == j else 0) for i in range(n) for j in range(n))
define power(A: Matrix[n, n], k: Nat) -> Matrix[n, n] = identity(n) if k == 0 else mul(A, power(A, k - 1))
define trace(A: Matrix[n, n]) -> Scalar = sum(A[i, i] for i in range(n))
define transpose(A: Matrix[m, n]) -> Matrix[n, m] = matrix(A[j, i] for i in range(n) for j in range(m))
define minor(A: Matrix[n, n], r: Nat, c: Nat) -> Matrix[n - 1, n - 1] =
    matrix(A[i if i < r else i + 1, j if j < c else j + 1] for i in range(n - 1) for j in range(n - 1))
define det(A: Matrix[n, n]) -> Scalar =
    1 if n == 0 else sum((-1) ** j * A[0, j] * det(minor(A, 0, j)) for j in range(n))
define adjugate(A: Matrix[n, n]) -> Matrix[n, n] =
    matrix((-1) ** (i + j) * det(minor(A, j, i)) for i in range(n) for j in range(n))
define chosen(A: Matrix[n, n], s: List[Nat]) -> Matrix[len(s), len(s)] =
    matrix(A[s[i], s[j]] for i in range(len(s)) for j in range(len(s)))
define coefficient(A: Matrix[n, n], k: Nat) -> Scalar = (-1) ** k * sum(det(chosen(A, s)) for s in subsets(n, k))
define at_itself(A: Matrix[n, n]) -> Matrix[n, n] =
    matrix(sum(coefficient(A, k) * power(A, n - k)[i, j] for k in range(n + 1)) for i in range(n) for j in range(n))
define rows(L: List[List[Scalar]]) -> Matrix[2, 2] = matrix(L[i][j] for i in range(2) for j in range(2))
define zero(n: Nat) -> Matrix[n, n] = matrix(0 for i in range(n) for j in range(n))
"""
GIVEN = Given(scalars=True)
BLOCK = 30
"""Number of statements in a block of the first table."""
REPEATS = 7
"""Number of runs of a short measurement, of which the median counts."""


@dataclass(frozen=True)
class Setting:
    """The scope, its definitions, and the checker."""

    scope: Scope
    known: Mapping[str, Definition]
    checker: Checker

    def status(self, source: str) -> Status:
        """Read and judge a statement."""
        return self.checker.judge(read_statement(source, self.scope), self.known).status


def setting() -> Setting:
    """Read the definitions and return the setting."""
    scope, known = Scope(GIVEN), {}
    for located in split_statements(DEFINITIONS):
        definition = read_statement(located.source, scope)
        assert isinstance(definition, Definition)
        scope, known[definition.key] = scope.adding(definition), definition
    return Setting(scope, known, Checker(GIVEN))


# --- statements that math-verify can express too ---------------------------------------------------------------------


@dataclass(frozen=True)
class Common:
    """One statement in both languages, and whether it is true."""

    kind: str
    ours: str
    gold: str
    answer: str
    truth: bool


def common(random: Random, count: int) -> Iterator[Common]:
    """Yield `count` different statements of each kind; about half of them are false."""
    for _ in range(count):
        a, b, c = random.sample(range(2, 600), 3)
        off = random.randrange(2)
        yield Common(
            "two linear factors",
            f"claim (x: Scalar, y: Scalar): ({a} * x + {b} * y) * ({c} * x + {a} * y) == "
            f"{a * c} * x ** 2 + {a * a + b * c + off} * x * y + {a * b} * y ** 2",
            f"$({a}x+{b}y)({c}x+{a}y)$", f"${a * c}x^2+{a * a + b * c + off}xy+{a * b}y^2$", not off,
        )  # fmt: skip
        a, b = a % 50, b % 50
        yield Common(
            "a cube",
            f"claim (x: Scalar): (x + {a}) ** 3 == x ** 3 + {3 * a} * x ** 2 + {3 * a * a} * x + {a**3 + off}",
            f"$(x+{a})^3$", f"$x^3+{3 * a}x^2+{3 * a * a}x+{a**3 + off}$", not off,
        )  # fmt: skip
        yield Common(
            "three variables",
            f"claim (x: Scalar, y: Scalar, z: Scalar): (x + {a} * y) * (y - {b} * z) - {a} * y ** 2 == "
            f"x * y - {b} * x * z - {a * b + off} * y * z",
            f"$(x+{a}y)(y-{b}z)-{a}y^2$", f"$xy-{b}xz-{a * b + off}yz$", not off,
        )  # fmt: skip
        yield Common(
            "numbers",
            f"claim (): scalar({a}) * {c} + {b} == {a * c + b + off}",
            rf"${a}\cdot {c}+{b}$", f"${a * c + b + off}$", not off,
        )  # fmt: skip
        yield Common("a power", f"claim (): scalar({a}) ** 3 == {a**3 + off}", f"${a}^3$", f"${a**3 + off}$", not off)
        yield Common(
            "a product of matrices",
            f"claim (): mul({ours([[a, b], [c, 1]])}, {ours([[2, 3], [5, 7]])}) == "
            f"{ours([[2 * a + 5 * b, 3 * a + 7 * b + off], [2 * c + 5, 3 * c + 7]])}",
            f"${theirs([[a, b], [c, 1]])}{theirs([[2, 3], [5, 7]])}$",
            f"${theirs([[2 * a + 5 * b, 3 * a + 7 * b + off], [2 * c + 5, 3 * c + 7]])}$", not off,
        )  # fmt: skip


def ours(rows: list[list[int]]) -> str:
    """A matrix of numbers in the notation."""
    return f"rows({rows})"


def theirs(rows: list[list[int]]) -> str:
    """A matrix of numbers in LaTeX."""
    return r"\begin{pmatrix}" + r"\\".join(" & ".join(map(str, row)) for row in rows) + r"\end{pmatrix}"


def verify(one: Common) -> bool:
    """Return whether math-verify accepts the statement."""
    return bool(math_verify.verify(math_verify.parse(one.gold), math_verify.parse(one.answer)))


def judged(here: Setting, one: Common) -> tuple[float, float, bool]:
    """Return the seconds that relay takes to read and to judge the statement, and whether it does not refute it."""
    begun = time.process_time()
    statement = read_statement(one.ours, here.scope)
    read = time.process_time()
    status = here.checker.judge(statement, here.known).status
    return read - begun, time.process_time() - read, status is not Status.REFUTED


def verified(one: Common) -> tuple[float, float, bool]:
    """Return the seconds of math-verify with a cleared and then with a warm cache of SymPy, and its answer."""
    clear_cache()
    begun = time.process_time()
    said = verify(one)
    once = time.process_time()
    verify(one)
    return once - begun, time.process_time() - once, said


def against_math_verify(count: int, seed: int) -> None:
    """Print the first table."""
    if math_verify is None:
        print("math-verify is not installed: python3 -m pip install 'relay-instrument[bench]'")
        return
    here = setting()
    statements = list(common(Random(seed), count))
    for one in common(Random(seed + 1), 1):  # lazy imports and first calls don't count for either side
        here.status(one.ours)
        verify(one)
    spent: dict[str, list[tuple[float, float, float, float]]] = {}
    wrong = [0, 0]
    for start in range(0, len(statements), BLOCK):
        block = statements[start : start + BLOCK]
        gc.collect()  # outside the measurements, as in `timeit`: neither side pays for the other's garbage
        for one, mine, theirs_ in zip(
            block, [judged(here, one) for one in block], list(map(verified, block)), strict=True
        ):
            spent.setdefault(one.kind, []).append((*mine[:2], *theirs_[:2]))
            wrong[0] += mine[2] is not one.truth
            wrong[1] += theirs_[2] is not one.truth
    print(f"{len(statements)} statements, {count} of each kind; milliseconds each")
    print(f"{'':24}{'read':>8}{'judge':>8}{'math-verify':>13}{'ratio':>8}{'the same again':>17}")
    ratios, totals = [], [0.0, 0.0]
    for kind, rows in spent.items():
        read_, judge, verify_, warm = (1e3 * fmean(column) for column in zip(*rows, strict=True))
        ratios.append(verify_ / (read_ + judge))
        totals = [totals[0] + read_ + judge, totals[1] + verify_]
        print(f"{kind:24}{read_:8.2f}{judge:8.2f}{verify_:13.1f}{ratios[-1]:8.0f}{warm:17.1f}")
    print(f"all of them: {totals[1] / totals[0]:.0f} times math-verify; geometric mean of the kinds {mean(ratios):.0f}")
    print(f"wrong answers: {wrong[0]} here, {wrong[1]} there\n")


# --- identities of matrices ------------------------------------------------------------------------------------------

Rows = list[list[Any]]


@dataclass(frozen=True)
class Identity:
    """One identity in the notation, in SymPy and in flint. `body` has `N` in place of a size."""

    name: str
    parameters: str
    body: str
    sympy: Callable[[int], tuple[Any, Any]]
    flint: Callable[[int], tuple[Any, Any]]
    plain: bool = False
    """Whether SymPy's two sides are equal without `simplify`."""

    def claim(self, size: str) -> str:
        """Return the claim for matrices of a size."""
        parameters = ", ".join(f"{name}: Matrix[{size}, {size}]" for name in self.parameters)
        return f"claim ({parameters}): {self.body.replace('N', size)}"


def symbolic(n: int, letters: str) -> list[Any]:
    """Return SymPy matrices of symbols, one for each letter."""
    return [sympy.Matrix(n, n, lambda i, j, name=name: sympy.Symbol(f"{name}{i}{j}")) for name in letters]


def cayley_hamilton(n: int) -> tuple[Any, Any]:
    (a,) = symbolic(n, "a")
    powers = [c * a ** (n - k) for k, c in enumerate(a.charpoly().all_coeffs())]
    return sum(powers[1:], powers[0]), sympy.zeros(n, n)


def generic(n: int, letters: str) -> list[Rows]:
    """Return matrices of flint's indeterminates, one for each letter."""
    names = [f"{name}{i}{j}" for name in letters for i in range(n) for j in range(n)]
    gens = iter(flint.fmpz_mpoly_ctx.get(names, "lex").gens())
    return [[[next(gens) for _ in range(n)] for _ in range(n)] for _ in letters]


def times(a: Rows, b: Rows) -> Rows:
    return [[sum((x * y for x, y in zip(row[1:], column[1:], strict=True)), row[0] * column[0])
             for column in zip(*b, strict=True)] for row in a]  # fmt: skip


def turned(a: Rows) -> Rows:
    return [list(column) for column in zip(*a, strict=True)]


def tracing(a: Rows) -> Any:
    return sum((a[i][i] for i in range(1, len(a))), a[0][0])


def determinant(a: Rows) -> Any:
    if len(a) == 1:
        return a[0][0]
    terms = [(-1) ** j * a[0][j] * determinant([row[:j] + row[j + 1 :] for row in a[1:]]) for j in range(len(a))]
    return sum(terms[1:], terms[0])


def flint_adjugate(n: int) -> tuple[Any, Any]:
    (a,) = generic(n, "a")

    def cofactor(i: int, j: int) -> Any:
        return (-1) ** (i + j) * determinant([row[:j] + row[j + 1 :] for k, row in enumerate(a) if k != i])

    whole = determinant(a)
    adjugate = [[cofactor(j, i) for j in range(n)] for i in range(n)]
    return times(a, adjugate), [[whole if i == j else 0 * whole for j in range(n)] for i in range(n)]


def flint_cayley_hamilton(n: int) -> tuple[Any, Any]:
    (a,) = generic(n, "a")
    one = a[0][0] ** 0
    power = [[one if i == j else 0 * one for j in range(n)] for i in range(n)]
    total = [[0 * one] * n for _ in range(n)]
    for k in range(n, -1, -1):
        minors = [determinant([[a[i][j] for j in s] for i in s]) for s in combinations(range(n), k)] if k else [one]
        c = (-1) ** k * sum(minors[1:], minors[0])
        total = [[t + c * p for t, p in zip(*rows, strict=True)] for rows in zip(total, power, strict=True)]
        power = times(power, a)
    return total, [[0 * one] * n for _ in range(n)]


def identity(name: str, parameters: str, body: str, theirs_: Any, bare: Any, plain: bool = False) -> Identity:
    """Build an identity whose two sides are functions of matrices."""
    return Identity(
        name, parameters, body,
        lambda n: theirs_(*symbolic(n, parameters)), lambda n: bare(*generic(n, parameters)), plain,
    )  # fmt: skip


IDENTITIES = (
    identity("trace of two", "AB", "trace(mul(A, B)) == trace(mul(B, A))",
             lambda a, b: ((a * b).trace(), (b * a).trace()),
             lambda a, b: (tracing(times(a, b)), tracing(times(b, a))), plain=True),
    identity("trace of three", "ABC", "trace(mul(mul(A, B), C)) == trace(mul(mul(C, A), B))",
             lambda a, b, c: ((a * b * c).trace(), (c * a * b).trace()),
             lambda a, b, c: (tracing(times(times(a, b), c)), tracing(times(times(c, a), b)))),
    identity("transposition of two", "AB", "transpose(mul(A, B)) == mul(transpose(B), transpose(A))",
             lambda a, b: ((a * b).T, b.T * a.T),
             lambda a, b: (turned(times(a, b)), times(turned(b), turned(a))), plain=True),
    identity("transposition of three", "ABC",
             "transpose(mul(mul(A, B), C)) == mul(transpose(C), mul(transpose(B), transpose(A)))",
             lambda a, b, c: ((a * b * c).T, c.T * (b.T * a.T)),
             lambda a, b, c: (turned(times(times(a, b), c)), times(turned(c), times(turned(b), turned(a))))),
    identity("determinant, transposed", "A", "det(transpose(A)) == det(A)",
             lambda a: (a.T.det(), a.det()), lambda a: (determinant(turned(a)), determinant(a)), plain=True),
    identity("determinant of a product", "AB", "det(mul(A, B)) == det(A) * det(B)",
             lambda a, b: ((a * b).det(), a.det() * b.det()),
             lambda a, b: (determinant(times(a, b)), determinant(a) * determinant(b))),
    Identity("Cayley-Hamilton", "A", "at_itself(A) == zero(N)", cayley_hamilton, flint_cayley_hamilton),
    Identity("adjugate", "A", "mul(A, adjugate(A)) == scale(det(A), identity(N))",
             lambda n: (lambda a: (a * a.adjugate(), a.det() * sympy.eye(n)))(*symbolic(n, "a")), flint_adjugate),
)  # fmt: skip


def simplified(sides: tuple[Any, Any]) -> bool:
    """Return whether SymPy simplifies the difference of the two sides to zero."""
    difference = sympy.simplify(sides[0] - sides[1])
    return bool(difference == 0 or difference == sympy.zeros(*getattr(difference, "shape", (1, 1))))


def alone(work: Callable[[], bool], cap: int) -> tuple[float, bool]:
    """Run `work` in a new process. Return its processor time and its answer; past the cap, the cap and False."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        resource.setrlimit(resource.RLIMIT_CPU, (cap, cap + 1))
        begun = time.process_time()
        said = work()
        os.write(write, json.dumps((time.process_time() - begun, said)).encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        answer = pipe.read()
    os.waitpid(child, 0)
    if not answer:
        return float(cap), False
    seconds, said = json.loads(answer)
    return float(seconds), bool(said)


def often(work: Callable[[], Any]) -> tuple[float, bool]:
    """Run `work` several times in this process with cleared caches. Return the median time and whether all returned
    true."""
    seconds, said = [], True
    for _ in range(REPEATS):
        forget()
        begun = time.process_time()
        said = bool(work()) and said
        seconds.append(time.process_time() - begun)
    return median(seconds), said


def forget() -> None:
    """Clear the caches that hold parts of a statement."""
    polynomial_facts._context.cache_clear()
    parse.cache_clear()


def against_sympy(cap: int) -> None:
    """Print the second table."""
    here = setting()
    here.status("claim (x: Scalar): x == x")
    simplified((sympy.Symbol("x"), sympy.Symbol("x")))
    print(f"milliseconds; SymPy is stopped at {cap} s, which then counts as its time")
    print(f"{'':28}{'read':>7}{'judge':>8}{'SymPy':>12}{'ratio':>9}{'flint':>9}{'of flint':>9}")
    ratios, shares = [], []
    for one, n in product(IDENTITIES, (3, 4)):
        source = one.claim(str(n))
        statement = read_statement(source, here.scope)
        read, _ = often(lambda source=source: read_statement(source, here.scope))
        seconds, proved = often(
            lambda statement=statement: here.checker.judge(statement, here.known).status is Status.PROVED
        )
        slow, simple = alone(lambda one=one, n=n: simplified(one.sympy(n)), cap)
        bare, same = often(lambda one=one, n=n: (lambda sides: sides[0] == sides[1])(one.flint(n)))
        assert proved and same, source
        ratios.append(slow / seconds)
        shares.append(seconds / bare)
        print(
            f"{one.name + f', {n}x{n}':28}{1e3 * read:7.2f}{1e3 * seconds:8.2f}{1e3 * slow:11.1f}"
            f"{' ' if simple else '*'}{ratios[-1]:9.0f}{1e3 * bare:9.2f}{shares[-1]:9.1f}"
        )
    print(f"geometric mean: {mean(ratios):.0f} times SymPy, {mean(shares):.1f} times the time of flint (* stopped)")
    laws = [ratio for ratio, (one, _) in zip(ratios, product(IDENTITIES, (3, 4)), strict=True) if not one.plain]
    print(f"geometric mean of the {len(laws)} in which SymPy has something to simplify: {mean(laws):.0f}\n")


def of_any_size() -> None:
    """Print the third table."""
    here = setting()
    print("matrices of any size; milliseconds")
    for one in IDENTITIES:
        statement = read_statement(one.claim("n"), here.scope)
        seconds, proved = often(
            lambda statement=statement: here.checker.judge(statement, here.known).status is Status.PROVED
        )
        scope = here.checker.judge(statement, here.known).scope
        print(f"{one.name:28}{1e3 * seconds:8.1f}   {'proved' if proved else 'not proved'}: {scope}")


def mean(ratios: list[float]) -> float:
    """Return the geometric mean."""
    return exp(fmean(map(log, ratios)))


def main() -> None:
    """Measure and print all tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--statements", type=int, default=40, help="of each kind in the first table")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cap", type=int, default=120, help="seconds that SymPy may take for one identity")
    options = parser.parse_args()
    gc.collect()
    gc.freeze()  # keeps later collections from searching the imported modules
    gc.disable()
    against_math_verify(options.statements, options.seed)
    against_sympy(options.cap)
    of_any_size()


if __name__ == "__main__":
    main()
