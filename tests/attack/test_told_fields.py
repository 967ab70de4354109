"""No message gives a drawn field away, by its name or by a number: researchers must not learn which primes are used."""

from __future__ import annotations

import re

import numpy as np
import pytest

from relay.checker.checker import Checker
from relay.checker.fields import untold
from relay.checker.search import telling
from relay.checker.search.veil import veiled
from relay.checker.verdict import Verdict
from relay.evaluation.algebra.finite_fields import PrimeField
from relay.notation import Scope, read_statement
from relay.records.task import Given

GIVEN = Given(scalars=True)


def verdict(source: str) -> Verdict:
    return Checker(GIVEN).judge(read_statement(source, Scope(GIVEN)), {})


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
def test_without_another_field_elements_are_letters(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "_fields", lambda claim, definitions: iter(()))
    found = verdict(source)
    assert "(in a larger finite field)" in found.counterexample
    assert re.search(r"\be1\b", found.counterexample)
    values = re.sub(r"\bn = \d", "", found.counterexample)
    assert set(re.findall(r"\b\d+\b", values)) <= {"0", "1"}, found.counterexample


def test_small_numbers_of_a_drawn_field_are_letters() -> None:
    """6 would give away a field with 37 elements, in which it is a square root of -1."""
    field = veiled(PrimeField(37), {"x", "e"})
    shown = [field.show(code) for code in np.array([6, 31, 0, 1, 36, 6, 2])]
    assert shown == ["h1", "-h1", "0", "1", "-1", "h1", "h2"]
    assert PrimeField(37).show(6) == "6"


@pytest.mark.parametrize(
    "term",
    ["count(x == x for x in Scalar)", "first(k for k in range(1, 200) if scalar(k) == 0 or k == 199)"],
)
def test_no_natural_tells_the_order_of_a_drawn_field(term: str) -> None:
    found = verdict(f"claim (n: Nat) where count(x == x for x in Scalar) > 20: {term} == 0 * n")
    assert found.status.value == "refuted"
    assert "(in a larger finite field)" in found.counterexample
    assert not [number for number in re.findall(r"\d+", found.message) if int(number) > 13], found.message


def test_the_values_tried_in_drawn_fields_are_not_counted_exactly() -> None:
    found = verdict("claim (x: Scalar) where any(y == y and scalar(2) == 0 and scalar(3) == 0 for y in Scalar): x == 0")
    assert found.status.value == "vacuous"
    assert re.search("among more than [1-9]0* values|among more than [1-9](,000)+ values", found.message)


def test_names_of_fields_in_words() -> None:
    assert untold("(in GF(4)), GF(13)") == "(in GF(4)), GF(13)"
    assert untold("fuel, at n = 2 in GF(17)") == "fuel, at n = 2 in a larger finite field"
    assert untold("GF(268435459^2) has no order") == "a larger finite field has no order"
