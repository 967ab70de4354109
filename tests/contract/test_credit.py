"""The notation's page, *Where a definition earns credit*."""

from __future__ import annotations

import pytest

from relay.records.status import Status
from relay.records.task import Concept, Form, Law
from relay.scoring.examiner import Examiner
from tests.contract.asking import definition_of, statements
from tests.scoring.credit.hidden import TASK, examine


def concepts(*lines: str) -> tuple[str, ...]:
    return examine("\n".join(lines)).concepts


def test_each_concept_lists_its_forms() -> None:
    """Each concept of the hidden graph lists its *forms*, each a reference definition with its own type and domain."""
    forms = {concept.id: len(concept.forms) for concept in TASK.concepts}
    assert forms["span"] == 2
    columns = "define f(b: Vector[m], A: Matrix[m, n]) -> Bool =\n    any("
    body = "vector(sum(A[i, j] * x[j] for j in range(n)) for i in range(m)) == b for x in Vector[n])"
    assert concepts(columns + body) == ("span",)


@pytest.mark.parametrize(
    "source",
    [
        "define f(A: Matrix[n, n]) -> Scalar = sum(A[i, j] for i in range(n) for j in range(n) if i == j)",
        "define f(A: Matrix[n, n]) -> Scalar = sum(A[n - 1 - i, n - 1 - i] for i in range(n))",
    ],
)
def test_a_definition_is_credited_when_it_agrees(source: str) -> None:
    """A definition is credited when [...] its type is a form's and the two agree on the form's domain."""
    assert concepts(source) == ("trace",)


def test_up_to_the_order_of_arguments() -> None:
    """... up to the order of arguments."""
    assert concepts("define f(y: Scalar, x: Scalar) -> Scalar = x / y") == ("quotient",)


def test_its_type_is_a_forms() -> None:
    """... its type is a form's."""
    assert concepts("define f(A: Matrix[n, n], k: Nat) -> Scalar = sum(A[i, i] for i in range(n))") == ()


def test_on_the_forms_domain() -> None:
    """... the two agree on the form's domain."""
    assert concepts("define f(x: Scalar, y: Scalar) -> Scalar = 0 if y == 0 else x / y") == ("quotient",)
    assert concepts("define f(x: Scalar, y: Scalar) -> Scalar = 0 if y == 1 else x / y") == ()
    form = Form(source="define r_power(x: Scalar, k: Nat) -> Scalar = x ** k", domain="k > 0")
    examiner = Examiner(TASK.model_copy(update={"concepts": (Concept(id="power", forms=(form,)),)}))
    for body, earned in (("0 if k == 0 else x ** k", ("power",)), ("0 if k == 1 else x ** k", ())):
        found = definition_of(f"define f(x: Scalar, k: Nat) -> Scalar = {body}")
        assert examiner.examine(found, {}).concepts == earned


@pytest.mark.parametrize(
    "source",
    [
        "define f(A: Matrix[n, n]) -> Scalar = 0",  # a constant
        "define f(A: Matrix[n, n]) -> Scalar = A[0, 0]",  # right for n = 1
        "define f(A: Matrix[n, n]) -> Scalar = 0 * sum(A[i, i] for i in range(n))",
        "define f(A: Matrix[n, n]) -> Scalar = sum(A[i, i] for i in range(n)) if n < 9 else 0",
        "define f(A: Matrix[n, n]) -> Scalar = sum(A[i, i] for i in range(n)) if n < 5 * 5 else 0",
        "define f(A: Matrix[n, n]) -> Scalar = sum(A[i, i] ** 7 for i in range(n))",
        "define f(A: Matrix[n, n]) -> Scalar = sum(A[i, i] ** 841 for i in range(n))",
        "define f(A: Matrix[n, n]) -> Scalar = sum(conj(A[i, i]) for i in range(n))",
    ],
)
def test_on_small_models_on_large_ones_and_at_every_size(source: str) -> None:
    """... on small finite models exhausted, on random values of large ones, at every size tried; as polynomials where
    both are."""
    assert concepts(source) == ()


