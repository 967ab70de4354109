"""A definition explains a phenomenon if, with its parameters in some order, it returns every row's output."""

from __future__ import annotations

from typing import Any

import pytest

from relay.checker.phenomena import Behaviour
from relay.errors import TaskError
from relay.notation import Scope, read_statement, split_statements
from relay.notation.syntax import Definition
from relay.records.task import Given, Operation, Phenomenon, Row, Sort

FIELDS = Given(scalars=True)
THREE = Given(
    sorts=(Sort(name="Element", size=3),),
    operations=(
        Operation(
            name="op", parameters=("Element", "Element"), result="Element", table=((0, 1, 2), (1, 2, 0), (2, 0, 1))
        ),
    ),
)


def _shown(parameters: str, result: str, *rows: tuple[Any, ...], field: str = "rationals") -> Phenomenon:
    made = tuple(Row(inputs=row[:-1], output=row[-1]) for row in rows)
    return Phenomenon(
        id="p", text="", parameters=tuple(parameters.split("; ")), result=result, field=field, rows=made, concept="c"
    )


def _explains(phenomenon: Phenomenon, text: str, given: Given = FIELDS) -> bool:
    scope, known = Scope(given), {}
    definition = None
    for located in split_statements(text):
        definition = read_statement(located.source, scope)
        assert isinstance(definition, Definition)
        scope, known[definition.key] = scope.adding(definition), definition
    assert definition is not None
    return Behaviour(phenomenon, given).explained_by(definition, known)


SCALED = _shown(
    "Scalar; Vector[n]", "Vector[n]", (2, (1, 2), (2, 4)), ("1/2", (4, 6, 1), (2, 3, "1/2")), (0, (5,), (0,))
)


@pytest.mark.parametrize(
    "text",
    [
        "define f(s: Scalar, v: Vector[n]) -> Vector[n] = vector(s * v[i] for i in range(n))",
        "define f(w: Vector[k], t: Scalar) -> Vector[k] = vector(w[j] * t for j in range(k))",
        "define g(x: Scalar, y: Scalar) -> Scalar = x * y\n"
        "define f(s: Scalar, v: Vector[n]) -> Vector[n] = vector(g(s, v[i]) for i in range(n))",
        "define f(s: Scalar, v: Vector[n]) -> Vector[n] = vector(s / (1 / v[i]) for i in range(n))",
    ],
)
def test_explained_in_any_words(text: str) -> None:
    assert _explains(SCALED, text)


@pytest.mark.parametrize(
    "text",
    [
        "define f(s: Scalar, v: Vector[n]) -> Vector[n] = v",
        "define f(s: Scalar, v: Vector[n]) -> Vector[n] = vector(s + v[i] for i in range(n))",
        "define f(s: Scalar, v: Vector[n]) -> Vector[n] = vector((s * v[i] if n < 3 else 0) for i in range(n))",
        "define f(s: Scalar, v: Vector[n]) -> Vector[n] = vector(s * v[i] / s for i in range(n))",
        "define f(s: Scalar, v: Vector[2]) -> Vector[2] = vector(s * v[i] for i in range(2))",
        "define f(s: Scalar, v: Vector[n]) -> Scalar = s * v[0]",
        "define f(v: Vector[n]) -> Vector[n] = v",
        "define f(s: Scalar, v: Vector[n]) -> Vector[n] = f(s, v)",
        "define f(s: Scalar, v: Vector[n]) -> Vector[n] = first(w for w in Vector[n])",
    ],
)
def test_not_explained_by_what_differs_in_a_row_or_is_undefined_there(text: str) -> None:
    assert not _explains(SCALED, text)


def test_every_kind_of_value() -> None:
    total = "define f(A: Matrix[m, n]) -> Scalar = sum(A[i, j] for i in range(m) for j in range(n))"
    assert _explains(_shown("Matrix[m, n]", "Scalar", (((1, 2), (3, 4)), 10), (((1,),), 1)), total)
    lists = "define f(L: List[Vector[n]], k: Nat) -> Vector[n] = L[k]"
    assert _explains(_shown("List[Vector[n]]; Nat", "Vector[n]", (((1, 2), (3, 4)), 1, (3, 4))), lists)
    truth = "define f(x: Scalar, y: Scalar) -> Bool = x == y"
    assert _explains(_shown("Scalar; Scalar", "Bool", (1, 1, True), (1, 2, False)), truth)
    assert not _explains(_shown("Scalar; Scalar", "Bool", (1, 1, True), (1, 2, True)), truth)
    nested = "define f(L: List[List[Nat]]) -> Nat = len(L[0])"
    assert _explains(_shown("List[List[Nat]]", "Nat", (((1, 2, 3), (4, 5, 6)), 3)), nested)


def test_rows_may_live_in_a_finite_field() -> None:
    double = "define f(x: Scalar) -> Scalar = x + x"
    assert _explains(_shown("Scalar", "Scalar", (3, 1), (4, 3), field="mod 5"), double)
    assert not _explains(_shown("Scalar", "Scalar", (3, 1), (4, 3)), double)
    assert _explains(_shown("Scalar", "Scalar", (1000000, 2000000 - 1000003), field="mod 1000003"), double)


def test_a_table_of_a_structure() -> None:
    rows = tuple((x, y, (2 * x + y) % 3) for x in range(3) for y in range(3))
    table = _shown("Element; Element", "Element", *rows, field="structure")
    assert _explains(table, "define f(x: Element, y: Element) -> Element = op(op(x, x), y)", THREE)
    assert _explains(table, "define f(y: Element, x: Element) -> Element = op(x, op(y, x))", THREE)
    assert not _explains(table, "define f(x: Element, y: Element) -> Element = op(x, y)", THREE)


@pytest.mark.parametrize(
    ("phenomenon", "said"),
    [
        (_shown("Vector[n]", "Scalar", ((1, 2), 3, 4)), "has 2 inputs; 1 were expected"),
        (_shown("Vector[n]", "Scalar", ((1, "x"), 3)), "does not fit its types"),
        (_shown("Vector[n]", "Scalar", ((1, 1.5), 3)), "does not fit its types"),
        (_shown("Matrix[m, n]", "Scalar", (((1, 2), (3,)), 3)), "does not fit its types"),
        (_shown("Scalar", "Scalar", ("1/0", 3)), "does not fit its types"),
        (_shown("Scalar", "Scalar", ("1/5", 3), field="mod 5"), "does not fit its types"),
        (_shown("Nat", "Bool", (-1, True)), "does not fit its types"),
        (_shown("Nat", "Bool", (1, 1)), "does not fit its types"),
        (_shown("Vecto[n]", "Scalar"), "types of phenomenon `p` are ill-formed"),
        (_shown("Scalar", "Scalar", field="mod 6"), "`mod P` for a prime P"),
        (_shown("Scalar", "Scalar", field="reals"), "`rationals`, `mod P`"),
    ],
)
def test_rows_that_do_not_fit_are_named(phenomenon: Phenomenon, said: str) -> None:
    with pytest.raises(TaskError) as caught:
        _ = Behaviour(phenomenon, FIELDS).groups
    assert said in str(caught.value)
