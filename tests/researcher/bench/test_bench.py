"""The bench: what it counts, what it refuses, and that its values are right."""

from __future__ import annotations

import asyncio
from typing import Any

import numpy as np
import pytest
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st

from relay.notation import Scope, read_statement
from relay.notation.syntax import Definition
from relay.records.task import Given, Operation, Sort
from relay.researcher.bench import AllowanceError, Arrays, Bench, LocalBench, Meter

PLUS = tuple(tuple((a + b) % 3 for b in range(3)) for a in range(3))
GIVEN = Given(sorts=(Sort(name="E", size=3),), operations=(
    Operation(name="plus", parameters=("E", "E"), result="E", table=PLUS),
))  # fmt: skip
FIELDS = Given(scalars=True)


class _Here:
    """Runs in this process."""

    async def run(self, function: Any, /, *args: Any) -> Any:
        return function(*args)


def _definition(source: str, *earlier: Definition, given: Given = FIELDS) -> Definition:
    statement = read_statement(source, Scope(given, {each.name: each for each in earlier}))
    assert isinstance(statement, Definition)
    return statement


@hypothesis_given(st.integers(0, 50), st.lists(st.integers(0, 20), max_size=20))
def test_the_meter_never_spends_more_than_its_allowance(allowance: int, requests: list[int]) -> None:
    meter = Meter(allowance)
    for count in requests:
        before = meter.spent
        if count <= meter.left:
            meter.reserve(count)
            assert meter.spent == before + count
        else:
            with pytest.raises(AllowanceError):
                meter.reserve(count)
            assert meter.spent == before
    assert meter.spent + meter.left == allowance


def test_rows_are_charged_one_a_term_and_refused_beyond() -> None:
    bench = LocalBench(GIVEN, 5)
    rows = bench.rows()
    x, y = rows.variables(["E", "E"])
    total = rows.apply("plus", [np.repeat(x, 5, axis=0), np.repeat(y, 5, axis=0)])
    assert total[0].tolist() == [(a + b) % 3 for a in range(3) for b in range(3)]
    assert bench.spent == 5
    with pytest.raises(AllowanceError):
        rows.apply("plus", [x, y])
    assert not total.flags.writeable


def test_all_faces_of_a_bench_share_one_meter() -> None:
    bench = LocalBench(FIELDS, 3)
    first, second = bench.arrays([("n",)]), bench.arrays([("n", "n")])
    first.entry(0, [0], 1)
    second.entry(0, [0, 1], 2)
    second.entry(0, [1, 0], 2)
    with pytest.raises(AllowanceError):
        first.entry(0, [0], 1)
    assert bench.spent == 3


def test_a_definition_is_tabulated_once() -> None:
    bench = LocalBench(GIVEN, 9)
    rows = bench.rows()
    double = _definition("define double(x: E) -> E = plus(x, x)", given=GIVEN)
    twice = _definition("define twice(x: E, y: E) -> E = double(plus(x, y))", double, given=GIVEN)
    known = {double.key: double, twice.key: twice}
    for _ in range(2):
        assert rows.tabulate("twice", twice, known) is not None
    assert rows.table("twice").tolist() == [[2 * (a + b) % 3 for b in range(3)] for a in range(3)]
    assert bench.spent == 1


def test_the_digest_depends_on_values_and_on_nothing_else() -> None:
    def digest(place: int) -> str:
        bench = LocalBench(FIELDS, 10)
        bench.arrays([("n", "n")]).entry(0, [place, 1 - place], 2)
        return bench.digest

    assert digest(0) == digest(0)
    assert digest(0) != digest(1)


def _spend(bench: LocalBench, payload: int) -> int:
    bench.arrays([("n",)]).conj(bench.arrays([("n",)]).parameter(0).take([0] * payload))
    if payload == 3:
        raise ValueError("after spending")
    return bench.left


@pytest.mark.parametrize("payload", [2, 3])
def test_what_a_search_spent_is_charged_even_when_it_fails(payload: int) -> None:
    charged: list[tuple[int, str]] = []
    bench = Bench(_Here(), FIELDS, lambda: 10, lambda count, digest: charged.append((count, digest)))
    if payload == 3:
        with pytest.raises(ValueError, match="after spending"):
            asyncio.run(bench.run(_spend, payload))
    else:
        assert asyncio.run(bench.run(_spend, payload)) == 8
    assert [count for count, _ in charged] == [payload]


def _product(arrays: Arrays) -> Any:
    a, b = arrays.entry(0, [0, 2], 3), arrays.entry(1, [2, 1], 3)
    return arrays.total(arrays.combine("mul", a, b), 2, "n").squeezed([2])


def test_open_terms_and_calls_have_the_same_values() -> None:
    arrays = LocalBench(FIELDS, 100).arrays([("n", "n"), ("n", "n")])
    product = _definition(
        "define p(A: Matrix[l, m], B: Matrix[m, n]) -> Matrix[l, n] = "
        "matrix(sum(A[i, k] * B[k, j] for k in range(m)) for i in range(l) for j in range(n))"
    )
    called, fine = arrays.call(product, {product.key: product}, [arrays.parameter(0), arrays.parameter(1)])
    assert fine.all()
    assert called is not None
    assert called.keys() == _product(arrays).keys()


def test_calls_that_are_undefined_somewhere_are_left_out() -> None:
    arrays = LocalBench(FIELDS, 100).arrays([("n",), ()])
    past = _definition("define past(v: Vector[n], a: Scalar) -> Scalar = v[n] * a")
    stack, fine = arrays.call(past, {past.key: past}, [arrays.parameter(0), arrays.parameter(1)])
    assert stack is None
    assert not fine.any()


def test_laws_are_read_off_values() -> None:
    arrays = LocalBench(FIELDS, 100).arrays([("n", "n"), ("n", "n")])
    (laws,) = arrays.laws(_product(arrays), ("n", "n"))
    assert {"additive 0", "additive 1", "multiple 0", "multiple 1", "relabelled", "conjugates"} <= laws
    assert not {"symmetric 0 1", "alternating 0 1", "transposes", "square 0"} & laws
    ab = _product(arrays)
    ba = arrays.total(arrays.combine("mul", arrays.entry(1, [0, 2], 3), arrays.entry(0, [2, 1], 3)), 2, "n").squeezed(
        [2]
    )
    (laws,) = arrays.laws(arrays.combine("sub", ab, ba), ("n", "n"))
    assert "alternating 0 1" in laws


def test_quantifiers_range_over_every_value() -> None:
    arrays = LocalBench(FIELDS, 100).arrays([("n",)], ("n",))
    same = arrays.every(arrays.combine("eq", arrays.parameter(0), arrays.parameter(1)))
    assert all(bool(array.all()) for array in arrays.quantified("any", same).data)
    assert not any(bool(array.any()) for array in arrays.quantified("all", same).data)
