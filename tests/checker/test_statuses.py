"""Each status is given if it applies; if several apply, the first one is given."""

from __future__ import annotations

import pytest

from relay.checker.checker import Checker
from relay.errors import NotationError
from relay.notation import Scope, read_statement
from relay.notation.syntax import Definition
from relay.records.status import Reason, Status
from relay.records.task import Given, Operation, Sort
from tests.checker.corpus import judge, named, read

CLAIMS = named("""
# refuted: and undefined elsewhere
claim (x: Scalar): 1 / x == x
# refuted: though a branch runs out elsewhere
claim (x: Scalar): (x + 1 if x != 0 else scalar(burn(40))) == x
# refuted: though the hypothesis runs out elsewhere
claim (x: Scalar) where x == 0 or burn(40) > 0: x == 1
# refuted: at a constant in reach, though another constant is not
claim (v: Vector[n]): dot(v, v) == (0 if n == 7 else (1 if n == 50 else dot(v, v)))
# undefined: a pole that the hypothesis lets in
claim (x: Scalar, y: Scalar) where y != 1: x * y / y == x
# undefined: an index out of range at n = 1
claim (A: Matrix[n, n]): A[0, 1] == A[0, 1] + trace(A) - trace(A)
# undefined: a natural number below zero
claim (v: Vector[n], k: Nat): dot(v, v) == dot(v, v) + scalar((k - 1) - k)
# undefined: sizes that do not fit
claim (A: Matrix[m, n], B: Matrix[k, l]): mul(A, B) == mul(A, B)
# undefined: both sides alike
claim (v: Vector[n]): first(i for i in range(n) if v[i] == 1) == first(j for j in range(n) if v[j] == 1)
# undefined: also where sizes out of reach are named
claim (x: Scalar, v: Vector[n]) where n != 50: dot(v, v) / x == dot(v, v) / x
# undecided: nothing is undefined as long as something runs out
claim (x: Scalar): (scalar(count(s[0] == 0 for s in permutations(12))) if x == 1 else x) / x == x / x
# vacuous: it contradicts itself
claim (A: Matrix[n, n]) where trace(A) != trace(A): trace(A) == 0
# vacuous: no size is like that
claim (A: Matrix[n, n]) where n == 0: trace(A) == 1
# vacuous: undefined everywhere
claim (x: Scalar) where 1 / (x - x) == 1: x == 0
# vacuous: before trivial
claim (A: Matrix[n, n]) where trace(A) != trace(A): trace(A) == trace(A)
# trivial: one term
claim (A: Matrix[n, n]): trace(A) == trace(A)
# trivial: one term after unfolding
claim (A: Matrix[n, n]): trace(A) == sum(A[k, k] for k in range(n))
# trivial: two terms after unfolding
claim (A: Matrix[n, n]): trace(A) == sum(A[k, k] for k in range(n)) and mul(A, A) == mul(A, A)
# trivial: whatever trace means
claim (A: Matrix[n, n], B: Matrix[n, n]): trace(A) + trace(B) == trace(B) + trace(A)
# trivial: whatever det means, where it is not zero
claim (A: Matrix[n, n]) where det(A) != 0: det(A) / det(A) == 1
# trivial: whatever two names mean
claim (A: Matrix[n, n]): (trace(A) + det(A)) ** 2 == trace(A) ** 2 + 2 * trace(A) * det(A) + det(A) ** 2
# trivial: a part of the hypothesis
claim (A: Matrix[n, n]) where transpose(A) == A and det(A) == 0: transpose(A) == A
# trivial: nothing that was defined
claim (x: Scalar, y: Scalar): x * y == y * x
# trivial: arithmetic of numbers
claim (j: Nat, k: Nat): j + k == k + j
# trivial: an exclusive or
claim (v: Vector[n]): zero(v) or not zero(v)
# trivial: one term, though a constant is out of reach
claim (A: Matrix[n, n]) where n != 50: trace(A) == trace(A)
# proved: polynomials
claim (A: Matrix[n, n]): trace(transpose(A)) == trace(A)
# proved: polynomials, in a conjunction
claim (A: Matrix[n, n], B: Matrix[n, n]): trace(add(A, B)) == trace(add(B, A)) and det(transpose(A)) == det(A)
# proved: under every involution
claim (A: Matrix[n, n]): trace(adjoint(A)) == conj(trace(A))
# proved: an identity needs no hypothesis
claim (A: Matrix[n, n]) where det(A) == 0: trace(transpose(A)) == trace(A)
# proved: by its hypothesis
claim (A: Matrix[n, n]) where mul(A, A) == A: mul(mul(A, A), A) == A
# proved: a hypothesis that keeps a divisor from being zero
claim (A: Matrix[n, n]) where det(A) != 0: scale(1 / det(A), scale(det(A), A)) == A
# holds: a hypothesis
claim (s: Scalar, v: Vector[n]) where s * s == 1: dot(vscale(1 / s, v), v) == dot(v, vscale(s, v))
# holds: a hypothesis that no rule knows
claim (A: Matrix[n, n]) where mul(A, A) == matrix(0 for i in range(n) for j in range(n)): trace(A) == 0
# proved: not a polynomial
claim (x: Scalar, v: Vector[n]) where x != 0: vscale(1 / x, vscale(x, v)) == v
# holds: ranging over a type is no proof
claim (v: Vector[n], vs: List[Vector[n]]) where zero(v): in_span(v, vs)
# proved: false without its hypothesis
claim (A: Matrix[n, n]) where n == 2: det(A) == A[0, 0] * A[1, 1] - A[0, 1] * A[1, 0]
# proved: hardly anything satisfies it
claim (A: Matrix[4, 4]) where A == identity(4): det(A) == 1
# undecided: out of reach
claim (A: Matrix[n, n]) where n < 30: trace(transpose(A)) == trace(A)
# undecided: out of reach through a definition
claim (u: Vector[n], v: Vector[n]) where not is_square_of(n, 5): dot(u, v) == dot(v, u)
# undecided: out of reach
claim (v: Vector[n], vs: List[Vector[n]]) where n < 30 and zero(v): in_span(v, vs)
# undecided: fuel
claim (u: Vector[n], v: Vector[n]): dot(u, v) == (dot(v, u) if burn(n + 20) > 0 else 0)
""")


