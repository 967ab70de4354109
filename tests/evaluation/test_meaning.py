"""The meaning of terms, one example at a time, worked out by hand from docs/notation.md."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from relay.errors import NotationError
from relay.evaluation import EXHAUSTED, OK, UNDEFINED, call, evaluate, show
from relay.evaluation.algebra import Algebra, GaloisField, PrimeField, Rationals, Structure
from relay.notation import Scope, read_term
from relay.notation.syntax import NAT, Term
from relay.records.task import Given, Operation, Sort
from tests.evaluation.library import RANGING, SOURCE, by_key, read

SCOPE = read("define nat(n: Nat) -> Nat = n", read(RANGING, read(SOURCE)))
UNDEF, OUT = "undefined", "exhausted"


def term_of(source: str) -> Term:
    """Read a term; numerals whose type is not determined are naturals."""
    try:
        return read_term(source, SCOPE)
    except NotationError:
        return read_term(source, SCOPE, expected=NAT)


def value_of(source: str, model: Algebra | None = None, fuel: int = 100_000) -> str:
    model = model or PrimeField(7)
    term = term_of(source)
    out = evaluate(term, {}, 1, model, by_key(SCOPE), fuel)
    if out.status[0] != OK:
        return UNDEF if out.status[0] == UNDEFINED else OUT
    assert out.value is not None
    value = np.array([out.value]) if isinstance(out.value, int | bool) else out.value
    return show(value, term.type, 0, model)


@pytest.mark.parametrize(("source", "expected"), [
    # numbers
    ("2 - 3", UNDEF), ("3 - 3", "0"), ("7 // 2", "3"), ("7 % 0", UNDEF), ("7 // 0", UNDEF), ("0 ** 0", "1"),
    ("2 ** 53", str(2**53)), ("2 ** 53 + 1", OUT), ("2 ** 54", OUT), ("3 ** 33", str(3**33)), ("3 ** 34", OUT),
    ("1 ** (2 ** 53)", "1"), ("0 ** (2 ** 50)", "0"), ("2 ** 53 - 1", str(2**53 - 1)),
    ("prod(10 ** 6 for i in range(3))", OUT), ("prod(10 ** 6 * i for i in range(3))", "0"),
    ("sum(2 ** 53 for i in range(1))", str(2**53)), ("sum(2 ** 53 for i in range(2))", OUT),
    ("sum(2 ** 53 for i in range(5000))", OUT), ("prod(2 ** 53 for i in range(50))", OUT),
    ("scalar(0) ** 0", "1"), ("scalar(3) ** 6", "1"), ("scalar(1) / scalar(0)", UNDEF), ("scalar(1) / 3", "5"),
    ("scalar(0) / scalar(0) == scalar(0) / scalar(0)", UNDEF), ("-scalar(1)", "6"), ("scalar(8)", "1"),
    # operations that evaluate only the operands that they need
    ("False and 1 // 0 == 1", "False"), ("True or 1 // 0 == 1", "True"), ("implies(False, 1 // 0 == 1)", "True"),
    ("1 // 0 == 1 and False", UNDEF), ("1 // 0 == 1 or True", UNDEF), ("1 if True else 1 // 0", "1"),
    ("nat(1) if 1 // 0 == 0 else 1", UNDEF), ("1 < 2 < 3 // 0", UNDEF), ("2 < 1 < 3 // 0", "False"),
    ("any(1 // (2 - i) == 1 for i in range(9))", "True"), ("any(1 // i == 1 for i in range(3))", UNDEF),
    ("all(1 // (2 - i) == 0 for i in range(9))", "False"), ("all(1 // (2 - i) < 2 for i in range(9))", UNDEF),
    ("any(2 // (2 - i) == 9 for i in range(3))", UNDEF),
    ("first(1 // (2 - i) for i in range(1, 9))", "1"), ("first(1 // i for i in range(9))", UNDEF),
    ("first(i for i in range(100) if i * i > 50)", "8"), ("first(i for i in range(9) if i > 9)", UNDEF),
    ("first(i for i in range(9) if 6 // (3 - i) > 5)", "2"), ("first(i for i in range(9) if 6 // i > 5)", UNDEF),
    ("any(i == j for i in range(3) for j in range(5 // (2 - i)))", "True"),
    ("any(i + j == 9 for i in range(3) for j in range(5 // (2 - i)))", UNDEF),
    ("any(i + j == 9 for i in range(3) for j in range(1 - i))", UNDEF),
    ("any(j > 30000 for i in range(3) for j in range(40000 if i < 2 else 1 // 0))", "True"),
    ("all(j < 30000 for i in range(3) for j in range(40000 if i < 2 else 1 // 0))", "False"),
    ("sum(nat(1) for i in range(5) for j in range(3 - i))", UNDEF),
    ("sum(j for i in range(5) for j in range(i, 3))", "8"),
    ("count(1 // i == 1 for i in range(3) if i > 0)", "1"), ("count(1 // i == 1 for i in range(3))", UNDEF),
    # empty ranges
    ("sum(i for i in range(0))", "0"), ("prod(i for i in range(0))", "1"), ("all(False for i in range(0))", "True"),
    ("any(True for i in range(0))", "False"), ("count(True for i in range(0))", "0"),
    ("max(i for i in range(0))", UNDEF), ("min(i for i in range(0))", UNDEF), ("first(i for i in range(0))", UNDEF),
    ("sum(scalar(i) for i in range(3, 2))", "0"), ("prod(scalar(i) for i in range(3, 2))", "1"),
    ("max(i * (4 - i) for i in range(5))", "4"), ("min(i + 3 for i in range(5))", "3"),
    # arrays and lists
    ("vector(scalar(i) for i in range(3))[2]", "2"), ("vector(scalar(i) for i in range(3))[3]", UNDEF),
    ("vector(scalar(i) for i in range(3)) == vector(scalar(i) for i in range(4))", UNDEF),
    ("vector(scalar(i) for i in range(0)) == vector(scalar(i) for i in range(0))", "True"),
    ("vector(1 / scalar(i) for i in range(0))", "[]"),
    ("matrix(scalar(i * j) for i in range(2) for j in range(3))", "[[0, 0, 0], [0, 1, 2]]"),
    ("matrix(scalar(i * j) for i in range(2) for j in range(0))", "[[], []]"),
    ("matrix(scalar(i * j) for i in range(0) for j in range(2 - 3))", UNDEF),
    ("matrix(scalar(i + j) for i in range(1, 3) for j in range(2, 4))", "[[3, 4], [4, 5]]"),
    ("matrix(scalar(i) for i in range(2) for j in range(0)) == matrix(scalar(i) for i in range(3) for j in range(0))",
     UNDEF),
    ("[nat(1), 2] == [1, 2, 3]", "False"), ("[nat(1), 2][2]", UNDEF), ("[1, 2 // 0][0]", UNDEF),
    ("[2, 3] + [nat(4)]", "[2, 3, 4]"),
    ("[[nat(1)], [2, 3]] == [[1], [2, 3]]", "True"), ("[[nat(1)], [2, 3]] == [[1, 2], [3]]", "False"),
    ("len([grow(scalar(1), 2) for i in range(2)])", "2"),
    ("[grow(scalar(1), 2)] == [grow(scalar(1), 3)]", UNDEF),
    ("[grow(scalar(1), 2)] + [grow(scalar(1), 3)]", UNDEF),
    ("size([grow(scalar(1), 3) for i in range(0)])", "3"), ("size(heads(grow(scalar(1), 0)))", "0"),
    ("upto([3, 0, 1])", "[[0, 1, 2], [], [0]]"),
    ("[p for p in permutations(3)]", "[[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]"),
    ("[p for p in permutations(0)]", "[[]]"), ("[s for s in subsets(3, 2)]", "[[0, 1], [0, 2], [1, 2]]"),
    ("[s for s in subsets(2, 0)]", "[[]]"), ("[s for s in subsets(2, 3)]", "[]"),
    ("len([s for s in subsets(6, 3)])", "20"),
    ("[v for v in Vector[1]][6]", "[6]"), ("[v for v in Vector[2]][8]", "[1, 1]"), ("len([v for v in Vector[0]])", "1"),
    ("[A for A in Matrix[1, 2]][8]", "[[1, 1]]"), ("[b for b in Bool]", "[False, True]"),
    ("count(True for v in Vector[1 - 2])", UNDEF), ("count(x * x == 2 for x in Scalar)", "2"),
    ("[matrix(scalar(1) for i in range(3) for j in range(0)) for k in range(2)][1] == "
     "matrix(scalar(1) for i in range(3) for j in range(0))", "True"),
    # functions
    ("at(fib, 9)", "34"), ("at(steps(1), 3)", "5"), ("steps(5)(9)", "34"), ("iterate(fib, 2, 7)", "233"),
    ("iterate(ack(1), 3, 0)", "6"), ("above(3, ack(1), 0)", "2"), ("round_and_round(fib, 3)", OUT),
    ("at(forever, 1)", OUT), ("compose(plus(1), plus(2), 3)", "6"), ("each(plus(1), grow(scalar(2), 3))", "[2, 3, 5]"),
    ("width(ortho(grow(scalar(1), 4)))", "4"), ("holds_at(ortho(grow(scalar(1), 2)), grow(scalar(6), 2))", "True"),
    ("holds_at(ortho(grow(scalar(1), 2)), grow(scalar(6), 3))", UNDEF),
    ("holds_at(both(ortho(grow(scalar(1), 2)), ortho(grow(scalar(1), 3))), grow(scalar(6), 2))", UNDEF),
    ("at(first(f for f in [fib, ack(2), ack(1)] if f(2) == 4), 9)", "11"), ("[fib, ack(2)][1](2)", "7"),
    ("plus(1) == plus(1)", "True"), ("plus(1) == plus(2)", "False"), ("plus(1) != compose(plus(3), plus(5))", "False"),
    ("[plus(1), plus(2)] == [plus(1), plus(9)]", "True"), ("[plus(1)] == [plus(1), plus(2)]", "False"),
    ("ortho(grow(scalar(1), 1)) == ortho(grow(scalar(1), 2))", UNDEF), ("root == root", UNDEF),
    ("ortho(grow(scalar(1), 2)) == both(ortho(grow(scalar(1), 2)), ortho(grow(scalar(2), 2)))", "False"),
    ("len([fib, steps(1)] + [ack(3)])", "3"), ("sum(f(1) for f in [fib, ack(1), steps(0)])", "6"),
    ("(plus if True else plus) == plus", "True"),
    ("sized(anything, grow(scalar(1), 2), grow(scalar(1), 2))", "True"),
    ("sized(anything, grow(scalar(1), 2), grow(scalar(1), 3))", UNDEF),
    ("shaped(left, grow(scalar(1), 2), grow(scalar(3), 2))(grow(scalar(1), 2))", "[1, 3]"),
    ("shaped(left, grow(scalar(1), 2), grow(scalar(3), 3)) == shaped(left, grow(scalar(1), 2), grow(scalar(3), 2))",
     UNDEF),
    # calls
    ("det(matrix(scalar(1) for i in range(0) for j in range(0)))", "1"),
    ("det(matrix(scalar(i + 2 * j) for i in range(2) for j in range(3)))", UNDEF),
    ("minor(matrix(scalar(1) for i in range(0) for j in range(0)), 0, 0)", UNDEF),
    ("pick(grow(scalar(1), 2), grow(scalar(1), 3), True)", "[1, 1]"),
    ("pick(grow(scalar(1), 2), grow(scalar(1), 3), False)", UNDEF),
    ("dot(grow(scalar(1), 2), grow(scalar(1), 3))", UNDEF), ("fib(12)", "144"), ("ack(2, 2)", "7"), ("seven()", "7"),
    ("forever(1)", OUT), ("False and forever(1) == 1", "False"), ("twice([1], 5) == twice([1, 1], 4)", "True"),
    ("root(2)", "3"), ("root(3)", UNDEF),
])  # fmt: skip
def test_values(source: str, expected: str) -> None:
    assert value_of(source) == expected


def test_conjugates_and_order() -> None:
    four = GaloisField(2, 2)
    assert value_of("[conj(x) for x in Scalar]", four) == "[0, 1, 1 + t, t]"
    assert value_of("dot(grow(scalar(3), 3), grow(scalar(1), 3))", Rationals()) == "13"
    assert value_of("sum(1 / scalar(k) for k in range(1, 4))", Rationals()) == "11/6"


def test_fuel_is_one_for_every_node_that_is_reached() -> None:
    for source, fuel in (
        ("1 + 2", 3), ("1 if True else 2 + 2", 3), ("[1 // 2] + [3]", 9), ("len([1 // 1])", 5),
        ("sum(i for i in range(3))", 6), ("any(i == 1 for i in range(9))", 9),
        ("matrix(scalar(i) for i in range(2) for j in range(3))", 17), ("seven() + seven()", 5),
        ("first(i for i in range(9) if i > 1)", 13), ("count(True for b in Bool)", 3),
        ("count(True for v in Vector[1])", 9),
    ):  # fmt: skip
        for limit, status in ((1000, OK), (fuel, OK), (fuel - 1, EXHAUSTED)):
            out = evaluate(term_of(source), {}, 1, PrimeField(7), by_key(SCOPE), limit)
            assert (out.fuel[0], out.status[0]) == (fuel, status) or status == EXHAUSTED == out.status[0], source


def test_equal_calls_cost_as_if_nothing_were_shared() -> None:
    scope = read("define f(n: Nat, k: Nat) -> Nat = sum(fib(n) for i in range(k))", SCOPE)
    n, k = np.array([3, 9, 9, 3]), np.array([1, 1, 10, 10])
    out = call(scope.definitions["f"], [n, k], 4, PrimeField(7), by_key(scope), 10**6)
    fib = {at: int(evaluate(read_term(f"fib({at})", SCOPE), {}, 1, PrimeField(7), by_key(SCOPE), 10**6).fuel[0])
           for at in (3, 9)}  # fmt: skip
    assert list(out.fuel) == [3 + int(times) * fib[int(at)] for at, times in zip(n, k, strict=True)]


def test_sizes_are_bound_and_compared_at_calls() -> None:
    scope = read("define f(v: Vector[n], k: Nat, A: Matrix[n, k], B: Matrix[k + 1, m]) -> Nat = 100 * n + 10 * k + m")
    source = "f({0}, {1}, {2}, {3})"
    shapes = {
        (2, 3, (2, 3), (4, 5)): "235", (2, 3, (2, 3), (3, 5)): UNDEF, (2, 3, (1, 3), (4, 5)): UNDEF,
        (2, 3, (2, 2), (4, 5)): UNDEF, (0, 0, (0, 0), (1, 0)): "0",
    }  # fmt: skip
    for (n, k, A, B), expected in shapes.items():  # noqa: N806 - matrices
        arrays = [f"matrix(scalar(1) for i in range({r}) for j in range({c}))" for r, c in (A, B)]
        term = read_term(source.format(f"vector(scalar(1) for i in range({n}))", k, *arrays), scope)
        out = evaluate(term, {}, 1, PrimeField(7), by_key(scope), 1000)
        found: Any = UNDEF if out.status[0] == UNDEFINED else str(out.value)
        assert found == expected


def test_operations_of_a_structure() -> None:
    given = Given(
        sorts=(Sort(name="E", size=3), Sort(name="F", size=2)),
        operations=(
            Operation(name="op", parameters=("E", "E"), result="E", table=((0, 1, 2), (1, 2, 0), (2, 0, 1))),
            Operation(name="tag", parameters=("E",), result="F", table=(0, 1, 1)),
        ),
    )
    scope = read("define power(x: E, n: Nat) -> E = first(e for e in E if op(e, e) == e) if n == 0 else "
                 "op(x, power(x, n - 1))", Scope(given))  # fmt: skip
    model = Structure(given)
    definitions = by_key(scope)
    out = call(scope.definitions["power"], [np.array([1, 2, 1]), np.array([0, 2, 5])], 3, model, definitions, 1000)
    assert list(out.value) == [0, 1, 2]  # type: ignore[arg-type]
    laws = "all(op(x, y) == op(y, x) for x in E for y in E) and count(tag(x) == y for x in E for y in F) == 3"
    term = read_term(laws, scope)
    out = evaluate(term, {}, 1, model, definitions, 1000)
    assert bool(np.all(out.value))


def test_naturals_that_differ_by_lane_have_the_same_limits() -> None:
    n = np.array([0, 1, 2**52, 2**53 - 1, 2**53])
    for source, expected in (
        ("k + 1", [OK, OK, OK, OK, EXHAUSTED]), ("k * 2", [OK, OK, OK, EXHAUSTED, EXHAUSTED]),
        ("k - 1", [UNDEFINED, OK, OK, OK, OK]), ("7 % k", [UNDEFINED, OK, OK, OK, OK]),
        ("k ** 2", [OK, OK, EXHAUSTED, EXHAUSTED, EXHAUSTED]), ("k ** 1", [OK] * 5), ("0 ** k", [OK] * 5),
        ("2 ** k", [OK, OK, EXHAUSTED, EXHAUSTED, EXHAUSTED]), ("sum(k for i in range(2))", [OK] * 3 + [EXHAUSTED] * 2),
        ("prod(k for i in range(2))", [OK, OK, EXHAUSTED, EXHAUSTED, EXHAUSTED]),
    ):  # fmt: skip
        out = evaluate(read_term(source, SCOPE, {"k": NAT}, NAT), {"k": n}, 5, PrimeField(7), {}, 1000)
        assert list(out.status) == expected, source
