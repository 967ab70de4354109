"""`relay check --referee`: a second opinion on every claim, and a message if it contradicts the verdict."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from relay.checker.referee.cases import Case
from relay.checker.referee.opinion import Opinion, Says
from relay.commands import second_opinion as appeal
from tests.commands.conftest import Invoke

FILE = """\
define trace(A: Matrix[n, n]) -> Scalar = sum(A[i, i] for i in range(n))
claim (A: Matrix[n, n]): trace(A) == trace(matrix(A[j, i] for i in range(n) for j in range(n)))
"""


def test_where_both_agree_that_is_counted(relay: Invoke) -> None:
    told = relay("check", "linear_algebra", "--referee", "--json", stdin=FILE)
    assert told.status == 0
    assert [json.loads(line)["referee"] for line in told.out.splitlines()] == ["", "agrees"]
    assert told.err == ""
    assert "referee" not in json.loads(relay("check", "linear_algebra", "--json", stdin=FILE).out.splitlines()[0])


def test_what_the_referee_said_is_summed_up(relay: Invoke) -> None:
    text = FILE + "claim (A: Matrix[n, n]): trace(A) == 0\nclaim (k: Nat): trace(identity(k)) == scalar(k)\n"
    told = relay(
        "check", "linear_algebra", "--referee", stdin=text + "claim (x: Scalar): any(y == x for y in Scalar)\n"
    )
    assert "the referee agrees with 2 claims, contradicts 0, and can't judge 1" in told.err


def test_where_they_contradict_each_other_it_is_loud(relay: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(*_: object) -> Iterator[Opinion]:
        yield Opinion(Case({"n": 2}, {}), Says.FALSE)

    monkeypatch.setattr(appeal, "opinions", wrong)
    told = relay("check", "linear_algebra", "--referee", "--workers", 0, stdin=FILE)
    assert told.status == 1
    assert "line 2: the checker says proved, SymPy says false at n = 2" in told.err
    assert "proved" in told.out