@pytest.mark.parametrize("body", ["True", "False", "any(v == u for u in vs)", "len(vs) >= n"])
def test_predicates_have_samplers(body: str) -> None:
    """For predicates and partial concepts the task gives samplers, so that at least a third of the random values make
    the reference true and a third just miss it."""
    assert concepts(f"define f(v: Vector[n], vs: List[Vector[n]]) -> Bool = {body}") == ()


def test_what_ranges_over_a_type_is_compared_beyond_its_degree() -> None:
    """A definition that ranges over a type is compared on finite fields of at least three characteristics, one
    non-prime, one drawn by the hash, two of them larger than any degree or exponent in it."""
    spanned = "all(v[i] == sum(c[k] * {} vs[k][i] for k in range(len(vs))) for i in range(n)) for c in Vector[len(vs)]"
    head = "define f(v: Vector[n], vs: List[Vector[n]]) -> Bool = any("
    assert concepts(head + spanned.format("") + ")") == ("span",)
    assert (
        concepts(head + spanned.format("c[k] ** 840 *") + " if all(c[k] ** 841 == c[k] for k in range(len(vs))))") == ()
    )


def test_declared_symmetries_are_allowed_for() -> None:
    """Declared symmetries (one constant non-zero factor, a sign, transposition) are allowed for."""
    assert concepts("define f(v: Vector[n]) -> Scalar = -sum(v[i] for i in range(n))") == ("total",)
    assert concepts("define f(v: Vector[n]) -> Scalar = scalar(n) * sum(v[i] for i in range(n))") == ()
    assert concepts("define f(A: Matrix[n, n]) -> Scalar = -sum(A[i, i] for i in range(n))") == ()


def test_what_it_is_called_earns_nothing() -> None:
    """What it is called earns nothing."""
    assert concepts("define r_trace(A: Matrix[n, n]) -> Scalar = sum(A[i, 0] for i in range(n))") == ()
    assert concepts("define nonsense(A: Matrix[n, n]) -> Scalar = sum(A[i, i] for i in range(n))") == ("trace",)


def test_what_is_given_is_not_a_concept() -> None:
    """... and what is given is not a concept."""
    assert concepts("define f(x: Scalar, y: Scalar) -> Scalar = x * y") == ()


def test_out_of_reach_earns_no_credit() -> None:
    """Where a size is out of reach [a claim] is `undecided`, and earns no credit."""
    trace = TASK.concepts[0]
    turned = "r_trace(matrix(A[j, i] for i in range(n) for j in range(n)))"
    far = f"claim (A: Matrix[n, n]): r_trace(A) == ({turned} if n < 50 else 2 * r_trace(A))"
    near = f"claim (A: Matrix[n, n]): r_trace(A) == {turned}"
    laws = (Law(source=far), Law(source=near))
    examiner = Examiner(TASK.model_copy(update={"concepts": (trace.model_copy(update={"laws": laws}),)}))
    for law, expected, earned in ((far, Status.UNDECIDED, 0), (near, Status.PROVED, 1)):
        found, known = statements(trace.forms[0].source + "\n" + law)
        examined = examiner.examine(found[-1], known)
        assert (examined.verdict.status, len(examined.laws)) == (expected, earned)


# "A second definition of the same concept [earns] nothing more": credit is a set of concepts per chain, which
# tests/trial keeps; here one definition earns a concept once.
def test_a_concept_is_earned_once() -> None:
    """... a second definition of the same concept nothing more."""
    found = concepts(
        "define f(vs: List[Vector[n]], v: Vector[n]) -> Bool =\n    any(all(v[i] == sum(c[k] * vs[k][i] "
        "for k in range(len(vs))) for i in range(n)) for c in Vector[len(vs)])"
    )
    assert found == ("span",)
