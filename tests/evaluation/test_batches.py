"""The result of a lane does not depend on the other lanes: alone, together, in another order, repeated."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from relay.evaluation import EXHAUSTED, OK, UNDEFINED, call
from relay.evaluation.algebra import Rationals
from tests.evaluation.agreement import WORLDS, lanes_of, outcomes, sizes_too, statement
from tests.evaluation.library import by_key, read


@pytest.mark.parametrize("name", ["GF(2)", "GF(10007)", "Q"])
def test_a_lane_is_what_it_is_alone(name: str) -> None:
    world = WORLDS[name]
    for seed in range(60):
        random = Random(f"alone {name} {seed}")
        definition = statement(random, world, random.choice((2, 3, 4)))
        if definition is None:
            continue
        rows = lanes_of(random, world, definition, 6)
        fuel = random.choice((30, 100, 2000))
        together = outcomes(world, definition, rows, fuel, random.random() < 0.3)
        order = [*range(6), 0, 3]
        random.shuffle(order)
        shuffled = outcomes(world, definition, [rows[n] for n in order], fuel, False)
        for lane, (status, value, spent) in enumerate(together):
            alone = outcomes(world, definition, [rows[lane]], fuel, False)[0]
            for other in [alone, *(found for found, n in zip(shuffled, order, strict=True) if n == lane)]:
                assert other[0] == status, definition.source
                if status != EXHAUSTED:
                    assert other[2] == spent, definition.source
                if status == OK:
                    assert sizes_too(other[1]) == sizes_too(value), definition.source


def test_a_number_that_grows_too_large_ends_its_own_lane_only() -> None:
    scope = read("define f(x: Scalar, n: Nat) -> Scalar = (x if n < 7 else 1 / (x - x)) + x ** n")
    model = Rationals()
    x = model.from_int(np.array([2, 3, 1, 5, 2]))
    n = np.array([3, 6000, 5, 10**9, 8])
    out = call(scope.definitions["f"], [x, n], 5, model, by_key(scope), 1000)
    assert list(out.status) == [OK, UNDEFINED, OK, UNDEFINED, UNDEFINED]
    scope = read("define f(x: Scalar, n: Nat) -> List[Scalar] = [x ** n for i in range(n % 3)]")
    out = call(scope.definitions["f"], [x, n], 5, model, by_key(scope), 1000)
    assert list(out.status) == [OK, OK, OK, EXHAUSTED, OK]
    assert out.value is not None


def test_no_lanes_at_all() -> None:
    scope = read("define f(n: Nat) -> Nat = sum(i for i in range(n))")
    out = call(scope.definitions["f"], [np.zeros(0, dtype=np.int64)], 0, Rationals(), by_key(scope), 1000)
    assert len(out.status) == 0 and len(out.fuel) == 0
