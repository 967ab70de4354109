"""A verdict is a function of the canonical statement and of the definitions that it rests on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from relay.checker.checker import Checker
from tests.checker.corpus import CHECKER, DEFINITIONS, FALSE, GIVEN, TRUE, judge, read, read_prelude

ROOT = Path(__file__).resolve().parents[2]
SOME = [
    TRUE["trace of a product"],
    TRUE["span is closed"],
    FALSE["idempotent"],
    FALSE["undecided: one of a list"],
    FALSE["five of them"],
    "claim (A: Matrix[n, n]) where trace(A) != trace(A): trace(A) == 0",
    "claim (A: Matrix[n, n]): trace(A) + det(A) == det(A) + trace(A)",
]
SCRIPT = """
import json, sys
from tests.checker.corpus import judge
print(json.dumps([judge(source).model_dump(mode="json") for source in json.load(sys.stdin)]))
"""


def _elsewhere(seed: str, sources: list[str]) -> list[object]:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        input=json.dumps(sources), capture_output=True, text=True, check=True, cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": seed},
    )  # fmt: skip
    found: list[object] = json.loads(done.stdout)
    return found


def test_other_processes_and_hash_seeds_and_orders_change_nothing() -> None:
    here = [judge(source).model_dump(mode="json") for source in SOME]
    assert _elsewhere("1", SOME[::-1]) == here[::-1]


def test_names_spaces_and_other_definitions_change_nothing() -> None:
    one = judge("claim tr (A: Matrix[m, n], B: Matrix[n, m]): trace(mul(A, B)) == trace(mul(B, A))")
    two = judge("claim (X: Matrix[p, q], Y: Matrix[q, p]):   trace( mul(X, Y) ) == trace( mul(Y, X) )  # cyclic")
    assert one.evidence == two.evidence
    assert one.status == two.status
    scope, known = read_prelude("define unrelated(x: Scalar) -> Scalar = x")
    again = Checker(GIVEN).judge(
        read("claim (A: Matrix[m, n], B: Matrix[n, m]): trace(mul(A, B)) == trace(mul(B, A))", scope), known
    )
    assert again == one


def test_a_checker_remembers_nothing() -> None:
    statement = read(FALSE["idempotent"])
    fresh = Checker(GIVEN).judge(statement, DEFINITIONS)
    assert CHECKER.judge(statement, DEFINITIONS) == fresh == CHECKER.judge(statement, DEFINITIONS)


def test_other_claims_meet_other_primes() -> None:
    def primes(source: str) -> set[str]:
        names = {name for record in judge(source).evidence for name in record.get("models", ())}
        return {name for name in names if len(name) > 8}

    one = primes("claim (s: Scalar, v: Vector[n]) where s * s == 1: vscale(1 / s, v) == vscale(s, v)")
    two = primes("claim (s: Scalar, v: Vector[n]) where s * s == 1: vscale(1 / s, v) == vscale(s ** 3, v)")
    assert len(one) == len(two) == 3
    assert not one & two
