"""A definition that equals a concept nearly everywhere earns nothing.

Each run tries a fixed share of the disguises, different ones for each concept; `RELAY_EVERYTHING=1` tries them all.
"""

from __future__ import annotations

import os
from functools import cache

import pytest

from relay.notation import Scope, read_statement
from relay.notation.syntax import Definition
from relay.scoring.credit.recognition import ConceptRecogniser
from relay.scoring.theory import Theory
from tasks.linear_algebra import LinearAlgebra
from tests.scoring.credit.disguises import HELPERS, Disguise, disguises

EVERYTHING = os.environ.get("RELAY_EVERYTHING") == "1"
STRIDE = 12

THEORY = Theory.read(LinearAlgebra().build(0))
PRIMARY = {form.concept: form.definition for form in reversed(THEORY.forms)}
HARMLESS = {("submatrix", "empty lists")} | {
    (concept, "a zero column") for concept in ("similarity", "change_of_basis", "dual_basis", "unique_solution")
}
"""Disguises that are right: their condition never holds in the form's domain, or only one value is possible there."""
CASES = [
    (concept, disguise)
    for concept in sorted(PRIMARY)
    for disguise in disguises(PRIMARY[concept])
    if (concept, disguise.hides) not in HARMLESS
]


@cache
def recogniser() -> ConceptRecogniser:
    return ConceptRecogniser(THEORY)


@cache
def surroundings() -> tuple[Scope, dict[str, Definition]]:
    """The hidden namespace, and the helpers of the disguises."""
    scope, known = THEORY.scope, dict(THEORY.definitions)
    for source in HELPERS:
        helper = read_statement(source, scope)
        assert isinstance(helper, Definition)
        scope, known[helper.key] = scope.adding(helper), helper
    return scope, known


def earned(source: str) -> tuple[str, ...]:
    scope, known = surroundings()
    statement = read_statement(source, scope)
    assert isinstance(statement, Definition)
    return recogniser().concepts(statement, {**known, statement.key: statement})


def test_there_are_disguises_of_many_kinds_for_every_concept() -> None:
    kinds = {disguise.hides for _, disguise in CASES}
    assert len(PRIMARY) >= 60
    assert len(CASES) >= 1000
    assert len(kinds) >= 40
    assert all(sum(concept == one for one, _ in CASES) >= 3 for concept in PRIMARY)


@pytest.mark.parametrize(
    ("concept", "disguise"),
    CASES if EVERYTHING else CASES[::STRIDE],
    ids=[f"{concept}: {disguise.hides}" for concept, disguise in (CASES if EVERYTHING else CASES[::STRIDE])],
)
def test_a_disguise_does_not_earn_its_concept(concept: str, disguise: Disguise) -> None:
    """A definition that is wrong as one concept may be right as another: here as that for 2 rows."""
    allowed = {"determinant": {"determinant_2x2"}}.get(concept, set())
    assert set(earned(disguise.source)) <= allowed, disguise.source


@pytest.mark.parametrize("concept", sorted(PRIMARY)[::9])
def test_what_is_wrapped_and_right_earns_its_concept(concept: str) -> None:
    """Wrapping alone costs nothing: if it did, the refusal of a wrapped wrong definition would prove nothing."""
    right = PRIMARY[concept]
    source = next(disguises(right)).source
    head = source.partition(" = ")[0]
    call = f"{right.name}({', '.join(p.name for p in right.parameters)})"
    assert concept in earned(f"{head} = {call}")


def test_a_second_definition_of_a_concept_is_the_same_concept() -> None:
    one = earned("define spur(M: Matrix[k, k]) -> Scalar = trace(M)")
    two = earned("define track(A: Matrix[n, n]) -> Scalar = sum(A[n - 1 - i, n - 1 - i] for i in range(n))")
    assert one == two == ("trace",)


def test_a_large_constant_around_a_place_is_looked_at() -> None:
    """With the domain `k < n`, the cases in which `k` is the largest number have no values."""
    wrong = "define unit(n: Nat, k: Nat) -> Vector[n] = vector((1 if i == k and k != 5 else 0) for i in range(n))"
    right = "define unit(n: Nat, k: Nat) -> Vector[n] = vector((1 if i == k and k != n else 0) for i in range(n))"
    assert earned(wrong) == ()
    assert earned(right) == ("standard_vector",)


def test_what_the_reference_is_too_dear_for_is_out_of_reach() -> None:
    """At 8 rows the sum over all permutations runs out of fuel, so a definition can't be shown to be right there."""
    head = "define det(A: Matrix[n, n]) -> Scalar ="
    assert "determinant" not in earned(f"{head} determinant(A) if n != 8 else 0")
    assert "determinant" in earned(f"{head} determinant(A) if n != 3 else list_determinant(row_list(A))")


