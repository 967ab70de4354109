"""Reading: the terms and statements that texts give, and their types."""

from __future__ import annotations

import pytest

from relay.errors import NotationError
from relay.notation import (
    Scope,
    print_term,
    print_type,
    read_parameters,
    read_statement,
    read_term,
    read_type,
)
from relay.notation.syntax import (
    BOOL,
    NAT,
    SCALAR,
    Apply,
    Call,
    Choice,
    Claim,
    Comprehension,
    Definition,
    ListType,
    Numeral,
    SortType,
    Term,
    Variable,
    VectorType,
)
from tests.notation.samples import ALIEN, DESCRIBED, SCALARS, described_scope

SCOPE = described_scope()
PARAMETERS = "A: Matrix[n, n], v: Vector[n], vs: List[Vector[n]], x: Scalar, k: Nat, ks: List[Nat], b: Bool"
VARIABLES = {parameter.name: parameter.type for parameter in read_parameters(PARAMETERS, SCALARS)[0]}


def term(source: str) -> Term:
    return read_term(source, SCOPE, VARIABLES)


@pytest.mark.parametrize("source", DESCRIBED)
def test_the_described_statements_are_read(source: str) -> None:
    statement = read_statement(source, SCOPE)
    assert statement.source == source
    assert len(statement.key) == 32


def test_a_definition() -> None:
    det = SCOPE.definitions["det"]
    assert det.sizes == ("n",)
    assert det.result == SCALAR
    assert det.rests_on == (("minor", SCOPE.definitions["minor"].key),)
    assert isinstance(det.body, Choice)
    assert det.body.args[0] == Apply("eq", (Variable("n", NAT), Numeral(0, NAT)), BOOL)
    assert det.body.args[1] == Numeral(1, SCALAR)


def test_a_claim() -> None:
    claim = read_statement("claim named over fields (A: Matrix[n, m]) where n == m: A == A", SCOPE)
    assert isinstance(claim, Claim)
    assert (claim.name, claim.over, claim.sizes, claim.nodes) == ("named", "fields", ("n", "m"), 6)
    bare = read_statement("claim (): True", SCOPE)
    assert isinstance(bare, Claim)
    assert (bare.name, bare.parameters, bare.hypothesis) == (None, (), None)


@pytest.mark.parametrize(
    ("source", "type"),
    [
        ("1 + x", "Scalar"),
        ("2 * 3 + k", "Nat"),
        ("k ** 2 // 3 % 5", "Nat"),
        ("x ** k / 2", "Scalar"),
        ("-1 * x", "Scalar"),
        ("v", "Vector[n]"),
        ("A[0, 1]", "Scalar"),
        ("vs[0]", "Vector[n]"),
        ("vs[0][1]", "Scalar"),
        ("[k, 1]", "List[Nat]"),
        ("[1, 2] + ks", "List[Nat]"),
        ("[] + [v]", "List[Vector[n]]"),
        ("[[], ks]", "List[List[Nat]]"),
        ("[i for i in [1, 2] if i == k]", "List[Nat]"),
        ("[p for p in permutations(k)]", "List[List[Nat]]"),
        ("[s[0] for s in subsets(k, 2)]", "List[Nat]"),
        ("first(w for w in vs)", "Vector[n]"),
        ("first(c for c in Vector[k + 1] if c == c)", "Vector[k + 1]"),
        ("sum(1 if b else x for i in ks)", "Scalar"),
        ("max(i for i in ks)", "Nat"),
        ("count(y == y for y in Scalar)", "Nat"),
        ("any(t for t in Bool)", "Bool"),
        ("vector(x for i in range(2, k))", "Vector[k - 2 if 2 < k else 0]"),
        ("vector(x for i in range(0, k))", "Vector[k]"),
        ("matrix(A[j, i] for i in range(n) for j in range(k))", "Matrix[n, k]"),
        ("minor(A, 0, 0)", "Matrix[n - 1, n - 1]"),
        ("minor(minor(A, 0, 0), k, k)", "Matrix[n - 1 - 1, n - 1 - 1]"),
        ("minor(matrix(x for i in range(k) for j in range(n)), 0, 0)", "Matrix[k - 1, k - 1]"),
        ("mul(A, identity(k))", "Matrix[n, k]"),
        ("identity(len(ks) + 1)", "Matrix[len(ks) + 1, len(ks) + 1]"),
        ("0 < k <= 3 != 4", "Bool"),
        ("in_span(v, [])", "Bool"),
        ("v if b else vs[0]", "Vector[n]"),
        ("implies(b, not b or b and b)", "Bool"),
    ],
)
def test_types(source: str, type: str) -> None:
    assert print_type(term(source).type) == type


