"""What is left of a budget: one subtraction, in one place."""

from __future__ import annotations

from decimal import Decimal

from relay.records.budget import Budget, Remaining, Spent


def test_what_is_not_budgeted_is_not_left_either() -> None:
    left = Remaining.of(Budget(turns=4, tokens=100, context=60, evaluations=7), Spent(turns=1, tokens_in=20))
    assert left == Remaining(turns=3, tokens=80, context=60, evaluations=7, seconds=None, money=None)


def test_amounts_are_exact() -> None:
    budget = Budget(seconds=4.35, money=Decimal("0.3"))
    left = Remaining.of(budget, Spent(seconds=1.35, money=Decimal("0.1")))
    assert (left.seconds, left.money) == (3.0, Decimal("0.2")), "no float's 2.9999999999999996 or 0.19999999999999998"


def test_a_prompt_and_its_answer_have_no_more_than_is_left() -> None:
    budget = Budget(tokens=100, context=60)
    assert [Remaining.of(budget, Spent(tokens_out=spent)).context for spent in (0, 40, 41, 100)] == [60, 60, 59, 0]