@pytest.mark.parametrize("prime", [97, 999_983])
def test_a_characteristic_that_a_constant_names_is_tried_or_out_of_reach(prime: int) -> None:
    """The second field has too many elements to be ranged over, so nothing is earned, right or wrong."""
    head = "define reached(v: Vector[n], vs: List[Vector[n]]) -> Bool ="
    assert earned(f"{head} in_span(v, vs) if scalar({prime}) != 0 else not in_span(v, vs)") == ()


LARGE = "scalar(30030) * 17 * 19 * 23 != 0"
"""Holds in characteristic 29 and above, and in characteristic 0."""
HIDDEN = {
    "a characteristic that two constants differ by": "scalar(100) == 3",
    "... that a power and a constant differ by": "scalar(10) ** 2 == 3",
    "a large one that a power and a constant differ by": "scalar(2) ** 61 == 1",
    "... that a sum and a constant differ by": "sum(scalar(1) for i in range(3) for j in range(3)) == scalar(110)",
    "a small constant in large characteristics": f"A[0, 0] == 7 and {LARGE}",
    "proportional entries in large characteristics": f"n > 1 and A[0, 0] == 2 * A[1, 1] and A[1, 1] != 0 and {LARGE}",
    "roots of unity": "A[0, 0] ** 11 == 1 and A[0, 0] != 1",
    "a norm": f"conj(A[0, 0]) * A[0, 0] == -1 and {LARGE}",
    "a power that sizes reach": f"prod(scalar(2) for i in range(n)) == 4096 and {LARGE}",
    "a number of subsets": f"sum(scalar(1) for s in subsets(2 * n, n)) == 924 and {LARGE}",
}


@pytest.mark.parametrize("condition", sorted(HIDDEN))
def test_what_the_checker_refutes_earns_nothing(condition: str) -> None:
    """That a definition agrees with the form is checked like any claim."""
    head = "define spur(A: Matrix[n, n]) -> Scalar = sum(A[i, i] for i in range(n))"
    assert earned(f"{head} + (1 if {HIDDEN[condition]} else 0)") == ()


def test_a_constant_out_of_the_checkers_reach_earns_nothing() -> None:
    head = "define spur(A: Matrix[n, n]) -> Scalar = trace(A)"
    assert earned(f"{head} + 0") == ("trace",)
    assert earned(f"{head} + (1 if sum(scalar(1) for i in range(n)) == 17 and {LARGE} else 0)") == ()


def test_a_characteristic_by_difference_is_tried_where_types_are_ranged_over() -> None:
    head = "define height(A: Matrix[m, n]) -> Nat = rank(A)"
    assert earned(f"{head} + (1 if scalar(100) == 3 else 0)") == ()
    assert earned(f"{head} + (1 if scalar(100) == 0 - scalar(3) * 10 ** 9 else 0)") == ()


@pytest.mark.parametrize("condition", ["m > n + n + n + n", "m == n + 3 and n > 2", "scalar(30030) != 0 and m == 3"])
def test_sizes_that_are_far_apart_are_tried_where_types_are_ranged_over(condition: str) -> None:
    assert earned(f"define height(A: Matrix[m, n]) -> Nat = rank(A) + (1 if {condition} else 0)") == ()


def test_entries_that_are_wrong_far_out_earn_nothing() -> None:
    head = "define turned(A: Matrix[m, n]) -> Matrix[n, m] = matrix(A[j, i]"
    tail = "for i in range(n) for j in range(m))"
    assert earned(f"{head} {tail}") == ("transpose",)
    assert earned(f"{head} + (1 if i > 2 and j > 3 + i else 0) {tail}") == ()


def test_a_size_that_has_become_a_scalar_is_seen_behind_a_condition() -> None:
    head = "define even(A: Matrix[n, n]) -> Bool = is_symmetric(A)"
    assert earned(f"{head} and True") == ("symmetric",)
    assert earned(f"{head} and not (sum(scalar(1) for i in range(n)) == 17 and {LARGE})") == ()


def test_a_sign_has_to_be_the_same_everywhere() -> None:
    head = "define oriented(A: Matrix[n, n]) -> Scalar ="
    assert "determinant" in earned(f"{head} -determinant(A)")
    assert "determinant" not in earned(f"{head} -determinant(A) if scalar(100) == 3 else determinant(A)")
    head = "define oriented(u: Vector[3], v: Vector[3]) -> Vector[3] ="
    assert earned(f"{head} vector(-cross(u, v)[i] for i in range(3))") == earned(f"{head} cross(u, v)") != ()
    wrong = "vector((-cross(u, v)[i] if scalar(100) == 3 else cross(u, v)[i]) for i in range(3))"
    assert earned(f"{head} {wrong}") == ()


def test_the_order_of_parameters_is_free_and_what_is_undefined_counts() -> None:
    assert earned("define turned(B: Matrix[l, k], A: Matrix[m, l]) -> Matrix[m, k] = product(A, B)") == (
        "matrix_product",
    )
    head = "define spur(A: Matrix[n, n]) -> Scalar = trace(A)"
    assert earned(f"{head} + 0 / (scalar(100) - 3)") == ()
