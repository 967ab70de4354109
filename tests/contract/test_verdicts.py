"""The notation's page, *Verdicts*: each row of the table, and that the first that applies is the one."""

from __future__ import annotations

import re

import pytest

from relay.checker.checker import Checker
from relay.notation import Scope
from tests.checker.corpus import CHECKER, DEFINITIONS, read
from tests.contract.asking import GROUP, Status, error, statements, status, verdict


def test_ill_formed() -> None:
    """`ill_formed`: not in the language, or ill-typed: position, what was expected, how to mend it."""
    language, typed = error("claim (x: Scalar) x == x"), error("claim (x: Scalar, k: Nat): x == k")
    assert (language.line, language.column) == (1, 19)
    assert "expected `:`" in language.message
    assert (typed.line, typed.column) == (1, 30)
    assert "write `scalar(...)`" in typed.message


def test_refuted() -> None:
    """`refuted`: a counterexample in a model of the class, printed, its two sides evaluated again exactly."""
    found = verdict("claim (A: Matrix[n, n]): det(A) == trace(A) + 1")
    assert found.status is Status.REFUTED
    shown = found.counterexample
    assert shown.startswith("n = 1, A = [[")
    entry = shown.partition("[[")[2].partition("]]")[0]
    assert "(in Q)" in shown
    assert f"the left side is {entry}, the right side is {int(entry) + 1}" in shown


def test_undefined() -> None:
    """`undefined`: a value that satisfies the hypothesis makes the term undefined; printed."""
    found = verdict("claim (x: Scalar) where x != 0: x / (x - 2) == 1 + 2 / (x - 2)")
    assert found.status is Status.UNDEFINED
    assert found.counterexample.startswith("x = ")
    assert found.counterexample in found.message


def test_vacuous() -> None:
    """`vacuous`: no value that satisfies the hypothesis was found; which searches were made, and whether a
    contradiction is certain."""
    certain = verdict("claim (A: Matrix[n, n]) where trace(A) - trace(A) == 1: trace(A) == 0")
    unclear = verdict("claim (x: Scalar) where (x ** 2 - x) * (x ** 3 - x) + 1 == 0 and scalar(6) == 0: x == 0")
    assert certain.status is unclear.status is Status.VACUOUS
    assert "is certain" in certain.message
    assert "is not certain" in unclear.message
    for searched in ("Q", "GF(2)", "GF(3)", "GF(4)"):
        assert searched in certain.message


@pytest.mark.parametrize(
    "claim",
    [
        "claim (A: Matrix[n, n], B: Matrix[n, n]): trace(A) * trace(B) == trace(B) * trace(A)",
        "claim (A: Matrix[n, n], B: Matrix[n, n]): (det(A) + trace(B)) * det(A) == det(A) ** 2 + trace(B) * det(A)",
        "claim (x: Scalar, y: Scalar): x * y == y * x",  # an axiom instance of what is given
        "claim (x: Scalar) where x != 0: x / x == 1",
        "claim (A: Matrix[n, n]): trace(A) == sum(A[q, q] for q in range(n))",  # one term when unfolded
        "claim (A: Matrix[n, n]): mul(A, A) == mul(A, A)",
        "claim (k: Nat): k * (k + 1) == k * k + k",
    ],
)
def test_trivial(claim: str) -> None:
    """`trivial`: true by evaluation when all defined names are replaced together by random functions of their types; or
    one term on both sides after unfolding, up to bound names; or an axiom instance of what is given."""
    assert status(claim) is Status.TRIVIAL


@pytest.mark.parametrize(
    "claim",
    [
        "claim (A: Matrix[n, n], B: Matrix[n, n]): trace(mul(A, B)) == trace(mul(B, A))",
        "claim (A: Matrix[n, n]): det(transpose(A)) == det(A)",
    ],
)
def test_what_rests_on_what_a_name_means_is_not_trivial(claim: str) -> None:
    """... all defined names are replaced *together*: no random function is a trace."""
    assert status(claim) is Status.PROVED


def _alien(*sources: str) -> Status:
    found, known = statements("\n".join(sources), Scope(GROUP))
    return Checker(GROUP).judge(found[-1], known).status


def test_base_operations_count_as_defined_names() -> None:
    """A task's base operations count as defined names."""
    assert _alien("claim (x: Element, y: Element): op(x, y) == op(y, x)") is Status.PROVED
    assert _alien("claim (x: Element, y: Element): op(x, y) == op(x, y)") is Status.TRIVIAL


def test_proved() -> None:
    """`proved`: true in every model of its class at the sizes that it states: `all sizes`, by normal form or
    certificate, or size by size as an identity of polynomials over the integers."""
    found = verdict("claim (A: Matrix[n, n]): det(transpose(A)) == det(A)")
    assert found.status is Status.PROVED
    assert "every field" in found.scope
    assert "n in 1..3" in found.scope or "all sizes" in found.scope
    # identical over the integers, and so in every characteristic and under every involution
    assert status("claim (A: Matrix[n, n]): trace(adjoint(A)) == conj(trace(A))") is Status.PROVED


def test_proved_by_exhaustion_where_the_structure_is_the_only_model() -> None:
    """... or by exhaustion where the task's structure is finite and the only model."""
    twice = "define twice(x: Element) -> Element = op(x, x)"
    assert _alien(twice, "claim (x: Element): twice(twice(x)) == x") is Status.PROVED
    assert _alien(twice, "claim (x: Element): twice(x) == x") is Status.REFUTED


