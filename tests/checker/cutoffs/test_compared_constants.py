"""Constants that sizes, lengths and numbers meet are found wherever they hide. They are tried, or the verdict says that
they are out of reach."""

from __future__ import annotations

import numpy as np
import pytest

from relay.checker.cases import REACH, box, dimensions, plan
from relay.checker.cutoffs.compared_constants import meetings
from relay.checker.cutoffs.observed_constants import traced
from relay.checker.fields import small
from relay.notation.syntax import Claim
from relay.records.status import Status
from tests.checker.corpus import DEFINITIONS, judge, read

FOUND = {
    "n == 7": 7,
    "n - 7 == n": 7,
    "n // 7 == n": 7,
    "n % 7 == n": 7,
    "7 < n": 7,
    "n == 2 * 25": 50,
    "n == 5 ** 2": 25,
    "n == 100 // 3 - 2": 31,
    "n == count(i != 3 for i in range(18))": 17,
    "n == square(6)": 36,
    "is_square_of(n, 6)": 36,
    "same(n, 13)": 13,
    "late(n, 4, 2)": 22,
    "any(n == 5 * i for i in range(7))": 30,
    "any(n == p[0] + 20 for p in permutations(3))": 22,
    "any(n == i for i in [3, 40])": 40,
    "any(n == 60 // (2 - i) for i in range(5))": 60,
    "n == max(i for i in [n, 33])": 33,
    "n == (33 if x == 0 else n)": 33,
    "n == cells(identity(6))": 36,
    "n == factorial(4)": 24,
    "n // 4 == 6": 24,
    "n % 4 == 3 and n % 9 == 8": 36,
    "scalar(n) == 29": 29,
    "any(i == 40 for i in range(n))": 40,
    "len(L) == 12": 12,
    "k + 5 == 17": 17,
    "v[19] == x": 19,
    "sum(x for i in range(n) if i < 14) == x": 14,
}


def _claim(body: str) -> Claim:
    claim = read(f"claim (v: Vector[n], k: Nat, x: Scalar, L: List[Scalar]): {body}")
    assert isinstance(claim, Claim)
    return claim


@pytest.mark.parametrize("body", sorted(FOUND))
def test_what_is_met_is_found(body: str) -> None:
    claim = _claim(body)
    read_ = meetings([claim.body], [p.type for p in claim.parameters], DEFINITIONS)
    assert read_.followed
    assert FOUND[body] in read_.constants


@pytest.mark.parametrize(
    "body",
    ["x == 12345", "power(identity(n), 25) == identity(n)", "scalar(n) == x", "square(2) * 15 == 60", "x ** 40 == x"],
)
def test_what_no_size_meets_is_not(body: str) -> None:
    claim = _claim(body)
    assert max(meetings([claim.body], [], DEFINITIONS).constants, default=0) <= 2


def test_constants_that_take_too_long_are_said_to() -> None:
    assert not meetings([_claim("n == burn(40)").body], [], DEFINITIONS).followed
    assert not meetings([_claim("same(n, 1000)").body], [], DEFINITIONS).followed


@pytest.mark.parametrize(
    ("body", "number"),
    [
        ("n == len([x, x, x, x, x, x, x, x, x, x, x])", 11),
        ("n == sum((1 if x == x else 1) for i in range(4) for j in range(4))", 16),
        ("n == len([k, k, k]) * 9", 27),
        ("n == sum((4 if L == L else 5) for i in range(4) for j in range(4))", 64),
    ],
)
def test_what_hides_from_the_text_shows_when_it_is_valued(body: str, number: int) -> None:
    claim = _claim(body)
    dims = dimensions(claim.parameters, claim.sizes)
    rng = np.random.default_rng(0)
    assert number in traced([claim.body], claim.parameters, dims, [small(3)], DEFINITIONS, rng)


def test_a_constant_that_only_constants_meet_is_not_traced() -> None:
    claim = _claim("power(identity(n), 25) == identity(n)")
    dims = dimensions(claim.parameters, claim.sizes)
    met = traced([claim.body], claim.parameters, dims, [small(3)], DEFINITIONS, np.random.default_rng(0))
    assert max(met, default=0) < REACH


@pytest.mark.parametrize("number", range(REACH))
@pytest.mark.parametrize("kind", ["n", "k", "len(L)"])
def test_a_constant_in_reach_is_tried_and_its_neighbours(kind: str, number: int) -> None:
    claim = _claim(f"dot(v, v) + x == x + (dot(v, v) if {kind} != {number} else 1 + dot(v, v))")
    dims = dimensions(claim.parameters, claim.sizes)
    constants = meetings([claim.body], [], DEFINITIONS).constants
    made = plan(dims, constants, 3, range(997))
    name = kind.removeprefix("len(").removesuffix(")")
    tried = {case[d] for case in made.cases for d in dims if d.name == name}
    assert {max(number - 1, 1 if kind == "n" else 0), max(number, kind == "n"), number + 1} <= tried
    if kind != "n" or number:
        refuted = judge(
            f"claim (v: Vector[n], k: Nat, x: Scalar, L: List[Scalar]): "
            f"dot(v, v) + x == x + (dot(v, v) if {kind} != {number} else 1 + dot(v, v))"
        )
        assert refuted.status is Status.REFUTED


@pytest.mark.parametrize("where", ["n != 9", "n != 10", "n < 12", "len(L) != 11", "k != 30", "not same(n, 3 * 5)"])
def test_out_of_reach_is_undecided(where: str) -> None:
    claim = f"claim (v: Vector[n], k: Nat, L: List[Scalar]) where {where}: dot(v, vadd(v, v)) == dot(v, v) + dot(v, v)"
    assert judge(claim).status is Status.UNDECIDED


def test_many_dimensions_meet_in_pairs() -> None:
    claim = read("claim (A: Matrix[a, b], B: Matrix[c, d], j: Nat, k: Nat): A == A")
    assert isinstance(claim, Claim)
    dims = dimensions(claim.parameters, claim.sizes)
    made = plan(dims, (), 3, [int(n) for n in np.random.default_rng(1).integers(0, 2**31, size=997)])
    assert len(made.cases) < 60
    for n, d in enumerate(dims):
        for e in dims[n + 1 :]:
            wanted = {(case[d], case[e]) for case in box([d, e], 3)}
            assert wanted <= {(case[d], case[e]) for case in made.cases}
