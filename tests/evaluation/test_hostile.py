"""Terms that could exhaust time, memory or the stack return soon, with a status, in bounded memory."""

from __future__ import annotations

import resource
import subprocess
import sys
import threading
import time
from typing import Any

import numpy as np
import pytest

from relay.evaluation import EXHAUSTED, OK, ListValue, Outcome, VectorValue, call
from relay.evaluation.algebra import Algebra, GaloisField, PrimeField, Rationals
from relay.evaluation.recursion_limit import deep
from relay.notation.syntax import Definition
from tests.evaluation.library import RANGING, SOURCE, by_key, read

SCOPE = read(RANGING, read(SOURCE))
FUEL = 1_000_000
SECONDS = 10.0
"""Seconds; several times as long as any of these takes, so that a busy machine does not matter."""
MEGABYTES = 700
"""The most by which a process may grow over all of these, which bounds the peak of each."""


def valued(source: str, args: list[Any], lanes: int = 1, model: Algebra | None = None, fuel: int = FUEL) -> Outcome:
    scope = read(source, SCOPE)
    definition = list(scope.definitions.values())[-1]
    assert isinstance(definition, Definition)
    return call(definition, args, lanes, model or PrimeField(10007), by_key(scope), fuel)


RAGGED = np.array([1, 10**9, 3, 10**15])

