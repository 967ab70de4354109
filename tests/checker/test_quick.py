"""Claims of one case without hypothesis: the short way settles them, and it agrees with the stages."""

from __future__ import annotations

import pytest

from relay.checker import checker, decision
from relay.checker.checker import Checker
from relay.checker.generic.identities import Identities
from relay.checker.stages import reasoning
from relay.checker.verdict import Verdict
from relay.records.status import Status
from tests.checker.corpus import CHECKER, DEFINITIONS, GIVEN, judge, read

CLAIMS = {
    "claim (x: Scalar, y: Scalar): (x + y) * (x - y) == x ** 2 - y ** 2": Status.TRIVIAL,
    "claim (x: Scalar): x * x == x * x": Status.TRIVIAL,
    "claim (x: Scalar): 2 * x == x + x + 0 * x": Status.TRIVIAL,
    "claim (x: Scalar): x ** 7 == x": Status.REFUTED,
    "claim (x: Scalar): (x ** 7 - x) * (x ** 2 - 1) * (x ** 2 - 4) * (x ** 2 - 9) == 0": Status.REFUTED,
    "claim (x: Scalar): 6 * x == 0": Status.REFUTED,
    "claim (): scalar(6) == 0": Status.REFUTED,
    "claim (): scalar(6) != 0": Status.REFUTED,
    "claim (): scalar(1) != 0": Status.TRIVIAL,
    "claim (x: Scalar): x / 7 == x / 7": Status.UNDEFINED,
    "claim (x: Scalar): x / x == 1": Status.UNDEFINED,
    "claim (x: Scalar): conj(x) == x": Status.REFUTED,
    "claim (x: Scalar): x != 5 or x * x == 5 * x": Status.TRIVIAL,
    "claim (): factorial(5) == 120": Status.PROVED,
    "claim (): factorial(5) == 121": Status.REFUTED,
    "claim (): burn(8) == 256": Status.PROVED,
    "claim (A: Matrix[2, 2]): det(A) == A[0, 0] * A[1, 1] - A[0, 1] * A[1, 0]": Status.PROVED,
    "claim (A: Matrix[2, 2]): det(A) == A[0, 0] * A[1, 1]": Status.REFUTED,
    "claim (A: Matrix[2, 2]): trace(A) == sum(A[k, k] for k in range(2))": Status.TRIVIAL,
    "claim (A: Matrix[2, 3], B: Matrix[3, 2]): trace(mul(A, B)) + det(mul(B, A)) == trace(mul(B, A))": Status.PROVED,
    "claim (A: Matrix[2, 2]): trace(A) + det(A) == det(A) + trace(A)": Status.TRIVIAL,
    "claim (A: Matrix[2, 3]): mul(A, A) == mul(A, A)": Status.UNDEFINED,
    "claim (A: Matrix[3, 3]): transpose(adjoint(A)) == adjoint(transpose(A))": Status.PROVED,
    "claim (v: Vector[3]): dot(v, v) == 0 or dot(v, v) / dot(v, v) == 1": Status.TRIVIAL,
}


@pytest.mark.parametrize("source", sorted(CLAIMS))
def test_what_becomes_of_it(source: str) -> None:
    assert judge(source).status is CLAIMS[source]


@pytest.mark.parametrize("source", sorted(CLAIMS))
def test_the_long_way_agrees(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the short way and without identities, the statuses refuted, undefined and trivial stay the same, and a
    proved claim is still accepted."""
    monkeypatch.setattr(checker, "settle", lambda claim, definitions: None)
    monkeypatch.setattr(reasoning, "identities", lambda *_: Identities())
    monkeypatch.setattr(decision, "speaks_of_names", lambda *_: False)
    found = Checker(GIVEN).judge(read(source), DEFINITIONS).status
    assert found is CLAIMS[source] or (CLAIMS[source] is Status.PROVED and found is Status.HOLDS)


def settled_by(verdict: Verdict) -> set[str]:
    return {record["stage"] for record in verdict.evidence}


def test_no_search_is_made_where_none_is_needed() -> None:
    assert settled_by(judge("claim (x: Scalar): x ** 3 == x * x * x")) == {"small integers", "polynomial identity"}
    assert settled_by(judge("claim (x: Scalar): x ** 3 == x * x")) == {"small integers"}
    assert settled_by(judge("claim (A: Matrix[2, 2]): det(transpose(A)) == det(A)")) == {"polynomial identity"}


def test_a_counterexample_has_its_values_and_both_sides() -> None:
    verdict = judge("claim (x: Scalar, y: Scalar): x + 4 == y")
    assert verdict.message.startswith("refuted: x = ")
    values = dict(part.split(" = ") for part in verdict.counterexample.partition(" (in Q)")[0].split(", "))
    x, y = int(values["x"]), int(values["y"])
    assert verdict.counterexample.endswith(f"the left side is {x + 4}, the right side is {y}")


def test_a_verdict_is_a_function_of_the_statement() -> None:
    source = "claim (a: Scalar, b: Scalar): a * b + a == b"
    renamed = "claim (u: Scalar, v: Scalar): u * v + u == v"
    first = judge(source)
    assert first == CHECKER.judge(read(source), DEFINITIONS)
    assert judge(renamed).counterexample.replace("u =", "a =").replace("v =", "b =") == first.counterexample