@pytest.mark.parametrize("name", sorted(CLAIMS))
def test_the_first_status_that_applies(name: str) -> None:
    verdict = judge(CLAIMS[name])
    assert verdict.status == Status(name.partition(":")[0]), verdict.message
    assert verdict.message.startswith(verdict.status.value)
    assert verdict.counterexample in verdict.message
    reasoned = (Status.UNDECIDED, Status.VACUOUS, Status.TRIVIAL)
    assert (verdict.reason is not None) == (verdict.status in reasoned)


@pytest.mark.parametrize(
    ("reason", "claim"),
    [
        (Reason.RAN_OUT, "claim (u: Vector[n], v: Vector[n]): dot(u, v) == (dot(v, u) if burn(n + 20) > 0 else 0)"),
        (Reason.OUT_OF_REACH, "claim (v: Vector[n], vs: List[Vector[n]]) where n < 30 and zero(v): in_span(v, vs)"),
        (Reason.CONTRADICTORY, "claim (A: Matrix[n, n]) where trace(A) - trace(A) == 1: trace(A) == 0"),
        (Reason.NONE_FOUND, "claim (x: Scalar) where (x ** 2 - x) * (x ** 3 - x) + 1 == 0 and scalar(6) == 0: x == 0"),
        (Reason.NOTHING_DEFINED, "claim (x: Scalar): x + 0 == x"),
        (Reason.REPEATS, "claim (A: Matrix[n, n]) where trace(A) == 1: trace(A) == 1"),
        (Reason.SAME_TERM, "claim (x: Scalar): x + 1 == x + 1"),
        (Reason.SAME_UNFOLDED, "claim (A: Matrix[n, n]): trace(A) == sum(A[k, k] for k in range(n))"),
        (Reason.ANY_FUNCTIONS, "claim (A: Matrix[n, n]): trace(A) + 1 == 1 + trace(A)"),
    ],
)
def test_a_status_that_needs_one_has_its_reason(reason: Reason, claim: str) -> None:
    assert judge(claim).reason is reason


def test_what_is_ill_formed_has_no_verdict_but_an_error_with_a_place_and_a_mend() -> None:
    with pytest.raises(NotationError, match=r"line 1, column \d+"):
        read("claim (A: Matrix[n, n]): A == 0")


def test_a_definition_is_defined() -> None:
    assert judge("define f(x: Scalar) -> Scalar = 1 / x").status is Status.DEFINED


def test_a_refutation_shows_the_values_and_both_sides() -> None:
    verdict = judge("claim (A: Matrix[n, n]): det(A) == trace(A) + 1")
    assert "n = 1" in verdict.counterexample
    assert "A = [[" in verdict.counterexample
    assert "the left side is" in verdict.counterexample
    assert "the right side is" in verdict.counterexample


def test_a_refutation_in_one_field_names_it() -> None:
    verdict = judge("claim (x: Scalar) where 7 * x == 0: x == 0")
    assert verdict.status is Status.REFUTED
    assert "GF(7)" in verdict.counterexample


