"""Remembered calls: the same values, charged like any, and no more of them than their room allows."""

from __future__ import annotations

import numpy as np
import pytest

from relay.notation import Scope, read_statement
from relay.notation.syntax import Definition
from relay.records.task import Given
from relay.researcher.bench import AllowanceError, LocalBench, arrays
from relay.researcher.bench.remembered import ENTRY, CallMemory, Calls, digest

GIVEN = Given(scalars=True)


def _definition(source: str) -> Definition:
    statement = read_statement(source, Scope(GIVEN))
    assert isinstance(statement, Definition)
    return statement


SQUARE = _definition(
    "define square(A: Matrix[n, n]) -> Matrix[n, n] = "
    "matrix(sum(A[i, k] * A[k, j] for k in range(n)) for i in range(n) for j in range(n))"
)
SECOND = _definition("define second(A: Matrix[n, n]) -> Scalar = A[1, 1] / A[0, 0]")
ZERO = _definition("define zero(v: Vector[n]) -> Bool = all(a == 0 for a in [v[i] for i in range(n)])")


@pytest.fixture(autouse=True)
def memory(monkeypatch: pytest.MonkeyPatch) -> CallMemory:
    """An empty memory for each test."""
    fresh = CallMemory(1 << 20)
    monkeypatch.setattr(arrays, "REMEMBERED", fresh)
    return fresh


@pytest.mark.parametrize("definition", [SQUARE, SECOND, ZERO], ids=lambda each: each.name)
def test_a_remembered_call_costs_and_is_worth_the_same(definition: Definition, memory: CallMemory) -> None:
    shape = ("n",) if definition is ZERO else ("n", "n")
    benches = []
    for _ in range(2):
        bench = LocalBench(GIVEN, 5)
        there = bench.arrays([shape])
        stack, fine = there.call(definition, {}, [there.parameter(0).take([0, 0, 0])])
        values = None if stack is None else [(array.dtype, array.tolist()) for array in stack.data]
        benches.append((bench.spent, bench.digest, fine.tolist(), values))
        with pytest.raises(AllowanceError):
            there.call(definition, {}, [there.parameter(0).take([0, 0, 0])])
    assert benches[0] == benches[1] and benches[0][0] == 3
    assert len(memory) == 1


def test_calls_that_differ_in_anything_are_valued_apart(memory: CallMemory) -> None:
    flipped = _definition(SQUARE.source.replace("A[i, k] * A[k, j]", "A[k, j] * A[i, k] + A[i, j]"))
    bench = LocalBench(GIVEN, 100)
    square, bound = bench.arrays([("n", "n")]), bench.arrays([("n", "n")], ("n",))
    tall = bench.arrays([("m", "m")])
    for there in (square, bound, tall):
        there.call(SQUARE, {}, [there.parameter(0)])
    square.call(SQUARE, {}, [square.parameter(0).take([0, 0])])
    square.call(SQUARE, {}, [square.parameter(0).moved([1, 0])])
    square.call(flipped, {}, [square.parameter(0)])
    assert len(memory) == 6
    unit = _definition(
        "define unit(n: Nat) -> Matrix[n, n] = matrix(scalar(i + j) for i in range(n) for j in range(n))"
    )
    shapes = []
    for there, size in ((square, "n"), (bound, "n"), (square, "m")):
        stack, _ = there.call(unit, {}, [size])
        shapes.append([array.shape for array in stack.data] if stack is not None else [])
    assert len({str(each) for each in shapes}) == 3


def test_the_least_recently_used_are_forgotten() -> None:
    room = CallMemory(3 * (ENTRY + 100 + 1))
    made: list[int] = []

    def calls(number: int) -> Calls:
        def compute() -> Calls:
            made.append(number)
            return [np.full((1, 100), number % 9)], np.ones(1, dtype=bool)

        return room.of(number, compute)

    for number in (1, 2, 3, 1, 4, 1, 3, 2):
        (values,), fine = calls(number)
        assert values.dtype == np.int64 and (values == number % 9).all() and fine.all()
        assert len(room) <= 3
    assert made == [1, 2, 3, 4, 2]


def test_a_digest_tells_shapes_types_and_values_apart() -> None:
    zeros = np.zeros((2, 3), dtype=np.int64)
    different = [[zeros], [zeros.T], [zeros, zeros], [zeros.astype(bool)], [zeros + 1], [zeros[:1], zeros[1:]]]
    assert len({digest(each) for each in different}) == len(different)
