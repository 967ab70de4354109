"""Claims with functions as parameters: hypotheses that only structured functions satisfy, and the drawn functions."""

from __future__ import annotations

import numpy as np
import pytest

from relay.checker.cases import dimensions
from relay.checker.checker import Checker
from relay.checker.sampling.function_values import random_functions
from relay.checker.sampling.parameter_values import all_values, count_all, random_values, shape
from relay.checker.verdict import Verdict
from relay.evaluation import call, show
from relay.evaluation.algebra import Algebra, GaloisField, PrimeField, Rationals
from relay.evaluation.algebra.base import TooLarge
from relay.notation import Scope, print_type, read_parameters, read_statement, read_type, split_statements
from relay.notation.syntax import Definition, FnType
from relay.records.status import Status
from relay.records.task import Given, Operation, Sort

GIVEN = Given(scalars=True)
PRELUDE = """
define image(A: Matrix[m, n], v: Vector[n]) -> Vector[m] =
    vector(sum(A[i, k] * v[k] for k in range(n)) for i in range(m))
define add(v: Vector[n], w: Vector[n]) -> Vector[n] = vector(v[i] + w[i] for i in range(n))
define zero(n: Nat) -> Vector[n] = vector(0 for i in range(n))
define scale(x: Scalar, v: Vector[n]) -> Vector[n] = vector(x * v[i] for i in range(n))
define neg(v: Vector[k]) -> Vector[k] = vector(-v[i] for i in range(k))
define is_additive(f: Fn[Vector[n], Vector[m]]) -> Bool =
    all(f(add(v, w)) == add(f(v), f(w)) for v in Vector[n] for w in Vector[n])
define is_linear(f: Fn[Vector[n], Vector[m]]) -> Bool =
    is_additive(f) and all(f(scale(x, v)) == scale(x, f(v)) for v in Vector[n] for x in Scalar)
define at(f: Fn[Vector[n], Vector[m]], v: Vector[n]) -> Vector[m] = f(v)
define compose(f: Fn[Vector[m], Vector[l]], g: Fn[Vector[n], Vector[m]], v: Vector[n]) -> Vector[l] = f(g(v))
define in_kernel(A: Matrix[m, n], v: Vector[n]) -> Bool = image(A, v) == zero(m)
define is_subspace(p: Fn[Vector[n], Bool]) -> Bool =
    p(zero(n)) and all(implies(p(v) and p(w), p(add(v, w))) for v in Vector[n] for w in Vector[n])
    and all(implies(p(v), p(scale(x, v))) for v in Vector[n] for x in Scalar)
define meet(p: Fn[Vector[n], Bool], q: Fn[Vector[n], Bool], v: Vector[n]) -> Bool = p(v) and q(v)
define join(p: Fn[Vector[n], Bool], q: Fn[Vector[n], Bool], v: Vector[n]) -> Bool = p(v) or q(v)
define is_bilinear(f: Fn[Vector[n], Vector[n], Scalar]) -> Bool =
    all(f(add(u, v), w) == f(u, w) + f(v, w) and f(w, add(u, v)) == f(w, u) + f(w, v)
        for u in Vector[n] for v in Vector[n] for w in Vector[n])
    and all(f(scale(x, v), w) == x * f(v, w) and f(v, scale(x, w)) == x * f(v, w)
            for v in Vector[n] for w in Vector[n] for x in Scalar)
define alternates(f: Fn[Vector[n], Vector[n], Scalar]) -> Bool = all(f(v, v) == 0 for v in Vector[n])
define commutes(op: Fn[Scalar, Scalar, Scalar]) -> Bool = all(op(x, y) == op(y, x) for x in Scalar for y in Scalar)
define associates(op: Fn[Scalar, Scalar, Scalar]) -> Bool =
    all(op(op(x, y), z) == op(x, op(y, z)) for x in Scalar for y in Scalar for z in Scalar)
define burn(k: Nat) -> Nat = 1 if k == 0 else burn(k - 1) + burn(k - 1)
define is_seven(n: Nat, k: Nat) -> Bool = n == k
define told(p: Fn[Nat, Bool], k: Nat) -> Bool = p(k)
define iterate(f: Fn[Nat, Nat], k: Nat, x: Nat) -> Nat = x if k == 0 else f(iterate(f, k - 1, x))
"""


def _prelude() -> tuple[Scope, dict[str, Definition]]:
    scope, known = Scope(GIVEN), {}
    for located in split_statements(PRELUDE.replace("\n    and", " and")):
        definition = read_statement(located.source, scope)
        assert isinstance(definition, Definition)
        scope, known[definition.key] = scope.adding(definition), definition
    return scope, known


SCOPE, KNOWN = _prelude()
CHECKER = Checker(GIVEN)
LINEAR = "(f: Fn[Vector[n], Vector[m]]) where is_linear(f)"
SUBSPACES = "(p: Fn[Vector[n], Bool], q: Fn[Vector[n], Bool]) where is_subspace(p) and is_subspace(q)"


