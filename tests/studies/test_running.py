"""A study runs all of its trials, each as `relay run` would, and only what is missing."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest

from relay.records.study import TrialRecord
from relay.studies import running
from relay.studies.layout import StudyPlan, lay_out, write_layout
from relay.studies.running import Manners, TrialOutcome, TrialProgress, pending, run_study
from relay.studies.status import study_status
from relay.trial.trial import run_trial
from tests.studies.builder import study

QUICK = Manners(processes=2, together=4, cached=False)

BROKEN = '''
from relay.schemes.notes.journal import Journal

class Broken(Journal):
    """Fails on the theory with the seed 2."""

    def show(self, *args, **options):
        raise RuntimeError("no page today")
'''


def run(plan: StudyPlan, directory: Path) -> tuple[list[TrialProgress | TrialOutcome], tuple[TrialOutcome, ...]]:
    told: list[TrialProgress | TrialOutcome] = []
    write_layout(plan, directory)
    return told, run_study(pending(plan, directory), directory, QUICK, told.append)


def test_trials_are_those_that_run_alone_byte_for_byte(tmp_path: Path) -> None:
    plan = lay_out(study())
    told, outcomes = run(plan, tmp_path / "study")
    assert [one.state for one in outcomes] == ["completed"] * 4
    names = {one.directory for one in told if isinstance(one, TrialProgress)}
    assert names == {one.record.directory for one in plan.trials}
    for trial in plan.trials:
        asyncio.run(run_trial(trial.condition, tmp_path / "alone" / trial.record.directory))
        alone = tmp_path / "alone" / trial.record.directory / "events.jsonl"
        assert (tmp_path / "study" / trial.record.directory / "events.jsonl").read_bytes() == alone.read_bytes()


def test_only_what_is_missing_runs(tmp_path: Path) -> None:
    run(lay_out(study()), tmp_path)
    larger = lay_out(study(seeds=3))
    _, outcomes = run(larger, tmp_path)
    assert [one.trial.record.directory for one in outcomes] == ["none/s3", "journal/s3"]
    assert pending(larger, tmp_path) == ()
    assert study_status(tmp_path).counts() == {"completed": 6}


def test_one_that_fails_stops_no_other(tmp_path: Path) -> None:
    scheme = tmp_path / "broken.py"
    scheme.write_text(BROKEN)
    plan = lay_out(study(vary={"notes": ["none", f"{scheme}:Broken"]}))
    _, outcomes = run(plan, tmp_path / "study")
    assert [one.state for one in outcomes] == ["completed", "failed"] * 2
    assert "failed with RuntimeError: no page today in `Broken.show`" in outcomes[1].message
    assert study_status(tmp_path / "study").counts()["completed"] == 2


def test_a_process_that_dies_costs_only_what_it_had_not_logged(tmp_path: Path) -> None:
    plan = lay_out(study(seeds=4))
    write_layout(plan, tmp_path)
    killed: list[int] = []

    def listen(told: TrialProgress | TrialOutcome) -> None:
        if isinstance(told, TrialOutcome) and not killed:
            child = next(iter(running_children()))
            killed.append(child)
            os.kill(child, signal.SIGKILL)

    outcomes = run_study(pending(plan, tmp_path), tmp_path, QUICK, listen)
    assert killed
    assert [one.state for one in outcomes] == ["completed"] * 8
    assert study_status(tmp_path).counts() == {"completed": 8}


def running_children() -> list[int]:
    import multiprocessing  # noqa: PLC0415

    return [child.pid for child in multiprocessing.active_children() if child.pid]


def test_a_process_that_always_dies_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = lay_out(study(seeds=1))
    passes: list[int] = []
    monkeypatch.setattr(running, "_pass_over", lambda trials, *rest: passes.append(len(trials)) or set())
    outcomes = run_study(plan.trials, tmp_path, QUICK)
    assert passes == [2, 2, 2]
    assert {one.state for one in outcomes} == {"failed"}
    assert "its process died 3 times" in outcomes[0].message


def test_trials_that_ask_a_model_share_a_loop(tmp_path: Path) -> None:
    plan = lay_out(study(condition={"task": "alien(layers=2)", "generations": 2, "model": "mock/explorer"}))
    _, outcomes = run(plan, tmp_path)
    assert [one.state for one in outcomes] == ["completed"] * 4


def test_a_status_tells_what_is_not_begun_and_what_is_damaged(tmp_path: Path) -> None:
    plan = lay_out(study())
    write_layout(plan, tmp_path)
    assert study_status(tmp_path).counts() == {"not begun": 4}
    run_study(plan.trials[:2], tmp_path, QUICK)
    (tmp_path / "none" / "s1" / "events.jsonl").write_text("{}\n")
    status = study_status(tmp_path)
    assert status.counts() == {"completed": 1, "not begun": 2, "damaged": 1}
    assert isinstance(status.trials[0].record, TrialRecord)
    assert "events.jsonl" in status.trials[0].error
