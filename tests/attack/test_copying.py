"""Researchers that copy what they are shown earn nothing and explain nothing. `benchmarks/copying.py` tries every
manner on many theories."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from analysis.trials import Trial, read_trial
from relay.checker import explanations
from relay.checker.explanations import longest, shortest_copy
from relay.notation import Scope, read_statement
from relay.records.events import Acted, AnyEvent, Explained, Judged
from relay.records.log import read_chain
from relay.records.reply_data import StatementData
from relay.records.status import Status
from relay.trial.resolve import Schemes, resolve_condition
from relay.trial.trial import run_trial
from tasks.alien import Alien
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
    assert trial.too_long >= len(trial.task.phenomena)
    told = {
        number
        for event in events
        if isinstance(event, Acted) and isinstance(event.data, StatementData) and event.data.long
        for number in event.data.long.phenomena
    }
    assert told == set(range(1, len(trial.task.phenomena) + 1))


@pytest.mark.parametrize("task", ["alien(q=3, layers=1, term_size=3)", "alien(q=3, layers=1, term_size=4)"])
@pytest.mark.parametrize("manner", MANNERS)
def test_no_copy_is_short_where_tables_are_small_and_statements_large(tmp_path: Path, manner: str, task: str) -> None:
    trial, _ = copied(tmp_path, manner, task)
    assert trial.rows[-1].established == () and trial.rows[-1].explained == ()
    assert trial.too_long >= len(trial.task.phenomena)


def test_twice_the_statement_size_is_too_much_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise the test above would show nothing."""
    monkeypatch.setattr(explanations, "COPY", 1_000)
    trial, _ = copied(tmp_path, "divided", "alien(q=3, layers=1, term_size=4)")
    assert trial.rows[-1].established and trial.rows[-1].explained


@pytest.mark.parametrize("term_size", range(2, 5))
@pytest.mark.parametrize("q", range(3, 10))
def test_a_form_is_shorter_than_any_copy(q: int, term_size: int) -> None:
    task = Alien(q=q, layers=1, term_size=term_size).build(1)
    most = longest(task.given, task.statement_size)
    assert most is not None
    sizes = [read_statement(concept.forms[0].source, Scope(task.given)).nodes for concept in task.concepts]
    assert max(sizes) < most < shortest_copy(task.given)


@pytest.mark.parametrize("manner", MANNERS)
def test_without_the_rule_a_copy_earns_everything(tmp_path: Path, manner: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise the test above would show nothing."""
    monkeypatch.setattr(explanations, "TIMES", 1_000)
    monkeypatch.setattr(explanations, "COPY", 1_000)
    trial, events = copied(tmp_path, manner)
    assert len(trial.rows[-1].established) == len(trial.task.concepts) == len(trial.rows[-1].explained)
    assert trial.too_long == 0 and any(isinstance(event, Explained) for event in events)


def test_nothing_of_it_is_told_where_truth_is_hidden(tmp_path: Path) -> None:
    trial, events = copied(tmp_path, "numerals", truth="hidden")
    assert trial.too_long == len(trial.task.phenomena)
    data = [event.data for event in events if isinstance(event, Acted) and isinstance(event.data, StatementData)]
    assert not any(one.long or one.explained for one in data)
    assert not any("longer than" in event.reply for event in events if isinstance(event, Acted))
