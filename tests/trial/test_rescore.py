"""A trial that is judged again: the same under the same checker and task, and new credit under others."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from relay.errors import NotationError, UsageError
from relay.notation import Scope
from relay.notation.statement_reader import StatementReader
from relay.notation.syntax import Definition, Statement
from relay.records.condition import Condition
from relay.records.events import AnyEvent
from relay.records.reader import TrialReader
from relay.records.status import Status
from relay.scoring.examiner import Examination
from relay.scoring.judge import Judge, PooledJudge
from relay.scoring.workers import Workers
from relay.trial.directory import condition_in, load_trial
from relay.trial.rescore import RescoreReport, check_same_world, rescore
from relay.trial.resolve import Schemes, resolve_condition
from relay.trial.trial import run_trial
from tests.contract import memories
from tests.trial.helpers import condition, events, own_events, record, reopen, run, scripted, state
from tests.trial.toy import FOURTH, SQUARE, Toy, ToyJudge

FALSE = "claim wrong (x: Element): op(x, x) != x"


def again(where: Path, out: Path, judge: Judge | None = None, **changed: Any) -> RescoreReport:
    """Judge a trial again, under its own condition and task unless `changed` has others. `trust` may be in it."""
    reader = TrialReader.open(where)
    chosen: Condition = changed.get("condition") or condition_in(reader.files, reader.condition)

    async def judged() -> RescoreReport:
        async with Workers(0) as pool:
            by = judge or PooledJudge(pool, changed.get("task") or reader.task)
            trust = bool(changed.get("trust"))
            return await rescore(reader, out, chosen, changed.get("task") or reader.task, by, trust=trust)

    return asyncio.run(judged())


@pytest.mark.parametrize(
    ("memory", "notes", "width"),
    [
        ("fresh", "ledger", 2),
        ("immortal", "journal", 1),
        ("immortal", "none", 2),
        ("carryover(turns=2)", "none", 2),
        (f"{memories.__file__}:Digest", "none", 2),
    ],
)
def test_under_the_same_checker_and_task_nothing_changes(tmp_path: Path, memory: str, notes: str, width: int) -> None:
    """Byte for byte, with names that were inherited, opened and handed on as messages."""
    chosen = condition(memory=memory, notes=notes, width=width, generations=4, seed=3)
    run(tmp_path / "a", chosen)
    report = again(tmp_path / "a", tmp_path / "b", ToyJudge(Toy().build(0)))
    assert report.same and report.statements >= 20
    for name in ("events.jsonl", "condition.yaml", "task.json", "head.json"):
        assert (tmp_path / "b" / name).read_bytes() == (tmp_path / "a" / name).read_bytes()
    assert load_trial(tmp_path / "b", trust=True).state.ended == "completed"


def test_a_trial_of_the_explorer_is_judged_as_it_was(tmp_path: Path) -> None:
    chosen = resolve_condition("linear_algebra", generations=2, schemes=Schemes(notes="ledger(cap=800)"), seed=2)
    asyncio.run(run_trial(chosen, tmp_path / "a"))
    report = again(tmp_path / "a", tmp_path / "b")
    assert report.same and report.statements > 20
    assert (tmp_path / "b/events.jsonl").read_bytes() == (tmp_path / "a/events.jsonl").read_bytes()


class Changed(ToyJudge):
    """Another checker: claims that were refuted hold, and `fourth` is no concept any more."""

    async def examine(self, statement: Statement, definitions: Mapping[str, Definition]) -> Examination:
        found = await super().examine(statement, definitions)
        if found.verdict.status is Status.REFUTED:
            verdict = found.verdict.model_copy(update={"status": Status.HOLDS, "counterexample": ""})
            return Examination(verdict=verdict, laws=("square/1",))
        return found.model_copy(update={"concepts": tuple(one for one in found.concepts if one != "fourth")})


def test_another_checker_changes_verdicts_credit_and_measures_and_nothing_else(tmp_path: Path) -> None:
    first = [state(SQUARE), state(FALSE), record("square"), state("define worse("), record("fourth")]
    chosen = condition(agent=scripted(first, [state(FOURTH), record("fourth")]), generations=2, notes="ledger")
    run(tmp_path / "a", chosen)
    before = {path: path.read_bytes() for path in sorted((tmp_path / "a").rglob("*")) if path.is_file()}
    report = again(tmp_path / "a", tmp_path / "b", Changed(Toy().build(0)))
    assert {path: path.read_bytes() for path in sorted((tmp_path / "a").rglob("*")) if path.is_file()} == before
    assert [(one.statement, one.before, one.after) for one in report.changed] == [("wrong", "refuted", "holds")] * 2
    assert report.difference("established") == ((), ("fourth",))
    assert report.difference("retained") == ((), ("fourth",))
    assert report.difference("laws") == (("square/1",), ())
    assert not report.same
    fixed = ("answered", "acted", "note_changed", "shown", "tenure_ended")

    def kept(where: Path) -> list[AnyEvent]:
        return [event.model_copy(update={"seq": 0}) for event in events(where) if event.type in fixed]

    assert kept(tmp_path / "b") == kept(tmp_path / "a")
    told = [event.told for event in events(tmp_path / "b") if event.type == "judged" and event.name == "wrong"]
    assert told == ["refuted"] * 2, "what a researcher was told stays what it was told"
    TrialReader.open(tmp_path / "b").read()


def test_what_did_not_read_before_may_read_now(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And what rests on it earns its credit too, since the researcher stated it."""
    read = StatementReader.read

    def poorer(self: StatementReader, source: str, scope: Scope, statement_size: int | None = None) -> Statement:
        if source == SQUARE:
            raise NotationError("this version can't read it")
        return read(self, source, scope, statement_size)

    chosen = condition(agent=scripted([state(SQUARE), state("define no(")], [state(FOURTH)]), generations=1)
    with monkeypatch.context() as older:
        older.setattr(StatementReader, "read", poorer)
        run(tmp_path / "a", chosen)
    assert [event.status for event in events(tmp_path / "a") if event.type == "judged"] == ["ill_formed"] * 3
    report = again(tmp_path / "a", tmp_path / "b", ToyJudge(Toy().build(0)))
    assert [(one.statement, one.before, one.after) for one in report.changed] == [
        ("square", "ill_formed", "defined"),
        ("fourth", "ill_formed", "defined"),
    ]
    assert report.difference("established") == (("fourth", "square"), ())
    with monkeypatch.context() as older:  # and the other way round
        older.setattr(StatementReader, "read", poorer)
        back = again(tmp_path / "b", tmp_path / "c", ToyJudge(Toy().build(0)))
    assert [(one.statement, one.after) for one in back.changed] == [("square", "ill_formed"), ("fourth", "ill_formed")]
    assert back.difference("established") == ((), ("fourth", "square"))


