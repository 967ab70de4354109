"""The notation's page, *Terms*, the errors and the limits."""

from __future__ import annotations

import pytest

from relay.errors import NotationError
from relay.notation import Scope, read_statement
from tests.contract.asking import (
    GF2,
    GF3,
    GF4,
    GROUP,
    SCOPE,
    UNDEFINED,
    Q,
    Status,
    claim_of,
    definition_of,
    error,
    status,
    value,
)


def test_numerals_are_what_their_place_requires() -> None:
    """Numerals are a `Nat` or a `Scalar` as their place requires, found from the other operand and the expected
    type."""
    assert status("claim (x: Scalar) where 7 * x == 0: x == 0") is Status.REFUTED
    assert value("7 // 2 * 2") == "6"
    assert definition_of("define f() -> Scalar = 2").body.type != definition_of("define f() -> Nat = 2").body.type


def test_a_numeral_that_nothing_decides_is_ill_formed() -> None:
    """Where nothing decides, the term is `ill_formed`: write `scalar(2) != 0`."""
    assert "as in `scalar(2) != 0`" in error("claim (): 2 != 0").message


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        ("scalar(1) + 2", "3"),
        ("scalar(1) - 2", "-1"),
        ("scalar(3) * 2", "6"),
        ("scalar(3) / 2", "3/2"),
        ("-scalar(3)", "-3"),
        ("scalar(3) ** 2", "9"),
        ("scalar(0) ** 0", "1"),
        ("conj(scalar(3))", "3"),
        ("7 + 2", "9"),
        ("7 - 2", "5"),
        ("7 * 2", "14"),
        ("7 // 2", "3"),
        ("7 % 2", "1"),
        ("7 ** 2", "49"),
        ("0 ** 0", "1"),
        ("nat(3) < 4", "True"),
        ("nat(3) <= 3", "True"),
        ("nat(3) > 4", "False"),
        ("nat(4) >= 4", "True"),
        ("True", "True"),
        ("False", "False"),
        ("True == False", "False"),
        ("True != False", "True"),
        ("1 < 2 < nat(3) <= 3", "True"),
        ("1 < nat(3) < 3", "False"),
        ("not True or True and False", "False"),
        ("implies(False, False)", "True"),
        ("implies(True, False)", "False"),
        ("True if nat(1) == 2 else False", "False"),
        ("scalar(2 + 3) / 2", "5/2"),
    ],
)
def test_operations(term: str, expected: str) -> None:
    """On scalars `+ - * /`, `-x`, `** Nat` (`0 ** 0` is 1), `conj(x)`. On `Nat` `+ - * // % **` and order. `scalar(k)`
    turns a `Nat` into a scalar. `True`, `False`, `== !=` between terms of one type, chained comparisons, `and or not`,
    `implies(a, b)`, `a if c else b`."""
    assert value(term, Q) == expected


def test_order_of_scalars_is_for_ordered_models_only() -> None:
    """Order (`< <= > >= max min`) in ordered models only."""
    for body in ("x < x", "x >= 0", "max(y for y in Scalar) == x", "min(y for y in [x]) == x"):
        assert "no order in every field" in error(f"claim (x: Scalar): {body}").message


def test_the_conjugate_is_an_involution() -> None:
    """`conj(x)`: Frobenius where a finite field has one."""
    assert value("[conj(x) for x in Scalar]", GF4) == "[0, 1, 1 + t, t]"
    assert value("all(conj(x) == x for x in Scalar)", GF3) == "True"


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        ("identity(2)[0, 1]", "0"),
        ("vector(scalar(i) for i in range(3))[2]", "2"),
        ("[4, 5][1]", "5"),
        ("len([nat(4), 5])", "2"),
        ("[k for k in [nat(1), 2] + []]", "[1, 2]"),
        ("[nat(1)] + [2, 3]", "[1, 2, 3]"),
        ("[i * i for i in range(3)]", "[0, 1, 4]"),
        ("vector(scalar(i) for i in range(1, 3))", "[1, 2]"),
        ("matrix(scalar(i - j) for i in range(1, 3) for j in range(2))", "[[1, 0], [2, 1]]"),
        ("matrix(scalar(i + j) for i in range(2) for j in range(2))", "[[0, 1], [1, 2]]"),
    ],
)
def test_arrays_and_lists(term: str, expected: str) -> None:
    """`A[i, j]`, `v[i]`, `L[k]`, `len(L)`; `[a, b]`, `[]`, `L + M`, `[t for ...]`; `vector(t for i in range(n))` and
    `matrix(t for i in range(m) for j in range(n))`."""
    assert value(term, Q) == expected


