"""Claims whose truth is known: no false claim is accepted, no true claim is refuted, and most true claims are
accepted."""

from __future__ import annotations

import pytest

from relay.records.status import Status
from tests.checker.corpus import FALSE, NOT_ACCEPTED, TRUE, judge


@pytest.mark.parametrize("name", sorted(FALSE))
def test_a_false_claim_is_refuted_or_said_to_be_out_of_reach(name: str) -> None:
    status, said, _ = name.partition(": ")
    assert judge(FALSE[name]).status == Status(status if said else "refuted")


@pytest.mark.parametrize("name", sorted(TRUE))
def test_a_true_claim_is_accepted(name: str) -> None:
    assert judge(TRUE[name]).status.accepted


@pytest.mark.parametrize("name", sorted(NOT_ACCEPTED))
def test_what_is_said_about_a_true_claim_that_is_not_accepted(name: str) -> None:
    assert judge(NOT_ACCEPTED[name]).status == Status(name.partition(":")[0])
