"""What a running trial tells of its pace: within a generation, without an effect on the log."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import pytest

from relay.records.budget import Budget, Spent
from relay.records.prices import Prices
from relay.trial.pace import ALMOST, pace_words, share_done
from relay.trial.tenure_state import TenureState
from tests.trial.helpers import condition, own_events, reopen, run, scripted, state
from tests.trial.toy import SQUARE

BUDGET = Budget(turns=8, tokens=1_000)
THREE = scripted([state(SQUARE)], [state(SQUARE)], [state(SQUARE)])
"""A researcher that has three turns."""
PRICES = Prices(currency="USD", input=Decimal(1), output=Decimal(1), cached=Decimal(1))


class Tenure:
    """As much of a tenure's state as its pace depends on."""

    def __init__(self, turns: int, tokens: int, ended: str | None = None, **more: Any) -> None:
        self.spent, self.ended = Spent(turns=turns, tokens_in=tokens, **more), ended


def states(*tenures: Tenure) -> tuple[TenureState, ...]:
    return cast("tuple[TenureState, ...]", tenures)


def test_a_tenure_is_done_as_far_as_what_it_has_used_most_of() -> None:
    assert share_done(states(Tenure(0, 0)), BUDGET) == 0
    assert share_done(states(Tenure(2, 100)), BUDGET) == 0.25
    assert share_done(states(Tenure(2, 500)), BUDGET) == 0.5
    assert share_done(states(Tenure(2, 500), Tenure(1, 0, "ended")), BUDGET) == 0.75
    assert share_done(states(Tenure(8, 500)), BUDGET) == ALMOST, "its block is not written yet"
    clock = Budget(turns=8, tokens=1_000, seconds=60, money=Decimal(2))
    assert share_done(states(Tenure(2, 500, seconds=36.0)), clock) == pytest.approx(0.6)
    assert share_done(states(Tenure(2, 500, money=Decimal("1.5"))), clock) == 0.75


def test_the_turns_under_way_are_told_and_what_the_generation_has_spent() -> None:
    bare = condition(budget=BUDGET)
    assert pace_words(states(Tenure(0, 0)), bare) == "turn 1/8, 0 tokens"
    three = states(Tenure(2, 9_000), Tenure(4, 32_400), Tenure(1, 0, "ended"))
    assert pace_words(three, bare) == "turn 3-5/8, 41k tokens"
    assert pace_words(states(Tenure(8, 9_000)), bare) == "turn 8/8, 9,000 tokens"
    assert pace_words(states(Tenure(3, 2_345_678, "tokens")), bare) == "turn 8/8, 2.3M tokens"
    priced = bare.model_copy(update={"prices": PRICES})
    assert pace_words(states(Tenure(1, 50, money=Decimal("0.125"))), priced) == "turn 2/8, 50 tokens, 0.12 USD"


def test_each_turn_is_told_also_after_a_resume_and_the_log_is_the_same(tmp_path: Path) -> None:
    chosen = condition(agent=THREE, generations=2, width=2)
    told: list[tuple[float, int, str]] = []
    run(tmp_path / "a", chosen, on_progress=lambda *step: told.append(step))
    run(tmp_path / "b", chosen)
    assert (tmp_path / "a/events.jsonl").read_bytes() == (tmp_path / "b/events.jsonl").read_bytes()
    done = [step[0] for step in told]
    assert done == sorted(done) and done[0] == 0 and done[-1] == 2
    # 2 tenures with 3 turns each
    expected = [generation + turns / 6 for generation in (0, 1) for turns in range(6)]
    assert sorted({round(one, 6) for one in done if one % 1 != ALMOST}) == pytest.approx([*expected, 2], abs=1e-5)
    assert all(of == 2 for _, of, _ in told)
    assert told[1][2] == "turn 1/3, 0 tokens, 0 established, 0 retained"
    reopen(tmp_path / "a", 2, {1: own_events(tmp_path / "a", 2, 1)[:5]})
    resumed: list[tuple[float, int, str]] = []
    run(tmp_path / "a", chosen, on_progress=lambda *step: resumed.append(step))
    assert (tmp_path / "a/events.jsonl").read_bytes() == (tmp_path / "b/events.jsonl").read_bytes()
    assert resumed[0][0] == 1 and resumed[1][0] == pytest.approx(1 + 1 / 6)


def test_times_are_noted_from_the_beginning_of_a_generation_to_its_end(tmp_path: Path) -> None:
    run(tmp_path / "a", condition(agent=THREE, generations=2))
    noted = [json.loads(line) for line in (tmp_path / "a/timings.jsonl").read_text().splitlines()]
    assert [(one["generation"], one.get("turn")) for one in noted] == [
        (generation, turn) for generation in (1, 2) for turn in (None, 1, 2, 3, None)
    ]
    for generation in (1, 2):
        elapsed = [one["elapsed"] for one in noted if one["generation"] == generation]
        assert elapsed == sorted(elapsed) and elapsed[0] == 0


def test_a_tenure_that_ends_early_is_told(tmp_path: Path) -> None:
    done: list[float] = []
    chosen = condition(agent=scripted([{"action": "end"}]), generations=1)
    run(tmp_path / "a", chosen, on_progress=lambda share, of, words: done.append(round(share, 2)))
    assert done == [0, 0, 0.33, ALMOST, 1]