def test_vector_and_matrix_have_exactly_one_and_two_range_clauses() -> None:
    """... with exactly one and two `range` clauses."""
    for body in ("vector(1 for i in range(2) for j in range(2))", "vector(1 for i in range(2) if i == 0)"):
        assert "exactly one `range` clause" in error(f"claim (v: Vector[n]): v == {body}").message
    assert "exactly two `range` clauses" in error("claim (A: Matrix[n, n]): A == matrix(1 for i in range(n))").message


def test_comprehensions_have_any_number_of_clauses() -> None:
    """`sum`, `prod`, `all`, `any`, `count`, `max`, `min`, `first` over generators with any number of `for` and `if`
    clauses."""
    clauses = "for i in range(4) if i > 0 for j in range(i) if j > 0 for k in [i, j] if k < 3"  # 2, 1, 1, 2
    found = {word: value(f"{word}(k {clauses})") for word in ("sum", "prod", "max", "min", "first")}
    assert found == {"sum": "6", "prod": "4", "max": "2", "min": "1", "first": "2"}
    found = {word: value(f"{word}(k == 2 {clauses})") for word in ("all", "any", "count")}
    assert found == {"all": "False", "any": "True", "count": "2"}


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("sum", "0"),
        ("prod", "1"),
        ("all", "True"),
        ("any", "False"),
        ("count", "0"),
        ("max", UNDEFINED),
        ("min", UNDEFINED),
        ("first", UNDEFINED),
    ],
)
def test_of_nothing(word: str, expected: str) -> None:
    """Empty: 0, 1, true, false, 0, undefined, undefined, undefined."""
    body = "i == i" if word in ("all", "any", "count") else "i"
    assert value(f"{word}({body} for i in range(3, 2))") == expected
    if word in ("sum", "prod"):
        assert value(f"{word}(scalar(i) for i in range(0))") == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("range(3)", "[0, 1, 2]"),
        ("range(1, 3)", "[1, 2]"),
        ("range(3, 3)", "[]"),
        ("range(4, 3)", "[]"),
        ("[nat(5), 3]", "[5, 3]"),
        ("permutations(3)", "[[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]"),
        ("permutations(0)", "[[]]"),
        ("subsets(4, 2)", "[[0, 1], [0, 2], [0, 3], [1, 2], [1, 3], [2, 3]]"),
        ("subsets(2, 3)", "[]"),
        ("subsets(2, 0)", "[[]]"),
        ("Bool", "[False, True]"),
        ("Scalar", "[0, 1, 2]"),
        ("Matrix[1, 1]", "[[[0]], [[1]], [[2]]]"),
        ("Vector[2]", "[[0, 0], [0, 1], [0, 2], [1, 0], [1, 1], [1, 2], [2, 0], [2, 1], [2, 2]]"),
    ],
)
def test_generators_have_an_order(source: str, expected: str) -> None:
    """A generator ranges over `range(b)` or `range(a, b)` (empty when `b <= a`), a list, `permutations(n)` (lists,
    lexicographic), `subsets(n, k)` (increasing lists, lexicographic), or a type: every value of that type in the model,
    in one documented order."""
    assert value(f"[x for x in {source}]", GF3) == expected


def test_calls_are_positional_and_may_recurse() -> None:
    """Calls, positional. A definition may call itself."""
    assert value("factorial(5)") == "120"
    assert "takes 1 argument, found 2" in error("claim (A: Matrix[n, n]): trace(A, A) == 0").message
    error("claim (A: Matrix[n, n]): trace(A=A) == 0")


@pytest.mark.parametrize(
    ("term", "message"),
    [
        ("A.T == A", "no attributes"),
        ("'a' == x", "no strings"),
        ("1.5 == x", "no floats"),
        ("lambda y: y", "no lambdas"),
        ("import os", "import"),
        ("(x := 1) == 1", ""),
        ("x = x", "equality is written `==`"),
    ],
)
def test_what_there_is_not(term: str, message: str) -> None:
    """No attributes, strings, floats, lambdas, imports, assignment."""
    assert message in error(f"claim (A: Matrix[n, n], x: Scalar): {term}").message


def test_bound_names_are_new() -> None:
    """A bound name may not equal one that is in scope around it, nor a name that can be called; generators side by side
    may reuse a name. Parameters and sizes share one scope."""
    for body in ("sum(x for x in [x]) == x", "all(n == n for n in range(2))", "all(True for trace in range(2))"):
        error(f"claim (x: Scalar, v: Vector[n]): {body}")
    claim_of("claim (k: Nat): sum(i for i in range(k)) == sum(i for i in range(k, 2 * k)) or k >= 0")
    assert "already stands for something" in error("claim (n: Nat, n: Nat): n == n").message
    assert claim_of("claim (n: Nat, v: Vector[n]): v == v").sizes == ()


