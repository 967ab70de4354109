"""The trials of a study, and the file that says where they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from relay.errors import UsageError
from relay.records.study import LAYOUT, read_layout
from relay.studies.layout import lay_out, write_layout
from relay.studies.running import Manners, pending, run_study
from tests.studies.builder import study


def test_every_arm_has_every_theory() -> None:
    plan = lay_out(study(seeds=[4, 9]))
    assert [trial.record.directory for trial in plan.trials] == ["none/s4", "journal/s4", "none/s9", "journal/s9"]
    assert [trial.condition.seed for trial in plan.trials] == [4, 4, 9, 9]


def test_replicates_share_the_theory_and_not_the_seed() -> None:
    plan = lay_out(study(seeds=[4], replicates=2))
    first, _, second, _ = plan.trials
    assert first.record.directory == "none/s4r1"
    assert first.condition.task == second.condition.task
    assert first.condition.task.parameters["seed"] == 4
    assert first.condition.seed != second.condition.seed


def test_the_layout_is_read_back(tmp_path: Path) -> None:
    plan = lay_out(study(controls=["flat"]))
    write_layout(plan, tmp_path / "small")
    layout = read_layout(tmp_path / "small")
    assert layout == plan.layout
    assert layout.reference == "flat"
    assert [arm.control for arm in layout.arms] == ["", "", "flat"]


def test_arms_and_seeds_may_be_added(tmp_path: Path) -> None:
    write_layout(lay_out(study()), tmp_path)
    write_layout(lay_out(study(seeds=5, controls=["flat"])), tmp_path)
    assert len(read_layout(tmp_path).trials) == 15


def test_the_endpoint_may_not_change(tmp_path: Path) -> None:
    write_layout(lay_out(study()), tmp_path)
    before = (tmp_path / LAYOUT).read_bytes()
    with pytest.raises(UsageError, match=r"was named before it ran, and is another now .*depth_50 last"):
        write_layout(lay_out(study(primary="established_depth_50")), tmp_path)
    with pytest.raises(UsageError, match="holds the study `small`"):
        write_layout(lay_out(study(study="other")), tmp_path)
    assert (tmp_path / LAYOUT).read_bytes() == before


def test_foreign_notes_are_those_of_the_theory_before(tmp_path: Path) -> None:
    foreign = study(seeds=[4, 9, 6], vary={"notes": ["journal"]}, controls=["foreign"])
    plan = lay_out(foreign, tmp_path)
    waiting = {trial.record.directory: trial.waits_for for trial in plan.trials if trial.waits_for}
    assert waiting == {
        "journal+foreign/s4": "journal/s9",
        "journal+foreign/s9": "journal/s4",
        "journal+foreign/s6": "journal/s9",
    }
    assert {trial.record.condition for trial in plan.trials if trial.waits_for} == {""}
    write_layout(plan, tmp_path)
    outcomes = run_study(pending(plan, tmp_path), tmp_path, Manners(2, 4, cached=False))
    assert [one.state for one in outcomes] == ["completed"] * 3
    plan = lay_out(foreign, tmp_path)
    assert not any(trial.waits_for or trial.problem for trial in plan.trials)
    shown = next(trial for trial in plan.trials if trial.record.directory == "journal+foreign/s4")
    assert [step.name for step in shown.condition.handover] == ["foreign"]
    more = lay_out(foreign.model_copy(update={"seeds": [4, 9, 6, 7]}), tmp_path)
    assert {trial.record.directory: trial.record.condition for trial in plan.trials}.items() <= {
        trial.record.directory: trial.record.condition for trial in more.trials
    }.items()


def test_one_theory_has_no_foreign_notes() -> None:
    with pytest.raises(UsageError, match="shows the notes of another theory, and the study has one"):
        lay_out(study(seeds=1, controls=["foreign"]))


def test_a_directory_without_a_study(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no study"):
        read_layout(tmp_path)
    (tmp_path / LAYOUT).write_text('{"v": 1}')
    with pytest.raises(UsageError, match="is no layout of a study: study"):
        read_layout(tmp_path)
