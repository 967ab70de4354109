"""What the tables of comparisons say of each other."""

from __future__ import annotations

from itertools import product

import pytest

from relay.notation.comparisons import AS_LESS, COMPARISONS, EQUALITIES, ORDERS, STRICT, SYMBOLS, TURNED

PAIRS = list(product(range(3), repeat=2))


def test_a_comparison_is_an_equality_or_an_order() -> None:
    assert COMPARISONS.keys() == SYMBOLS.keys() == EQUALITIES | ORDERS and not EQUALITIES & ORDERS


@pytest.mark.parametrize("op", COMPARISONS)
def test_it_is_what_it_is_written_as(op: str) -> None:
    assert all(COMPARISONS[op](a, b) is eval(f"{a} {SYMBOLS[op]} {b}") for a, b in PAIRS)  # noqa: S307


@pytest.mark.parametrize("op", AS_LESS)
def test_an_order_in_terms_of_less(op: str) -> None:
    exchanged, negated = AS_LESS[op]
    assert all(COMPARISONS[op](a, b) is ((b < a if exchanged else a < b) is not negated) for a, b in PAIRS)


def test_sides_may_be_exchanged() -> None:
    assert all(COMPARISONS[op](a, b) is COMPARISONS[TURNED[op]](b, a) for op in TURNED for a, b in PAIRS)
    assert all(COMPARISONS[op](a, b) is COMPARISONS[op](b, a) for op in EQUALITIES for a, b in PAIRS)
    assert AS_LESS.keys() == ORDERS == TURNED.keys() | TURNED.values()


def test_nothing_is_strictly_before_itself() -> None:
    assert {op for op in ORDERS if not COMPARISONS[op](1, 1)} == STRICT