def test_a_parameter_may_have_the_name_of_a_definition() -> None:
    """A parameter may have the name of a definition, which it shadows there."""
    for text in (
        "define f(NAME: Scalar) -> Scalar = NAME + 1",
        "define f(NAME: Fn[Scalar, Scalar], x: Scalar) -> Scalar = NAME(x)",
        "define f(v: Vector[NAME], NAME: Nat) -> Scalar = v[NAME - 1]",
    ):
        hides, plain = (definition_of(text.replace("NAME", name)) for name in ("trace", "g"))
        assert hides.rests_on == () and hides.key == plain.key
    assert status("claim (trace: Nat): trace + 1 > trace") is status("claim (k: Nat): k + 1 > k")
    # sizes, generator variables, the name of the definition itself and operations of the task stay as they were
    for text in (
        "define f(v: Vector[trace]) -> Nat = trace",
        "define f(n: Nat) -> Nat = sum(trace for trace in range(n))",
        "define f(f: Nat) -> Nat = f",
    ):
        assert "something that can be called" in error(text).message
    assert "something that can be called" in error("define f(op: Element) -> Element = op", Scope(GROUP)).message


# --- errors ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("term", "column", "expected", "mend"),
    [
        ("A + B == A", 3, "not given", "matrix(... for i in range(n) for j in range(n))"),
        ("A * B == A", 3, "not given", "to be invented"),
        ("A == 0", 3, "Matrix", "matrix(... for i in range(n) for j in range(n))"),
        ("A[0] == v", 1, "two indices", "vector(A[i, j] for j in range(n))"),
        ("len(v) == n", 1, "list", "`n`"),
        ("v in vs", 3, "`in`", "any(v == w for w in vs)"),
    ],
)
def test_errors_give_position_expectation_and_mend(term: str, column: int, expected: str, mend: str) -> None:
    """Errors give the position, what was expected, and the mend, above all for what Python habits suggest: `A * B`,
    `A == 0`, `A[i]`, `len(v)`, `v in vs`. `A + B` on matrices is something to be invented, and the error says so."""
    head = "claim (A: Matrix[n, n], B: Matrix[n, n], v: Vector[n], vs: List[Vector[n]]): "
    told = error(head + term)
    assert (told.line, told.column) == (1, len(head) + column)
    assert expected in told.message
    assert mend in told.message


# --- limits ----------------------------------------------------------------------------------------------------------


def test_limits_are_checked_before_any_work() -> None:
    """Limits, checked before any work: ASCII, 4,000 characters and nesting 40 a statement, numerals to 10^6."""
    assert "ASCII" in error("claim (x: Scalar): x \N{MULTIPLICATION SIGN} x == x").message
    body = "claim (x: Scalar): x == x"
    read_statement(body + " " * (4_000 - len(body)), SCOPE)
    assert "at most 4000" in error(body + " " * (4_001 - len(body))).message
    claim_of(f"claim (x: Scalar): {'(' * 38}x{')' * 38} == x")
    assert "deeper than 40" in error(f"claim (x: Scalar): {'(' * 41}x{')' * 41} == x").message
    error(f"claim (x: Scalar): {'-' * 50}x == x")
    claim_of("claim (x: Scalar): 1000000 * x == x")
    assert "1000000" in error("claim (x: Scalar): 1000001 * x == x").message
    error("claim (x: Scalar): " + "(" * 100_000)


def test_a_condition_sets_the_size_of_a_statement() -> None:
    """A condition also sets `statement_size`, the most term nodes one statement may have."""
    source = "claim (x: Scalar) where x != 0: x * x == x"
    nodes = claim_of(source).nodes
    assert nodes == 3 + 5
    read_statement(source, SCOPE, nodes)
    with pytest.raises(NotationError, match=str(nodes - 1)):
        read_statement(source, SCOPE, nodes - 1)


@pytest.mark.parametrize(("numeral", "digits"), [("7", 1), ("0", 1), ("0012", 2), ("1000000", 7)])
def test_a_numeral_counts_as_many_nodes_as_it_has_digits(numeral: str, digits: int) -> None:
    source = f"claim (x: Scalar): {numeral} * x == x"
    assert claim_of(source).nodes == 4 + digits
    read_statement(source, SCOPE, 4 + digits)
    with pytest.raises(NotationError, match=f"has {4 + digits} term nodes"):
        read_statement(source, SCOPE, 3 + digits)


def test_python_is_not_executed() -> None:
    """Its terms are a subset of Python's expression syntax, safe to read from anyone."""
    for term in ("__import__('os').system('true')", "x.__class__", "eval(x) == x", "(lambda: 0)()", "f'{x}' == x"):
        error(f"claim (x: Scalar): {term}")
    assert value("2 ** 3 ** 2") == str(2**9)
    assert value("-scalar(2) ** 2", Q) == "-4"
    assert value("7 - 2 - 1") == "4"
    assert value("scalar(1) if nat(1) == 2 else scalar(0) if nat(1) == 1 else scalar(2)", GF2) == "0"