def test_a_pole_is_printed() -> None:
    verdict = judge("claim (x: Scalar): (x - 2) / (x - 2) == 1")
    assert verdict.status is Status.UNDEFINED
    assert verdict.counterexample.startswith("x = 2")


def test_vacuous_says_which_searches_were_made_and_whether_a_contradiction_is_certain() -> None:
    certain = judge("claim (A: Matrix[n, n]) where trace(A) - trace(A) == 1: trace(A) == 0")
    uncertain = judge("claim (x: Scalar) where (x ** 2 - x) * (x ** 3 - x) + 1 == 0 and scalar(6) == 0: x == 0")
    assert certain.status is uncertain.status is Status.VACUOUS
    assert "GF(2)" in certain.message
    assert "is certain" in certain.message
    assert "is not certain" in uncertain.message


def test_where_a_hypothesis_is_undefined_the_values_are_counted() -> None:
    assert "undefined for" in judge("claim (x: Scalar) where 1 / (x - x) == 1: x == 0").message


def test_accepted_claims_state_their_scope() -> None:
    proved = judge("claim (A: Matrix[n, n]): trace(transpose(A)) == trace(A)")
    assert proved.scope == "every field, all sizes"
    assert judge("claim (u: Vector[2], v: Vector[2]): dot(u, v) == dot(v, u)").scope == "every field, every value"
    holds = judge("claim (v: Vector[n], vs: List[Vector[n]]) where zero(v): in_span(v, vs)")
    assert "finite fields" in holds.scope
    assert "len(vs) in 0..3" in holds.scope


def test_every_stage_leaves_evidence() -> None:
    verdict = judge(
        "claim (A: Matrix[n, n]) where mul(A, A) == matrix(0 for i in range(n) for j in range(n)): trace(A) == 0"
    )
    stages = {record["stage"] for record in verdict.evidence}
    assert {"small integers", "large fields", "small fields", "divisors"} - stages == {"divisors"}
    assert {"GF(2)", "GF(3)", "GF(4)"} <= {name for record in verdict.evidence for name in record.get("models", ())}
    assert sum(record.get("satisfied", 0) for record in verdict.evidence) >= 20


GROUP = Given(
    sorts=(Sort(name="Element", size=3),),
    operations=(
        Operation(
            name="op", parameters=("Element", "Element"), result="Element", table=((0, 1, 2), (1, 2, 0), (2, 0, 1))
        ),
    ),
)


def _alien(*sources: str) -> Status:
    scope, known = Scope(GROUP), {}
    *helpers, last = sources
    for source in helpers:
        definition = read_statement(source, scope)
        assert isinstance(definition, Definition)
        scope, known[definition.key] = scope.adding(definition), definition
    return Checker(GROUP).judge(read_statement(last, scope), known).status


TWICE = "define twice(x: Element) -> Element = op(x, x)"


def test_a_finite_structure_is_exhausted() -> None:
    assert _alien(TWICE, "claim (x: Element): twice(twice(x)) == x") is Status.PROVED
    assert _alien(TWICE, "claim (x: Element): twice(x) == x") is Status.REFUTED
    assert _alien(TWICE, "claim (x: Element) where twice(x) != x: twice(x) != twice(twice(x))") is Status.PROVED
    assert _alien(TWICE, "claim (x: Element) where twice(x) != twice(x): x == x") is Status.VACUOUS


@pytest.mark.parametrize(
    "body", ["twice(x) != twice(y)", "op(x, x) != op(y, y)", "op(x, y) != twice(y)", "op(x, twice(x)) != op(y, x)"]
)
def test_values_that_differ_in_a_small_structure_and_might_by_chance_are_not_trivial(body: str) -> None:
    claim = f"claim (x: Element, y: Element) where x != y: {body}"
    assert _alien(TWICE, claim) in (Status.PROVED, Status.REFUTED)
    assert _alien(TWICE, "claim (x: Element, y: Element) where x != y: twice(x) != twice(y)") is Status.PROVED


def test_base_operations_count_as_defined_names() -> None:
    assert _alien("claim (x: Element, y: Element): op(x, y) == op(y, x)") is Status.PROVED
    assert _alien("claim (x: Element, y: Element): op(x, y) == op(x, y)") is Status.TRIVIAL
    assert _alien(TWICE, "claim (x: Element): twice(x) == op(x, x)") is Status.TRIVIAL


def test_lists_in_a_structure_are_sampled_and_hold() -> None:
    fold = "define fold(L: List[Element], x: Element) -> List[Element] = [op(y, x) for y in L]"
    claim = "claim (L: List[Element], x: Element): len(fold(L, x)) == len(L)"
    assert _alien(fold, claim) in (Status.HOLDS, Status.TRIVIAL)
    assert _alien(fold, "claim (L: List[Element], x: Element): fold(L, x) == L") is Status.REFUTED
