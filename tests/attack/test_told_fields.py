"""No message gives a drawn field away, by its name or by a number: researchers must not learn which primes are used."""

from __future__ import annotations

import re

import pytest

from relay.checker.checker import Checker
from relay.checker.fields import untold
from relay.checker.search import telling
from relay.checker.verdict import Verdict
from relay.notation import Scope, read_statement
from relay.notation.syntax import Definition
from relay.records.task import Given

GIVEN = Given(scalars=True)


def verdict(source: str, *helpers: str) -> Verdict:
    scope, definitions = Scope(GIVEN), dict[str, Definition]()
    for helper in helpers:
        definition = read_statement(helper, scope)
        assert isinstance(definition, Definition)
        definitions[definition.key] = definition
        scope = scope.adding(definition)
    return Checker(GIVEN).judge(read_statement(source, scope), definitions)


@pytest.mark.parametrize(
    ("source", "status"),
    [
        ("claim (x: Scalar): x * (x ** 12 - 1) * (x ** 10 - 1) * (x ** 8 - 1) * (x ** 6 - 1) == 0", "refuted"),
        ("claim (x: Scalar): 1 / (x * (x ** 12 - 1) * (x ** 10 - 1) * (x ** 8 - 1) * (x - 7)) == 0", "refuted"),
        ("claim (x: Scalar) where x ** 2 + x + 1 == 0 and x ** 2 + x + 2 == 0: x == 0", "vacuous"),
    ],
)
def test_only_small_fields_are_named(source: str, status: str) -> None:
    found = verdict(source)
    told = f"{found.message} {found.counterexample}"
    assert found.status.value in (status, "undefined")
    assert all(int(order) <= 13 for order in re.findall(r"GF\((\d+)", told)), told
    assert "^2)" not in told


@pytest.mark.parametrize("constant", range(100, 107))
def test_a_list_of_fields_names_no_drawn_one(constant: int) -> None:
    """One of GF(7), GF(8), GF(11) and GF(13) is drawn, a different one for different claims."""
    found = verdict(f"claim (x: Scalar, k: Nat) where count(y == y for y in Scalar) > {constant}: k != 3")
    assert found.status.value == "vacuous" and " in GF(2), GF(3), GF(4), GF(5), a larger finite field;" in found.message


POWERS = "(x ** 12 - 1) * (x ** 10 - 1) * (x ** 8 - 1) * (x ** 24 - 1)"
DRAWN = [
    f"claim (x: Scalar, y: Scalar): (conj(y) - y) * {POWERS} == 0",
    f"claim (x: Scalar) where conj(x) != x and {POWERS} != 0: 1 / (x - x) == x",
    f"claim (x: Scalar, v: Vector[n]) where conj(x) != x and {POWERS} != 0: vector(x * v[i] for i in range(n)) == v",
    f"claim (x: Scalar, L: List[Scalar]) where x != conj(x): sum(L[i] for i in range(len(L))) * {POWERS} == -1",
]
"""Claims that fail, or are undefined, in a drawn field first."""


@pytest.mark.parametrize("source", DRAWN)
def test_another_field_takes_the_place_of_a_drawn_one(source: str) -> None:
    found = verdict(source)
    exact = found.evidence[-1]
    assert "larger" in exact["exact"]
    assert "(in Q" in found.counterexample
    assert found.counterexample in found.message


@pytest.mark.parametrize("source", DRAWN)
def test_without_another_field_nothing_is_told(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "_fields", lambda search, constants: iter(()))
    found = verdict(source)
    assert found.counterexample == "in a larger finite field"
    assert re.fullmatch("refuted: in a.*|undefined: the claim has no value somewhere in a.*", found.message)
    assert "exact" in found.evidence[-1]