def test_an_empty_list_takes_its_size_from_another_argument() -> None:
    call = term("in_span(v, [])")
    assert isinstance(call, Call)
    assert call.args[1].type == ListType(VectorType(Variable("n", NAT)))
    mixed = read_statement("define f(vs: List[Vector[m]], us: List[Vector[m]]) -> Nat = m", SCOPE)
    assert isinstance(mixed, Definition)
    with pytest.raises(NotationError, match="nothing decides the size `m` of argument 1 of `f`"):
        read_term("f([], [])", SCOPE.adding(mixed))


def test_a_type_may_speak_of_other_parameters() -> None:
    body = "Vector[k + n] = vector(0 for i in range(k + n))"
    source = f"define f(c: Vector[k + len(vs)], vs: List[Vector[n]], k: Nat) -> {body}"
    with pytest.raises(NotationError, match="unknown size `vs`"):
        read_statement(source, SCOPE)
    source = f"define f(vs: List[Vector[n]], c: Vector[k + len(vs)], k: Nat) -> {body}"
    definition = read_statement(source, SCOPE)
    assert isinstance(definition, Definition)
    assert definition.sizes == ("n",)
    call = read_term("f(vs, vector(1 for i in range(2)), 3)", SCOPE.adding(definition), VARIABLES)
    assert print_type(call.type) == "Vector[3 + n]"


def test_binding_is_as_in_python() -> None:
    assert term("-x ** 2") == term("-(x ** 2)")
    assert term("x ** 2 ** 3") == term("x ** (2 ** 3)")
    assert term("x - 1 - 2") == term("(x - 1) - 2")
    assert term("b and b and b") == term("b and (b and b)")
    assert term("not b == b") == term("not (b == b)")
    assert term("b or b and b") == term("b or (b and b)")
    assert term("x if b else x if b else x") == term("x if b else (x if b else x)")
    assert term("0 < k < 3") == term("(0 < k) and (k < 3)")
    assert term("(0 < k) == b") != term("0 < k and k == 1")


@pytest.mark.parametrize(
    "source",
    [
        "x - (x - x)",
        "x - x - x",
        "x * -x / x",
        "x * (x / x)",
        "(x + x) * x ** 2",
        "(-x) ** 2",
        "-x ** 2",
        "--x",
        "-(x * x)",
        "(x ** 2) ** 3",
        "x ** (k + 1)",
        "not (b and b) or not b == b",
        "(b or b) and (b and b or b)",
        "(b == b) == b",
        "(x if b else x) + x",
        "(b if b else b) if b else b",
        "[x if b else x]",
        "(ks + ks)[0]",
        "[i for i in (ks if b else ks) if (b if b else b)]",
        "[i for i in ks + ks if b or b]",
        "0 < k < 3 and b",
        "b and 0 < k < 3",
        "(b and 0 < k) == b",
    ],
)
def test_brackets_are_printed_where_they_matter(source: str) -> None:
    assert print_term(term(source)) == source
    assert term(print_term(term(source))) == term(source)


def test_generators_side_by_side_may_share_a_name() -> None:
    assert isinstance(term("sum(i for i in ks) + sum(i for i in range(k))"), Apply)


def test_bounds_of_later_generators_may_speak_of_earlier_ones() -> None:
    pairs = term("count(i != j for i in range(k) for j in range(i) if j != 0)")
    assert isinstance(pairs, Comprehension)
    assert print_term(pairs) == "count(i != j for i in range(k) for j in range(i) if j != 0)"


def test_sorts_and_operations_of_a_task() -> None:
    scope = Scope(ALIEN)
    element = SortType("Element")
    claim = read_statement("claim (x: Element): star(x, unit()) == x and count(y == x for y in Element) == 1", scope)
    assert isinstance(claim, Claim)
    assert claim.rests_on == ()
    star = read_term("star(unit(), unit())", scope)
    assert isinstance(star, Call)
    assert (star.key, star.type) == ("given:star", element)
    assert read_type("List[Element]", ALIEN) == ListType(element)
    numerals = read_statement("claim (): 1 + 1 == 2", scope)
    assert isinstance(numerals.body, Apply)
    assert numerals.body.args[1] == Numeral(2, NAT)


def test_parameters_and_types_alone() -> None:
    parameters, sizes = read_parameters("A: Matrix[m, n], v: Vector[n]", SCALARS)
    assert [parameter.name for parameter in parameters] == ["A", "v"]
    assert sizes == ("m", "n")
    assert read_parameters("  ", SCALARS) == ((), ())
    assert print_type(read_type("Matrix[m + 1, 2]", SCALARS, ("m",))) == "Matrix[m + 1, 2]"
