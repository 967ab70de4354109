"""At how many points a definition agrees with phenomena, and which of them are near misses."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from relay.checker.matching import Agreement, Matcher, NearMiss
from relay.checker.phenomena import Behaviour
from relay.checker.seen import SeenRows, seen_signature
from relay.evaluation.evaluate import evaluate
from relay.notation import Scope, read_match, read_statement, read_term
from relay.notation.syntax import Definition
from relay.records.task import Given, Operation, Phenomenon, Row, Sort

SUMS = tuple(tuple((a + b) % 5 for b in range(5)) for a in range(5))
FIVE = Given(
    sorts=(Sort(name="Element", size=5),),
    operations=(Operation(name="op", parameters=("Element", "Element"), result="Element", table=SUMS),),
)
FIELDS = Given(scalars=True)


def shown(id: str, parameters: str, result: str, *rows: tuple[Any, ...], field: str = "structure") -> Phenomenon:
    made = tuple(Row(inputs=row[:-1], output=row[-1]) for row in rows)
    return Phenomenon(
        id=id, text="", parameters=tuple(parameters.split("; ")), result=result, field=field, rows=made, concept="c"
    )


PAIRS = [(a, b) for a in range(5) for b in range(5)]
LEFT = shown("left", "Element; Element", "Element", *((a, b, (2 * a + b) % 5) for a, b in PAIRS))
RIGHT = shown("right", "Element; Element", "Element", *((a, b, (a + 2 * b) % 5 if a else 0) for a, b in PAIRS))
RARE = shown("rare", "Element", "Bool", *((a, a == 3) for a in range(5)))
PART = shown("part", "Element", "Element", (1, 2), (2, 4), (3, 1))
TASK = [LEFT, RIGHT, RARE, PART]
DRAWN = shown(
    "drawn", "Scalar; Vector[n]", "Vector[n]", (2, (1, 2), (2, 4)), ("1/2", (4, 6, 1), (2, 3, "1/2")), (0, (5,), (0,)),
    field="rationals",
)  # fmt: skip
MOD = shown("mod", "Matrix[n, n]", "Scalar", (((1, 2), (3, 4)), 5), (((2,),), 2), field="mod 7")
NUMBERS = [DRAWN, MOD]


def behaviours(phenomena: list[Phenomenon], given: Given) -> list[Behaviour]:
    return [Behaviour(one, given) for one in phenomena]


def matched(term: str, phenomena: list[Phenomenon] = TASK, given: Given = FIVE, fuel: int = 10_000) -> list[Agreement]:
    there = behaviours(phenomena, given)
    seen = {
        number: seen_signature(one, place) for place, (number, one) in enumerate(zip((7, 3, 9, 4), there, strict=False))
    }
    matcher = Matcher(read_match(term, Scope(given, {}, seen)), {}, fuel, SeenRows(there))
    return [found for one in there if (found := matcher.compare(one)) is not None]


def near(source: str, phenomena: list[Phenomenon] = TASK) -> list[NearMiss]:
    definition = read_statement(source, Scope(FIVE))
    assert isinstance(definition, Definition)
    matcher = Matcher(definition, {definition.key: definition})
    return [found for one in behaviours(phenomena, FIVE) if (found := matcher.nearest(one)) is not None]


def test_the_best_order_of_the_parameters_counts() -> None:
    for term in ("(x: Element, y: Element): op(op(x, x), y)", "(y: Element, x: Element): op(op(x, x), y)"):
        left, right = matched(term)
        assert left == Agreement(id="left", agreed=25, points=25)
        # in the other order all rows but those of a = 0, of which one agrees
        assert right == Agreement(id="right", agreed=21, points=25)


def test_seen_is_what_the_rows_show() -> None:
    assert [one.agreed for one in matched("(x: Element, y: Element): seen(3, x, y)")] == [21, 25]
    assert [one.agreed for one in matched("(x: Element): seen(9, op(x, x))")] == [3]
    # where no row shows a value it is undefined, in a lane of its own
    part = matched("(x: Element): seen(4, op(x, x))")
    assert part == [Agreement(id="part", agreed=0, points=3, undefined=1)]


def test_seen_of_arrays_and_fields() -> None:
    double = "(s: Scalar, v: Vector[n]): vector(seen(7, s, v)[i] * 1 for i in range(n))"
    assert matched(double, NUMBERS, FIELDS) == [Agreement(id="drawn", agreed=3, points=3)]
    assert matched("(A: Matrix[n, n]): seen(3, A)", NUMBERS, FIELDS) == [Agreement(id="mod", agreed=2, points=2)]
    # numbers are those of the field, and a matrix of another size shows nothing
    shift = "(A: Matrix[n, n]): seen(3, matrix(A[i, j] + 7 for i in range(n) for j in range(n)))"
    assert matched(shift, NUMBERS, FIELDS)[0].agreed == 2
    grow = "(A: Matrix[n, n]): seen(3, matrix(A[0, 0] for i in range(n + 1) for j in range(n + 1)))"
    assert matched(grow, NUMBERS, FIELDS) == [Agreement(id="mod", agreed=0, points=2, undefined=2)]


def test_seen_of_another_field_shows_nothing() -> None:
    term = "(s: Scalar, v: Vector[n]): vector(seen(3, matrix(s for j in range(1) for k in range(1))) for i in range(n))"
    assert matched(term, NUMBERS, FIELDS) == [Agreement(id="drawn", agreed=0, points=3, undefined=3)]


def test_seen_in_a_term_without_free_names() -> None:
    there = behaviours(TASK, FIVE)
    scope = Scope(FIVE, {}, {place: seen_signature(one, place) for place, one in enumerate(there)})
    term = read_term("[seen(0, x, y) == op(op(x, x), y) for x in Element for y in Element]", scope)
    outcome = evaluate(term, {}, 1, there[0].model, {}, 10_000, oracle=SeenRows(there))
    assert outcome.ok.all() and np.all(outcome.value.items)  # type: ignore[union-attr]


def test_a_function_that_recurses_without_end_is_no_value() -> None:
    left, _ = matched("(x: Element, y: Element): first(z for z in Element if seen(7, z, z) != z and z == y)", fuel=50)
    assert left.agreed + left.undefined + left.ran_out <= 25 and left.undefined + left.ran_out > 0


def test_equal_inputs_are_computed_once() -> None:
    there = behaviours([LEFT, RIGHT], FIVE)
    matcher = Matcher(read_match("(x: Element, y: Element): op(x, y)", Scope(FIVE)), {})
    for one in there:
        matcher.compare(one)
    assert len(matcher._known) == 2  # two orders, whichever phenomenon asks


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("define f(x: Element, y: Element) -> Element = op(op(x, x), y)", [("left", 25, 25), ("right", 21, 25)]),
        # a constant is right in four of five rows, so nothing but the phenomenon itself is near
        ("define f(x: Element) -> Bool = x == op(x, x)", []),
        ("define f(x: Element) -> Bool = True if op(x, x) == x else op(op(x, x), x) == x", []),
        ("define f(x: Element) -> Bool = False", []),
        ("define f(x: Element, y: Element) -> Element = first(z for z in Element)", []),
        ("define f(x: Element) -> Element = f(x)", []),
    ],
)
def test_near_misses(source: str, expected: list[tuple[str, int, int]]) -> None:
    assert [(one.id, one.agreed, one.points) for one in near(source)] == expected


def test_a_constant_is_never_near() -> None:
    most = shown("most", "Element", "Bool", *((a, a < 4) for a in range(5)))
    assert near("define f(x: Element) -> Bool = True", [most]) == []
    half = shown("half", "Element", "Element", (0, 0), (1, 2), (2, 4), (3, 3))
    double = "define f(x: Element) -> Element = op(x, x)"
    assert near(double, [half]) == [NearMiss(id="half", agreed=3, points=4)]
    # where fuel runs out, nothing is told; nor below half of the points, though a constant has one point only
    assert near("define f(x: Element) -> Element = f(x) if op(x, x) == x else op(x, x)", [half]) == []
    fewer = shown("fewer", "Element", "Element", (0, 0), (1, 2), (2, 1), (3, 3), (4, 4))
    assert near(double, [fewer]) == []
