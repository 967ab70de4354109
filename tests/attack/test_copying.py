"""Researchers that copy what they are shown earn nothing and explain nothing. `benchmarks/copying.py` tries every
manner on many theories."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from analysis.trials import Trial, read_trial
from relay.checker import explanations
from relay.records.events import Acted, AnyEvent, Explained, Judged
from relay.records.log import read_chain
from relay.records.reply_data import StatementData
from relay.records.status import Status
from relay.trial.resolve import Schemes, resolve_condition
from relay.trial.trial import run_trial
from tests.attack.copiers import AMPLE, MANNERS, NOTES, spec

SMALL = "alien(layers=1)"
LARGE = "alien(q=5, layers=1, width=2, term_size=3)"


def copied(where: Path, manner: str, task: str = SMALL, truth: str = "shown") -> tuple[Trial, list[AnyEvent]]:
    """A trial of two generations that copy, and its events."""
    condition = resolve_condition(
        task, agent=spec(manner), schemes=Schemes(notes=NOTES, truth=truth), generations=2, budget=AMPLE, seed=3
    )
    asyncio.run(run_trial(condition, where / "trial", workers=0))
    return read_trial(where / "trial"), [line.event for line in read_chain(where / "trial" / "events.jsonl", "")]


@pytest.mark.parametrize("task", [SMALL, LARGE])
@pytest.mark.parametrize("manner", MANNERS)
def test_no_copy_earns_or_explains_anything(tmp_path: Path, manner: str, task: str) -> None:
    trial, events = copied(tmp_path, manner, task)
    statements = [event for event in events if isinstance(event, Judged)]
    assert len(statements) > 4 and {event.status for event in statements} == {Status.DEFINED}
    assert trial.rows[-1].established == () and trial.rows[-1].explained == ()
    # every table was copied, and the copy was noticed
    assert len(trial.form.too_long) >= len(trial.task.phenomena)
    told = {
        number
        for event in events
        if isinstance(event, Acted) and isinstance(event.data, StatementData) and event.data.long
        for number in event.data.long.phenomena
    }
    assert told == set(range(1, len(trial.task.phenomena) + 1))


@pytest.mark.parametrize("manner", MANNERS)
def test_without_the_rule_a_copy_earns_everything(tmp_path: Path, manner: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise the test above would show nothing."""
    monkeypatch.setattr(explanations, "TIMES", 1_000)
    trial, events = copied(tmp_path, manner)
    assert len(trial.rows[-1].established) == len(trial.task.concepts) == len(trial.rows[-1].explained)
    assert len(trial.form.too_long) == 0 and any(isinstance(event, Explained) for event in events)


def test_nothing_of_it_is_told_where_truth_is_hidden(tmp_path: Path) -> None:
    trial, events = copied(tmp_path, "numerals", truth="hidden")
    assert len(trial.form.too_long) == len(trial.task.phenomena)
    data = [event.data for event in events if isinstance(event, Acted) and isinstance(event.data, StatementData)]
    assert not any(one.long or one.explained for one in data)
    assert not any("longer than" in event.reply for event in events if isinstance(event, Acted))