def judge(source: str) -> Verdict:
    return CHECKER.judge(read_statement(source, SCOPE), KNOWN)


CLAIMS = [
    ("holds", "claim (A: Matrix[m, n]): is_linear(image(A))"),
    ("holds", "claim (A: Matrix[m, n]): is_subspace(in_kernel(A))"),
    ("holds", f"claim {LINEAR}: f(zero(n)) == zero(m)"),
    ("refuted", "claim (f: Fn[Vector[n], Vector[m]]): f(zero(n)) == zero(m)"),
    ("refuted", f"claim {LINEAR}: f == compose(f, neg)"),
    ("refuted", "claim (f: Fn[Vector[n], Vector[m]]) where is_additive(f): is_linear(f)"),
    ("holds", "claim (f: Fn[Vector[l], Vector[m]], g: Fn[Vector[n], Vector[l]]) where is_linear(f) and is_linear(g): "
     "is_linear(compose(f, g))"),
    ("holds", f"claim {SUBSPACES}: is_subspace(meet(p, q))"),
    ("refuted", f"claim {SUBSPACES}: is_subspace(join(p, q))"),
    ("refuted", f"claim {SUBSPACES}: p == q"),
    ("refuted", "claim (f: Fn[Vector[n], Vector[n], Scalar], v: Vector[n], w: Vector[n]) where is_bilinear(f): "
     "f(v, w) == f(w, v)"),
    ("refuted", "claim (op: Fn[Scalar, Scalar, Scalar]) where commutes(op): associates(op)"),
    ("refuted", "claim (op: Fn[Scalar, Scalar, Scalar]) where associates(op): commutes(op)"),
    ("holds", "claim (A: Matrix[m, n], B: Matrix[m, n]) where image(A) == image(B): A == B"),
    ("refuted", "claim (A: Matrix[n, n]): image(A) == compose(image(A), neg)"),
    ("refuted", "claim (fs: List[Fn[Scalar, Scalar]], x: Scalar): all(f(x) == fs[0](x) for f in fs)"),
    ("refuted", "claim (f: Fn[Nat, Nat], k: Nat): f(k) <= f(k + 1)"),
    ("holds", "claim (f: Fn[Nat, Nat], j: Nat, k: Nat): iterate(f, j, iterate(f, k, 0)) == iterate(f, j + k, 0)"),
    # any definition may be passed as a function
    ("trivial", "claim (v: Vector[n]): at(neg, v) == neg(v)"),
    ("trivial", "claim (f: Fn[Vector[n], Vector[m]], v: Vector[n], w: Vector[n]): f(add(v, w)) == f(add(v, w))"),
    ("trivial", "claim (A: Matrix[n, n]): is_linear(image(A)) or not is_linear(image(A))"),
    ("trivial", "claim (f: Fn[Scalar, Scalar], x: Scalar, y: Scalar): f(x * y) == f(y * x)"),
    # a constant that reaches a comparison through a function is tried as a size, too
    ("refuted", "claim (v: Vector[n]): told(is_seven(n), 7) == False"),
    ("undecided", "claim (v: Vector[n]): told(is_seven(n), 70) == False"),
    ("undecided", "claim (f: Fn[Nat, Nat]): f(burn(40)) == f(burn(40)) + 0"),
    ("undecided", "claim (h: Fn[Fn[Scalar, Scalar], Scalar], f: Fn[Scalar, Scalar]): h(f) == h(f) * 1"),
]  # fmt: skip


@pytest.mark.parametrize(("status", "source"), CLAIMS)
def test_each_claim_gets_its_status(status: str, source: str) -> None:
    verdict = judge(source)
    assert verdict.status == Status(status), verdict.message


def test_a_small_function_is_printed_as_a_table_and_a_large_one_as_what_it_was_drawn_as() -> None:
    shown = judge(f"claim {SUBSPACES}: p == q").counterexample
    assert "p = {([0]): True, ([1]): True}" in shown
    larger = judge("claim (f: Fn[Vector[n], Vector[m]]): f(zero(n)) == zero(m)").counterexample
    assert "f = affine: constant [" in larger or "f = the constant [" in larger or "f = {([0" in larger


def test_verdicts_with_functions_are_the_same_every_time() -> None:
    source = "claim (op: Fn[Scalar, Scalar, Scalar]) where associates(op): commutes(op)"
    assert judge(source) == Checker(GIVEN).judge(read_statement(source, SCOPE), KNOWN)


def test_few_functions_are_all_tried() -> None:
    parameters, sizes = read_parameters("f: Fn[Vector[n], Scalar], p: Fn[Bool, Bool]", GIVEN)
    two = GaloisField(2, 1)
    drawn = shape(parameters, dict.fromkeys(dimensions(parameters, sizes), 1), two)
    assert drawn is not None
    total = count_all(drawn, two)
    assert total == 4 * 4
    values = all_values(drawn, two, 0, total)
    tables = {
        (show(values["f"], parameters[0].type, lane, two), show(values["p"], parameters[1].type, lane, two))
        for lane in range(total)
    }
    assert len(tables) == total
    assert ("{([0]): 1, ([1]): 0}", "{(False): True, (True): True}") in tables