def test_a_task_that_looks_otherwise_is_refused() -> None:
    task = Toy().build(0)
    check_same_world(task, task.model_copy(update={"concepts": task.concepts[:1], "brief": "Other words."}))
    with pytest.raises(UsageError, match=r"another `statement_size` .*--own-task"):
        check_same_world(task, task.model_copy(update={"statement_size": 2}))
    with pytest.raises(UsageError, match=r"shows other phenomena .*--own-task"):
        check_same_world(task, task.model_copy(update={"phenomena": task.phenomena[:1]}))


def test_of_an_unfinished_trial_the_copy_is_not_continued(tmp_path: Path) -> None:
    """Its open tenures are in the original alone: answers that were paid for would be paid for twice."""
    chosen = condition(generations=3, seed=4)
    run(tmp_path / "a", chosen)
    reopen(tmp_path / "a", 3, {1: own_events(tmp_path / "a", 3, 1)[:9]})
    report = again(tmp_path / "a", tmp_path / "b", ToyJudge(Toy().build(0)))
    assert len(report.generations) == 2 and not (tmp_path / "b/open").exists()
    assert TrialReader.open(tmp_path / "b").read().reason == "rescored"
    with pytest.raises(UsageError, match=r"judged again before the trial had ended.*resume the original"):
        run(tmp_path / "b", chosen)
    twice = again(tmp_path / "b", tmp_path / "c", ToyJudge(Toy().build(0)))
    assert twice.same
    assert (tmp_path / "c/events.jsonl").read_bytes() == (tmp_path / "b/events.jsonl").read_bytes()
    reopen(tmp_path / "a", 1, {})
    with pytest.raises(UsageError, match=r"no generation of .* has ended"):
        again(tmp_path / "a", tmp_path / "d", ToyJudge(Toy().build(0)))
    assert not (tmp_path / "d").exists()


class Broken(ToyJudge):
    async def examine(self, statement: Statement, definitions: Mapping[str, Definition]) -> Examination:
        raise UsageError("the task is inconsistent")


def test_what_fails_leaves_nothing(tmp_path: Path) -> None:
    run(tmp_path / "a", condition(generations=2))
    with pytest.raises(UsageError, match="inconsistent"):
        again(tmp_path / "a", tmp_path / "b", Broken(Toy().build(0)))
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    (tmp_path / "b").mkdir()
    with pytest.raises(UsageError, match="b exists already; give another directory"):
        again(tmp_path / "a", tmp_path / "b", ToyJudge(Toy().build(0)))
    shutil.rmtree(tmp_path / "b")
    (tmp_path / "a/events.jsonl").write_bytes((tmp_path / "a/events.jsonl").read_bytes()[:-9])
    with pytest.raises(UsageError, match="cut short"):
        again(tmp_path / "a", tmp_path / "b", ToyJudge(Toy().build(0)))
    assert not (tmp_path / "b").exists()