def test_holds() -> None:
    """`holds`: no counterexample by exhaustion of small finite models and by random values, with the models, the number
    of distinct values that satisfied the hypothesis."""
    found = verdict("claim (v: Vector[n], vs: List[Vector[n]]) where zero(v): in_span(v, vs)")
    assert found.status is Status.HOLDS
    assert {"GF(2)", "GF(3)", "GF(4)"} <= {name for stage in found.evidence for name in stage.get("models", ())}
    models, values = re.search(r", (\d+) models, (\d+)(?: or more)? distinct values, ", found.scope).groups()  # type: ignore[union-attr]
    assert int(models) == len({name for stage in found.evidence for name in stage.get("models", ())})
    assert 20 <= int(values) <= sum(stage.get("satisfied", 0) for stage in found.evidence)


def test_holds_needs_enough_values() -> None:
    """... (at least 20, at two sizes above 1 where the hypothesis allows it; or all of them)."""
    assert (
        status("claim (A: Matrix[4, 4]) where A == identity(4): any(c == det(A) for c in Scalar)") is Status.UNDECIDED
    )
    assert status("claim (A: Matrix[n, n]) where n == 2 and det(A) == 0: mul(A, A) == scale(trace(A), A)").accepted
    assert status("claim (b: Bool) where b: (trace(identity(1)) == 1) == b") in (Status.HOLDS, Status.PROVED)


def test_exhausting_finite_fields_is_never_a_proof() -> None:
    """Exhausting finite fields is `holds`, never `proved`."""
    ones = "claim (x: Scalar): scalar(count(y == x for y in Scalar)) == trace(identity(1))"
    assert status(ones) is Status.HOLDS
    assert status("claim (v: Vector[n]): in_span(v, [v])") is Status.HOLDS


@pytest.mark.parametrize(
    ("claim", "budget"),
    [
        ("claim (u: Vector[n], v: Vector[n]): dot(u, v) == (dot(v, u) if burn(n + 20) > 0 else 0)", "fuel"),
        ("claim (u: Vector[n], v: Vector[n]): dot(u, v) == (dot(v, u) if n < 50 else 0)", "49, 50, 51"),
    ],
)
def test_undecided(claim: str, budget: str) -> None:
    """`undecided`: anything else: which budget ran out, or which worker died."""
    found = verdict(claim)
    assert found.status is Status.UNDECIDED
    assert budget in found.message


def test_accepted_is_proved_or_holds() -> None:
    """`proved` and `holds` are *accepted*. `undecided` is never counted as true nor as false."""
    assert {s for s in Status if s.accepted} == {Status.PROVED, Status.HOLDS}


def test_a_definition_that_passes_is_defined() -> None:
    """A definition that passes is `defined`."""
    assert status("define f(x: Scalar) -> Scalar = 1 / (x - x)") is Status.DEFINED


@pytest.mark.parametrize(
    ("claim", "first"),
    [
        # each is also what stands further down in the table
        ("claim (x: Scalar): 1 / x == x + trace(A)", Status.ILL_FORMED),
        ("claim (x: Scalar): 1 / x == x", Status.REFUTED),  # undefined at 0
        ("claim (x: Scalar): (x if x == 0 else scalar(burn(40))) == 1", Status.REFUTED),  # runs out elsewhere
        ("claim (x: Scalar): 1 / x == 1 / x", Status.UNDEFINED),  # one term
        ("claim (x: Scalar) where x != 1: (x * x) / x == x", Status.UNDEFINED),  # an identity of rational functions
        ("claim (A: Matrix[n, n]) where trace(A) != trace(A): trace(A) == trace(A)", Status.VACUOUS),  # trivial
        ("claim (A: Matrix[n, n]) where n == 0: det(transpose(A)) == det(A)", Status.VACUOUS),  # an identity
        ("claim (A: Matrix[n, n]): trace(A) + det(A) == det(A) + trace(A)", Status.TRIVIAL),  # an identity
        ("claim (A: Matrix[n, n]) where n != 50: trace(A) == trace(A)", Status.TRIVIAL),  # a size out of reach
        ("claim (A: Matrix[n, n]) where det(A) == 0: det(transpose(A)) == det(A)", Status.PROVED),  # holds as well
    ],
)
def test_the_first_that_applies(claim: str, first: Status) -> None:
    """The first that applies."""
    if first is Status.ILL_FORMED:
        error(claim)
    else:
        assert status(claim) is first


def test_a_verdict_is_a_function_of_the_canonical_statement() -> None:
    """A verdict is a function of the canonical statement, the definitions it rests on, the task, the budget and the
    checker's version: primes and random values derive from a hash of these. Load, order, batch and number of workers
    change nothing."""
    one = read("claim (A: Matrix[n, n]) where mul(A, A) == A: mul(mul(A, A), A) == A")
    renamed = read("claim other (M: Matrix[k, k]) where (mul(M, M)) == M:\n  mul(mul(M, M), M) == M  # again")
    assert one.key == renamed.key
    first = CHECKER.judge(one, DEFINITIONS)
    CHECKER.judge(read("claim (x: Scalar): x == 0"), DEFINITIONS)
    again = Checker(CHECKER_GIVEN).judge(one, dict(reversed(DEFINITIONS.items())))
    assert first == again
    fields = [[stage.get("models") for stage in v.evidence] for v in (first, CHECKER.judge(renamed, DEFINITIONS))]
    assert fields[0] == fields[1]
    other = CHECKER.judge(read("claim (A: Matrix[n, n]) where mul(A, A) == A: mul(A, mul(A, A)) == A"), DEFINITIONS)
    assert [stage.get("models") for stage in other.evidence] != fields[0]


CHECKER_GIVEN = GROUP.model_copy(update={"sorts": (), "operations": (), "scalars": True})