CASES: dict[str, tuple[str, list[Any], int, Algebra | None]] = {
    "endless recursion": ("define f(n: Nat) -> Nat = f(n)", [3], 1, None),
    "endless recursion, many lanes": ("define f(n: Nat) -> Nat = f(n + 1)", [np.arange(5000)], 5000, None),
    "deep recursion of deep terms": (
        f"define f(n: Nat) -> Nat = {'sum(' * 12}f(n + 1){''.join(f' for i{k} in range(1))' for k in range(12))}",
        [3], 1, None,
    ),
    "recursion that branches": ("define f(n: Nat) -> Nat = f(n + 1) + f(n + 2)", [0], 1, None),
    "recursion that branches without end in data": (
        "define f(n: Nat) -> Nat = 1 if n == 0 else f(n - 1) + f(n - 1)", [40], 1, None),
    "fib": ("define f(n: Nat) -> Nat = fib(n)", [60], 1, None),
    "ackermann": ("define f(n: Nat) -> Nat = ack(n, n)", [4], 1, None),
    "nested ranges": (
        "define f() -> Nat = sum(1 for i in range(10 ** 6) for j in range(10 ** 6) for k in range(10 ** 6))",
        [], 1, None,
    ),
    "nested sums": (
        "define f() -> Nat = sum(sum(sum(1 for k in range(10 ** 6)) for j in range(10 ** 6)) for i in range(10 ** 6))",
        [], 1, None,
    ),
    "nested ranges, many lanes": (
        "define f(n: Nat) -> Nat = count(i == j for i in range(n * 10 ** 6) for j in range(10 ** 6))",
        [np.arange(2000)], 2000, None,
    ),
    "any over a large range": ("define f() -> Bool = any(i * i == 3 for i in range(10 ** 6 * 10 ** 6))", [], 1, None),
    "doubling": ("define f(L: List[Nat], n: Nat) -> List[Nat] = L if n == 0 else f(L + L, n - 1)",
                 [ListValue(np.arange(3000).reshape(1000, 3), 3), 60], 1000, None),
    "lists of lists": (
        "define f() -> Nat = sum(len([[i + j + k for i in range(100)] for j in range(100)]) for k in range(100))",
        [], 1, None,
    ),
    "a long list in every lane": (
        "define g(L: List[Nat]) -> Nat = sum(len(L + L) for i in range(10 ** 6))\n"
        "define f(n: Nat) -> Nat = g([k for k in range(100000)])", [np.arange(500)], 500, None,
    ),
    "vectors of vectors' sizes": (
        "define g(v: Vector[n]) -> Nat = len([v for i in range(10 ** 6)])\n"
        "define f(m: Nat) -> Nat = g(vector(1 for i in range(30000)))", [1], 1, None,
    ),
    "a huge vector": ("define f(n: Nat) -> Vector[n] = vector(0 for i in range(n))", [RAGGED], 4, None),
    "matrices, wide and tall": (
        "define f(n: Nat) -> Nat = size([vector(A[i, 0] for i in range(1)) for A in "
        "[matrix(0 for i in range(10 ** 5 if n == 0 else 1) for j in range(1 if n == 0 else 10 ** 5))]])",
        [np.array([0, 1])], 2, None,
    ),
    "no columns": ("define f(n: Nat) -> Matrix[n, 0] = matrix(0 for i in range(n) for j in range(0))", [RAGGED], 4,
                   None),
    "an empty list of huge vectors": (
        "define f(n: Nat) -> Nat = size([vector(0 for i in range(n)) for k in range(0)])", [RAGGED], 4, None,
    ),
    "powers": ("define f(n: Nat) -> Nat = (10 ** 6) ** (10 ** 6) ** n", [np.arange(3)], 3, None),
    "powers of rationals": ("define f(n: Nat) -> Scalar = scalar(3) ** (10 ** n)", [np.arange(8)], 8, Rationals()),
    "towers of rationals": (
        "define f(x: Scalar, n: Nat) -> Scalar = x if n == 0 else f(x * x + 1, n - 1)",
        [Rationals().from_int(np.arange(9)), 60], 9, Rationals(),
    ),
    "harmonic": ("define f(n: Nat) -> Scalar = sum(1 / scalar(k + 1) for k in range(10 ** n))",
                 [np.arange(6)], 6, Rationals()),
    "many rationals": ("define f(n: Nat) -> Scalar = sum(1 / scalar(3) for i in range(400) for j in range(400))",
                       [np.arange(60)], 60, Rationals()),
    "permutations": ("define f(n: Nat) -> Nat = count(True for p in permutations(n))", [np.array([3, 8, 9, 10**15])], 4,
                     None),
    "subsets": ("define f(n: Nat, k: Nat) -> Nat = count(True for p in subsets(n, k))",
                [np.array([10**6, 10**15, 10**15, 5, 64]), np.array([2, 0, 10**15, 10**15, 32])], 5, None),
    "a long subset in every lane": (
        "define f() -> Nat = sum(len(s) for i in range(300) for s in subsets(10 ** 6, 10 ** 6))", [], 1, None,
    ),
    "many subsets, some of them long": (
        "define f(n: Nat) -> Bool = all(s == s for s in subsets(n, n - 1))", [np.arange(2000, 2800, 10)], 80, None,
    ),
    "big types": ("define f(n: Nat) -> Bool = any(c == c for c in Vector[n] if n > 3)", [RAGGED], 4, GaloisField(2, 4)),
    "matrices of a type": ("define f(n: Nat) -> Nat = count(A == A for A in Matrix[n, n])", [np.arange(6)], 6,
                           GaloisField(2, 1)),
    "a matrix type without columns": (
        "define f(n: Nat, m: Nat) -> Nat = count(A == A for A in Matrix[n, m])",
        [np.array([10**15, 10**15, 1]), np.array([0, 10**15, 1])], 3, GaloisField(2, 1),
    ),
    "span in eight dimensions": (
        "define f(v: Vector[n]) -> Bool = in_span(v, [v, v, v, v, v, v, v, v, v, v, v])",
        [VectorValue(np.ones((50, 8), dtype=np.int64), 8)], 50, GaloisField(3, 1),
    ),
    "types in types": (
        "define f() -> Nat = count(all(any(a == b for c in Vector[7]) for b in Vector[7]) for a in Vector[7])",
        [], 1, GaloisField(3, 1),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(CASES))
def test_ends(name: str) -> None:
    source, args, lanes, model = CASES[name]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    out = valued(source, args, lanes, model)
    took = time.process_time() - start
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert took < SECONDS
    assert (after - before) / 1024 < MEGABYTES
    assert ((out.status == OK) | (out.status == EXHAUSTED)).all()


DEEP = (
    "define f(n: Nat) -> Nat = 0 if n == 0 else "
    f"{'first(max(' * 8}f(n - 1){''.join(f' for i{k} in range(1)) for j{k} in range(1))' for k in range(8))}"
)
"""A definition whose deepest allowed call needs about 30,000 Python frames."""


def deepest(results: list[list[int]]) -> None:
    results.append([int(status) for status in valued(DEEP, [np.array([200, 255, 256])], 3).status])


def test_deep_recursion_needs_no_c_stack() -> None:
    """The deepest term is evaluated in a thread with a small stack: every frame of the evaluator is on the heap."""
    results: list[list[int]] = []
    usual = threading.stack_size(256 * 1024)
    try:
        thread = threading.Thread(target=deepest, args=(results,))
        thread.start()
        thread.join()
    finally:
        threading.stack_size(usual)
    assert results == [[OK, OK, EXHAUSTED]]


def test_a_process_survives_deep_text_after_deep_terms() -> None:
    """Python 3.11 lets C code recurse up to the limit: if it stayed high, `json.loads` would end the process."""
    code = (
        "import json, sys, tests.evaluation.test_hostile as t\n"
        "usual, found = sys.getrecursionlimit(), []\n"
        "t.deepest(found)\n"
        "assert sys.getrecursionlimit() == usual and found == [[0, 0, 2]], found\n"
        "try: json.loads('[' * 10 ** 6)\n"
        "except RecursionError: print('alive')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout == "alive\n", done.stderr


def test_the_recursion_limit_waits_for_the_last_evaluation() -> None:
    usual = sys.getrecursionlimit()
    with deep():
        with deep():
            assert sys.getrecursionlimit() > usual
        assert sys.getrecursionlimit() > usual
    assert sys.getrecursionlimit() == usual