PROPERTIES = [
    ("Fn[Vector[n], Vector[m]]", "is_linear", 8),
    ("Fn[Vector[n], Bool]", "is_subspace", 8),
    ("Fn[Vector[n], Vector[n], Scalar]", "is_bilinear", 8),
    ("Fn[Scalar, Scalar, Scalar]", "commutes", 8),
]


@pytest.mark.parametrize(("kind", "property_", "least"), PROPERTIES)
def test_structured_functions_meet_hypotheses_often(kind: str, property_: str, least: int) -> None:
    model = PrimeField(3)
    model.order = 3
    parameters, sizes = read_parameters(f"f: {kind}", GIVEN)
    case = dict.fromkeys(dimensions(parameters, sizes), 2)
    drawn = shape(parameters, case, model)
    assert drawn is not None
    values = random_values(drawn, model, 96, np.random.default_rng(1), case)
    out = call(SCOPE.definitions[property_], [values["f"]], 96, model, KNOWN, 10**6)
    truth = np.broadcast_to(np.asarray(out.value), (96,))
    assert out.ok.all()
    assert least <= int(truth.sum()) <= 96 - least


@pytest.mark.parametrize("model", [PrimeField(5), GaloisField(2, 2), PrimeField(10007), Rationals()])
@pytest.mark.parametrize("kind", [
    "Fn[Scalar, Scalar]", "Fn[Vector[2], Matrix[2, 2], Vector[3]]", "Fn[Vector[2], Vector[2], Bool]", "Fn[Nat, Scalar]",
    "Fn[Nat, Bool]", "Fn[List[Scalar], Nat]", "Fn[Matrix[2, 2], Matrix[2, 2]]", "Fn[Bool, List[Vector[2]]]",
    "Fn[Vector[0], Vector[0]]", "Fn[Nat, Nat, Nat]",
])  # fmt: skip
def test_a_function_gives_one_value_for_one_argument(kind: str, model: Algebra) -> None:
    """Every lane's value depends on that lane alone."""
    type_ = read_type(kind, GIVEN)
    assert isinstance(type_, FnType)
    sizes = tuple(int(n) for n in "".join(c if c.isdigit() else " " for c in kind).split())
    functions = random_functions(type_, sizes, model, 24, np.random.default_rng(3))
    names = [f"x{n}" for n in range(len(type_.parameters))]
    listed = ", ".join(f"{x}: {print_type(part)}" for x, part in zip(names, type_.parameters, strict=True))
    value = f"f({', '.join(names)})"
    source = f"define probe(f: {kind}, {listed}) -> Bool = {value} == {value}"
    definition = read_statement(source, Scope(GIVEN))
    assert isinstance(definition, Definition)
    parameters, _ = read_parameters(listed, GIVEN)
    case = dict.fromkeys(dimensions(parameters, ()), 2)
    drawn = shape(parameters, case, model)
    assert drawn is not None
    args = random_values(drawn, model, 24, np.random.default_rng(4), case)
    values = [functions, *(args[x] for x in names)]
    out = call(definition, values, 24, model, {definition.key: definition}, 10_000)
    assert out.ok.all()
    assert np.all(np.asarray(out.value))


def test_functions_of_functions_are_not_drawn() -> None:
    type_ = read_type("Fn[Fn[Scalar, Scalar], Scalar]", GIVEN)
    assert isinstance(type_, FnType)
    with pytest.raises(TooLarge, match="functions of functions"):
        random_functions(type_, (), PrimeField(5), 4, np.random.default_rng(1))


def test_functions_of_a_structure() -> None:
    given = Given(
        sorts=(Sort(name="E", size=3),),
        operations=(Operation(name="op", parameters=("E", "E"), result="E", table=((0, 1, 2), (1, 2, 0), (2, 0, 1))),),
    )
    scope, known = Scope(given), {}
    for source in (
        "define additive(f: Fn[E, E]) -> Bool = all(f(op(x, y)) == op(f(x), f(y)) for x in E for y in E)",
        "define shifted(f: Fn[E, E], c: E, x: E) -> E = op(c, f(x))",
    ):
        definition = read_statement(source, scope)
        assert isinstance(definition, Definition)
        scope, known[definition.key] = scope.adding(definition), definition
    checker = Checker(given)
    for source, status in (
        ("claim (f: Fn[E, E], x: E): f(x) == x", Status.REFUTED),
        ("claim (f: Fn[E, E], c: E) where additive(f) and additive(shifted(f, c)): op(c, c) == c", Status.PROVED),
        ("claim (f: Fn[E, E], g: Fn[E, E]) where additive(f) and additive(g) and f != g: "
         "count(f(x) == g(x) for x in E) == 1", Status.PROVED),
        ("claim (x: E, f: Fn[E, E]) where f == op(x): all(f(op(y, z)) == op(f(y), z) for y in E for z in E)",
         Status.PROVED),
    ):  # fmt: skip
        assert checker.judge(read_statement(source, scope), known).status is status, source
