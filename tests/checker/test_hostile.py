"""Any statement gets a verdict in bounded time and memory, and no false one is accepted."""

from __future__ import annotations

import time

import pytest

from relay.checker.checker import Checker
from relay.errors import NotationError
from tests.checker.corpus import CHECKER, DEFINITIONS, GIVEN, named, read, read_prelude

SECONDS = 8
"""Seconds of processor time for one statement. On an idle machine none takes 3; a busy machine is slower."""

STATEMENTS = named("""
# a huge size in a type
claim (A: Matrix[1000000, 1000000]): trace(A) == 0
# a huge computed size
claim (A: Matrix[10 ** 9, 10 ** 9]): trace(A) == 0
# a size beyond all numbers
claim (v: Vector[9 ** 9 ** 9]): dot(v, v) == 0
# a size that is negative or huge
claim (n: Nat, v: Vector[n - 1000]): dot(v, v) == 0
# towers of powers
claim (x: Scalar): x ** (9 ** 9) == x ** (9 ** 9) * x
# towers of rational powers
claim (x: Scalar): ((((x + 2) ** 1000) ** 1000) ** 1000) ** 1000 == x
# a tower of computed numbers
claim (k: Nat): 9 ** (9 ** (9 ** k)) > 0
# nested sums
claim (v: Vector[n]): dot(v, v) == sum(sum(sum(sum(sum(v[0] for a in range(100)) for b in range(100))
    for c in range(100)) for d in range(100)) for e in range(100))
# a flat sum of many
claim (v: Vector[n]): dot(v, v) == sum(v[0] for a in range(1000) for b in range(1000) for c in range(1000))
# all permutations
claim (v: Vector[n]): dot(v, v) == scalar(count(True for p in permutations(12)))
# all subsets
claim (v: Vector[n]): dot(v, v) == scalar(count(True for p in subsets(60, 30)))
# every large matrix
claim (v: Vector[n]): any(det(A) == 1 for A in Matrix[5, 5])
# every vector of every size
claim (v: Vector[n]): any(dot(w, w) == dot(v, v) for w in Vector[n * n * n])
# nested ranging
claim (v: Vector[n]): all(all(all(all(dot(a, b) == dot(b, a) for a in Vector[n]) for b in Vector[n]) for c in Vector[n])
    for d in Vector[n])
# recursion that doubles
claim (k: Nat): burn(k + 40) == burn(k + 40) + 0
# recursion that never ends
claim (k: Nat): forever(k) == forever(k + 1)
# recursion that goes deep
claim (k: Nat): deep(k + 1000) == k
# recursion through many constants
claim (k: Nat): ackermann(3, k) == ackermann(3, k) * 1 + 0 * ackermann(2, 9)
# a recursion that copies its matrix
claim (A: Matrix[n, n]): trace(grow(A, 60)) == trace(A)
# lists that double
claim (L: List[Scalar]): len(double(L, 40)) == 0
# many parameters
claim (a: Scalar, b: Scalar, c: Scalar, d: Scalar, e: Scalar, f: Scalar, g: Scalar, h: Scalar, i: Scalar, j: Scalar,
    k: Scalar, l: Scalar): (a + b + c + d + e + f + g + h + i + j + k + l) ** 12 == a
# many numbers
claim (a: Nat, b: Nat, c: Nat, d: Nat, e: Nat, f: Nat, g: Nat, h: Nat, i: Nat, j: Nat, k: Nat, l: Nat, m: Nat, o: Nat):
    a + b + c + d + e + f + g + h + i + j + k + l + m + o >= square(a)
# many sizes
claim (a: Matrix[b, c], d: Matrix[e, f], g: Matrix[h, i], j: Matrix[k, l]): trace(mul(a, transpose(a))) ==
    trace(mul(transpose(a), a)) + trace(mul(d, transpose(d))) + trace(mul(g, transpose(j)))
# lists of lists of lists
claim (L: List[List[List[List[Vector[n]]]]]): len(L) == square(len(L))
# a dense polynomial
claim (A: Matrix[n, n], B: Matrix[n, n]): det(mul(add(A, B), mul(add(A, B), add(B, A)))) == det(A) ** 3
# a determinant of a high power
claim (A: Matrix[n, n]): det(power(A, 30)) == det(A) ** 30
# constants of many digits
claim (x: Scalar): scalar(999983 * 999979) * scalar(999961 * 999959) * x == x
# a constant that is hard to factor
claim (x: Scalar) where scalar(999983 * 999979) * scalar(999961 * 999959) * (scalar(999953 * 999931)) * x == 0: x == 0
# many constants
claim (v: Vector[n]): dot(v, v) ==
    scalar(1 if n == 2 or n == 3 or n == 4 or n == 5 or n == 6 or n == 7 or n == 8 else 0)
""")
HELPERS = """
define forever(k: Nat) -> Nat = forever(k)
define deep(k: Nat) -> Nat = 0 if k == 0 else 1 + deep(k - 1)
define ackermann(m: Nat, k: Nat) -> Nat =
    k + 1 if m == 0 else (ackermann(m - 1, 1) if k == 0 else ackermann(m - 1, ackermann(m, k - 1)))
define grow(A: Matrix[n, n], k: Nat) -> Matrix[n, n] = A if k == 0 else grow(mul(A, A), k - 1)
define double(L: List[Scalar], k: Nat) -> List[Scalar] = L if k == 0 else double(L + L, k - 1)
"""
SCOPE, KNOWN = read_prelude(HELPERS)


@pytest.mark.parametrize("name", sorted(STATEMENTS))
def test_a_hostile_claim_gets_a_verdict_in_time(name: str) -> None:
    try:
        claim = read(STATEMENTS[name], SCOPE)
    except NotationError:
        return  # `ill_formed` is a verdict
    begun = time.process_time()
    verdict = CHECKER.judge(claim, KNOWN)
    assert time.process_time() - begun < SECONDS
    assert not verdict.status.accepted or name in ("nested ranging", "a determinant of a high power")


def test_a_deep_chain_of_definitions_is_judged() -> None:
    lines = ["define f0(x: Scalar) -> Scalar = x + 1"]
    lines += [f"define f{n}(x: Scalar) -> Scalar = f{n - 1}(f{n - 1}(x)) + f{n - 1}(x)" for n in range(1, 30)]
    scope, known = read_prelude("\n".join(lines))
    begun = time.process_time()
    verdict = Checker(GIVEN).judge(read("claim (x: Scalar): f29(x) == x", scope), known)
    assert time.process_time() - begun < SECONDS
    assert not verdict.status.accepted


def test_a_long_chain_of_definitions_is_judged() -> None:
    lines = ["define f0(x: Scalar) -> Scalar = x + 1"]
    lines += [f"define f{n}(x: Scalar) -> Scalar = f{n - 1}(x) + 1" for n in range(1, 400)]
    scope, known = read_prelude("\n".join(lines))
    assert not Checker(GIVEN).judge(read("claim (x: Scalar): f399(x) == x", scope), known).status.accepted
    assert not Checker(GIVEN).judge(read("claim (x: Scalar): f399(x) == f398(x)", scope), known).status.accepted


def test_the_widest_statement_is_judged() -> None:
    names = ", ".join(f"x{n}: Nat" for n in range(300))
    claim = read(f"claim ({names}): " + " + ".join(f"x{n}" for n in range(30)) + " == x0")
    begun = time.process_time()
    assert not CHECKER.judge(claim, DEFINITIONS).status.accepted
    assert time.process_time() - begun < SECONDS