ALL = "count(x == x for x in Scalar)"
"""The number of all scalars. No field that a message names has more than 13."""
FEW = "(z ** 12 - 1) * (z ** 10 - 1) * (z ** 8 - 1) * (z ** 6 - 1)"
"""It is 0 wherever z is an element of a prime field that a message names."""
TELLING = [
    f"claim (n: Nat) where {ALL} // 8 == n + 2: {ALL} == 0",
    f"claim (n: Nat, L: List[Nat]) where {ALL} // 8 == n + 2: len(L) == n + {ALL}",
    f"claim (a: Bool, b: Bool) where {ALL} > 13 and a == ({ALL} % 4 == 1) and b == ({ALL} % 8 > 3): {ALL} == 0",
    f"claim (a: Bool) where a == ({ALL} % 4 == 1) and {ALL} > 13: scalar(1) / scalar(0) == scalar(0)",
    f"claim (L: List[Bool]) where {ALL} > 13: any(L[i] == ({ALL} % 4 == 1) for i in range(len(L))) and {ALL} == 0",
    f"claim (L: List[Scalar]) where {ALL} // 8 == len(L) + 2: {ALL} == 0",
    f"claim (v: Vector[n]) where {ALL} // 8 == n + 2: {ALL} == 0",
    f"claim (n: Nat) where {ALL} > 13: [{ALL} // 2 ** k % 2 == 1 for k in range(8)] == [False for k in range(8)]",
    f"claim (n: Nat) where {ALL} > 13: [scalar({ALL} // 2 ** k % 2) for k in range(8)] == [scalar(0)]",
    f"claim (n: Nat) where {ALL} > 13: [x for x in Scalar] == [scalar(0)]",
    f"claim (n: Nat) where {ALL} > 20: {ALL} == 0 * n",
]
"""Claims that fail, or are undefined, in drawn fields alone, with a number, truth value, length or size that tells how
many elements the field has."""


@pytest.mark.parametrize("source", TELLING)
def test_nothing_tells_the_order_of_a_drawn_field(source: str) -> None:
    found = verdict(source)
    assert found.message in (
        "refuted: in a larger finite field",
        "undefined: the claim has no value somewhere in a larger finite field",
    )
    assert found.counterexample == "in a larger finite field"
    assert "larger" in found.evidence[-1]["exact"]


POWERS_OF_Z = "vector((1 if z ** (k + 1) == 1 else 0) for k in range(70))"
CHARACTERISTIC = "first(k for k in range(1, 200) if scalar(k) == 0 or k == 199)"


@pytest.mark.parametrize(
    "source",
    [
        f"claim (z: Scalar) where {FEW} != 0: {POWERS_OF_Z} == vector(0 * z for k in range(70))",
        f"claim (n: Nat) where {ALL} > 20: {CHARACTERISTIC} == 0 * n",
    ],
)
def test_nor_does_the_order_of_an_element_or_a_characteristic(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # here every field that is tried divides some constant
    monkeypatch.setattr(telling, "divisor_fields", lambda constants: ())
    assert verdict(source).message == "refuted: in a larger finite field"


def test_a_field_that_a_claim_asks_for_may_be_told() -> None:
    """Whoever writes 31 knows it already."""
    found = verdict(f"claim (n: Nat) where scalar(31) == 0 and {ALL} < 40: {ALL} == n")
    assert found.counterexample == "n = 0 (in a larger finite field): the left side is 31, the right side is 0"


@pytest.mark.parametrize(("p", "where"), [(31, "in a larger finite field"), (5, "at n = 0 in GF(5)")])
def test_where_fuel_ran_out_is_told_of_named_fields_alone(p: int, where: str) -> None:
    """A claim can burn fuel exactly at the number that tells the order."""
    dear = "count(i == j for i in range(2000) for j in range(2000))"
    found = verdict(f"claim (z: Scalar, n: Nat): implies(scalar({p}) == 0 and z == z, {dear} != n)")
    assert found.message == f"undecided: ran out of fuel, {where}"


def test_how_many_values_satisfy_a_hypothesis_is_not_told() -> None:
    scaled = "define scaled(x: Scalar) -> Scalar = x"
    found = verdict("claim (z: Scalar) where scalar(31) == 0 and z ** 5 == z: scaled(z) ** 125 == z", scaled)
    assert found.message == "undecided: fewer than 20 different values satisfy the hypothesis"


def test_for_how_many_values_a_hypothesis_is_undefined_is_not_told() -> None:
    found = verdict("claim (z: Scalar) where 1 / (z - z) == 1: z == 0")
    assert "; the hypothesis is undefined for some of them; " in found.message


def test_the_values_tried_in_drawn_fields_are_not_counted_exactly() -> None:
    found = verdict("claim (x: Scalar) where any(y == y and scalar(2) == 0 and scalar(3) == 0 for y in Scalar): x == 0")
    assert found.status.value == "vacuous"
    assert re.search("among more than [1-9]0* values|among more than [1-9](,000)+ values", found.message)


def test_names_of_fields_in_words() -> None:
    assert untold("(in GF(4)), GF(13)") == "(in GF(4)), GF(13)"
    assert untold("fuel, at n = 2 in GF(17)") == "fuel, at n = 2 in a larger finite field"
    assert untold("GF(268435459^2) has no order") == "a larger finite field has no order"
