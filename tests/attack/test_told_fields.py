"""No message names a field that was drawn: researchers must not learn which primes are used."""

from __future__ import annotations

import re

import pytest

from relay.checker.checker import Checker
from relay.checker.fields import untold
from relay.checker.verdict import Verdict
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


def test_names_of_fields_in_words() -> None:
    assert untold("(in GF(4)), GF(13)") == "(in GF(4)), GF(13)"
    assert untold("fuel, at n = 2 in GF(17)") == "fuel, at n = 2 in a larger finite field"
    assert untold("GF(268435459^2) has no order") == "a larger finite field has no order"
