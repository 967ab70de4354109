"""The three recalls, leaps and unusable output, against logs that were counted by hand."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console, RenderableType

from analysis.generation_view import one_generation
from analysis.probe import ProbeFindings, is_probe, probe_findings
from analysis.probe_selection import find_probes, given_probes, how_to_probe, unlike_probes
from analysis.probe_summary import probe_summary
from analysis.probe_view import probe_overview
from analysis.summary import trial_summary
from analysis.terminal import overview
from analysis.trials import Trial
from analysis.trials import read_trial as bare_trial
from relay.components import told_agent
from relay.errors import UsageError
from relay.records.events import GenerationStarted
from tests.analysis.builder import log, toy, write
from tests.analysis.probes import EXPLORER, MINE, laid_down, model, probe, trial

KNOWN = (("c1_1",), ("c2_1", "c1_1"))
"""The concepts of two draws. Their recalls are 1/9 and 3/9, and 3/9 together."""


OTHER = toy((2, 2, 1), brief="Explain something else.")
"""A task with the same concepts and another brief."""


def read_trial(where: Path) -> Trial:
    """Read a trial as the commands do."""
    made = bare_trial(where)
    return replace(made, agent=told_agent(made.condition["agent"]))


def rendered(what: RenderableType, width: int = 80) -> str:
    stream = io.StringIO()
    Console(file=stream, width=width).print(what)
    return stream.getvalue()


def both(tmp_path: Path) -> tuple[Trial, ProbeFindings]:
    made = read_trial(trial(tmp_path / "trial"))
    probe(tmp_path / "probe", KNOWN)
    found = find_probes(made)
    assert found is not None
    return made, found


# --- recall ----------------------------------------------------------------------------------------------------------


def test_a_probe_is_counted(tmp_path: Path) -> None:
    made = read_trial(probe(tmp_path / "probe", KNOWN))
    assert is_probe(made.condition)
    data = probe_summary(made, probe_findings(made))
    assert (data["task"], data["model"]) == ("toy", "mock/mine")
    assert data["draws"] == [["c1_1"], ["c1_1", "c2_1"]]
    assert data["probed"] == ["c1_1", "c2_1"]
    assert data["depth_weighted_recall"] == pytest.approx(3 / 9)
    assert data["mean_depth_weighted_recall"] == pytest.approx(2 / 9)
    assert data["generations"][0]["established"] == ["c1_1", "c2_1"], "it is a trial like any other"


def test_recall_is_told_three_ways(tmp_path: Path) -> None:
    data = trial_summary(*both(tmp_path))
    first, last = data["generations"]
    assert last["depth_weighted_recall"] == pytest.approx(3 / 9)
    assert last["depth_weighted_recall_after_probe"] == pytest.approx(2 / 9)
    assert last["depth_weighted_recall_without_leaps"] == pytest.approx(1 / 9)
    assert last["measures"]["established_depth_weighted_recall"] == pytest.approx(8 / 9)
    assert last["established_depth_weighted_recall_after_probe"] == pytest.approx(5 / 9)
    assert last["established_depth_weighted_recall_without_leaps"] == pytest.approx(6 / 9)
    assert first["depth_weighted_recall_after_probe"] == pytest.approx(3 / 9)
    assert first["depth_weighted_recall_without_leaps"] == pytest.approx(1 / 9)
    assert data["probe"]["probed"] == ["c1_1", "c2_1"]
    assert [Path(name).name for name in data["probe"]["directories"]] == ["probe"]


def test_without_a_probe_nothing_is_said_to_be_subtracted(tmp_path: Path) -> None:
    data = trial_summary(read_trial(trial(tmp_path / "trial")), None)
    assert data["probe"] is None
    assert data["generations"][1]["depth_weighted_recall_after_probe"] is None
    assert data["generations"][1]["depth_weighted_recall_without_leaps"] == pytest.approx(1 / 9)


# --- leaps and form --------------------------------------------------------------------------------------------------


def test_the_leap_rate(tmp_path: Path) -> None:
    """If a concept is credited both with and without a leap, it counts as no leap, in the generation and the trial."""
    made = read_trial(trial(tmp_path / "trial"))
    assert [row.leaps.leapt for row in made.rows] == [("c3_1",), ("c2_2",)]
    data = trial_summary(made, None)
    assert [row["leap_rate"] for row in data["generations"]] == [pytest.approx(1 / 3), pytest.approx(1 / 2)]
    assert made.leaps.leapt == ("c2_2",)
    assert data["leap_rate"] == pytest.approx(1 / 4)


def test_what_is_lost_to_form(tmp_path: Path) -> None:
    data = trial_summary(read_trial(trial(tmp_path / "trial")), None)
    first, last = data["generations"]
    assert (first["lost_turns"], first["lost_turn_share"]) == (2, pytest.approx(2 / 4))
    told = (first["first_lost_turn"], last["first_lost_turn"], data["first_lost_turn"])
    assert told == ("it is no JSON", "it is prose", "it is no JSON")
    assert first["faults"] == {"model": {"malformed": 1, "too_long": 1}, "machine": {"rate_limit": 2}}
    assert (first["actions"], first["bad_actions"], first["bad_action_share"]) == (5, 1, pytest.approx(1 / 5))
    assert (first["statements"], first["ill_formed"], first["ill_formed_share"]) == (3, 2, pytest.approx(2 / 3))
    assert (last["lost_turns"], last["lost_turn_share"], last["bad_action_share"]) == (1, 1.0, None)
    assert (data["lost_turns"], data["lost_turn_share"]) == (3, pytest.approx(3 / 5))
    assert data["faults"] == {"model": {"malformed": 2, "too_long": 1}, "machine": {"rate_limit": 2}}
    assert (data["bad_actions"], data["ill_formed_share"]) == (1, pytest.approx(2 / 3))


def test_nothing_credited_has_no_rate(tmp_path: Path) -> None:
    task = toy()
    empty = trial_summary(read_trial(write(tmp_path / "empty", task, log(task, 1, per_generation=0))), None)
    assert (empty["leap_rate"], empty["lost_turn_share"], empty["first_lost_turn"]) == (None, 0.0, None)


# --- selection of probes ---------------------------------------------------------------------------------------------


def test_probes_beside_a_trial_are_found(tmp_path: Path) -> None:
    made = read_trial(trial(tmp_path / "trial"))
    assert find_probes(made) is None
    probe(tmp_path / "another task", KNOWN, task=OTHER)
    probe(tmp_path / "another model", KNOWN, **model("mock/other"))
    probe(tmp_path / "no model", KNOWN, **EXPLORER)
    probe(tmp_path / "with notes", KNOWN, notes="ledger")
    probe(tmp_path / "two turns", KNOWN, turns=2)
    probe(tmp_path / "two generations", KNOWN, generations=2)
    laid_down(tmp_path / "unfinished", [GenerationStarted(generation=1)], notes="none", turns=1, generations=1)
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").touch()
    assert find_probes(made) is None
    probe(tmp_path / "two", [("c2_2",)], **model("mock/mine", rules="probe"))
    probe(tmp_path / "one", KNOWN)
    found = find_probes(made)
    assert found is not None
    assert [Path(each.directory).name for each in found.probes] == ["one", "two"]
    assert found.concepts == ("c1_1", "c2_1", "c2_2")
    assert found.mean_depth_weighted_recall == pytest.approx((1 + 3 + 2) / 9 / 3)


def test_a_damaged_probe_beside_a_trial_is_named_and_not_left_out(tmp_path: Path) -> None:
    made = read_trial(trial(tmp_path / "trial"))
    broken = probe(tmp_path / "broken", KNOWN)
    (broken / "task.json").write_text("{}", encoding="utf-8")
    with pytest.raises(UsageError, match=r"broken/task\.json was changed"):
        find_probes(made)


@pytest.mark.parametrize(
    ("parameters", "has", "trial_has"),
    [
        ({"temperature": 2.0}, "temperature 2.0", "temperature 1.0"),
        ({"disguise": "11"}, "disguise 11", "no disguise"),
        ({"disguise": "0"}, "disguise 0", "no disguise"),
        ({"grammar": "true"}, "grammar true", "no grammar"),
        ({"further": ", top_p: 0.9"}, "-M top_p=0.9", "no -M top_p"),
        ({"manner": "new", "disguise": "3"}, "disguise 3, manner new", "no disguise, no manner"),
    ],
)
def test_a_probe_of_another_kind_is_told_and_not_subtracted(
    tmp_path: Path, parameters: dict[str, Any], has: str, trial_has: str
) -> None:
    here = tmp_path / "here"
    made = read_trial(trial(here / "trial"))
    other = probe(here / "other", KNOWN, **model("mock/mine", **parameters))
    assert find_probes(made) is None
    said = f"those beside the trial are not comparable: {other} has {has}, this trial has {trial_has}; `relay probe "
    assert said in " ".join(rendered(overview(made), 400).split())
    data = trial_summary(made, None)
    assert data["unlike_probes"] == [{"directory": str(other), "probe_has": has, "trial_has": trial_has}]
    with pytest.raises(UsageError, match=rf"other is not comparable: it has {has}; .*trial has {trial_has}; fix: `"):
        given_probes(made, [other])
    probe(here / "alike", [("c2_2",)])
    found = find_probes(made)
    assert found is not None and found.concepts == ("c2_2",)
    shown = " ".join(rendered(overview(made, found), 400).split())
    assert f"recall 0.22, from {here / 'alike'}; not comparable: {other} has {has}" in shown


def test_what_does_not_bear_on_what_is_known_need_not_agree(tmp_path: Path) -> None:
    """Rules and budgets may differ, and so may a grammar that is off, which older conditions don't mention."""
    here = model("mock/mine", further=", lines: []", grammar="false", disguise="null", rules="rules")
    made = read_trial(trial(tmp_path / "trial", **here, truth="hidden", seed=8))
    probe(tmp_path / "probe", KNOWN, **model("mock/mine", rules="probe"))
    found = find_probes(made)
    assert found is not None and found.concepts == ("c1_1", "c2_1")
    assert not unlike_probes(made)


def test_both_in_one_disguise_are_comparable(tmp_path: Path) -> None:
    made = read_trial(trial(tmp_path / "trial", **model("mock/mine", disguise="11")))
    probe(tmp_path / "other", KNOWN, **model("mock/mine", disguise="12"))
    probe(tmp_path / "plain", KNOWN)
    assert [(unlike.there, unlike.here) for _, unlike in unlike_probes(made)] == [
        ("disguise 12", "disguise 11"),
        ("no disguise", "disguise 11"),
    ]
    assert find_probes(made) is None
    probe(tmp_path / "same", KNOWN, **model("mock/mine", disguise="11"))
    assert find_probes(made) is not None


def test_where_there_is_no_model_the_agent_decides(tmp_path: Path) -> None:
    made = read_trial(trial(tmp_path / "trial", **EXPLORER))
    probe(tmp_path / "a model's", KNOWN, **MINE)
    probe(tmp_path / "another explorer's", KNOWN, agent="explorer", parameters="study_cost: 3")
    assert find_probes(made) is None
    probe(tmp_path / "an explorer's", KNOWN, **EXPLORER)
    assert find_probes(made) is not None


def test_a_probe_has_no_probe(tmp_path: Path) -> None:
    made = read_trial(probe(tmp_path / "one", KNOWN))
    probe(tmp_path / "two", KNOWN)
    assert find_probes(made) is None
    with pytest.raises(UsageError, match=r"is a probe itself.*leave out --probe"):
        given_probes(made, [tmp_path / "two"])


def test_what_does_not_fit_is_one_line_with_its_mend(tmp_path: Path) -> None:
    made = read_trial(trial(tmp_path / "here" / "trial"))
    mend = r"fix: `relay probe 'alien\(layers=2\)' --model mock/mine --seed 7 --out .*/here/probe-s7`$"
    for where, told in (
        (trial(tmp_path / "no probe"), "is no probe: a probe is a trial of one generation .*`relay probe` makes one"),
        (probe(tmp_path / "task", KNOWN, task=OTHER), rf"another task, alien\(layers=2\) with seed 7; .*{mend}"),
        (probe(tmp_path / "model", KNOWN, **model("mock/other")), f"another researcher, mock/other; .*{mend}"),
        (probe(tmp_path / "agent", KNOWN, **EXPLORER), rf"explorer\(study_cost=0\); .* has mock/mine; {mend}"),
        (tmp_path / "nowhere", "does not exist"),
    ):
        with pytest.raises(UsageError, match=told) as error:
            given_probes(made, [where])
        assert "\n" not in str(error.value)
    probe(tmp_path / "one", KNOWN)
    probe(tmp_path / "two", [("c2_2",)])
    assert given_probes(made, [tmp_path / "one", tmp_path / "two"]).concepts == ("c1_1", "c2_1", "c2_2")


def test_the_command_that_makes_a_probe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RELAY_LOG_DIR", str(tmp_path))
    made = read_trial(trial(tmp_path / "trial"))
    assert how_to_probe(made) == "relay probe 'alien(layers=2)' --model mock/mine --seed 7"
    parameters = {"temperature": 0.5, "further": ", lines: [a b]", "disguise": "3", "grammar": "true"}
    special = read_trial(trial(tmp_path / "special", **model("mock/mine", **parameters)))
    options = (
        "--agent 'llm(temperature=0.5, grammar=true)' --model mock/mine -M 'lines=['\"'\"'a b'\"'\"']' --disguise 3"
    )
    assert how_to_probe(special) == f"relay probe 'alien(layers=2)' {options} --seed 7"
    explored = read_trial(trial(tmp_path / "explored", **EXPLORER))
    assert how_to_probe(explored) == "relay probe 'alien(layers=2)' --seed 7"
    file = {"task": {"name": "file", "parameters": {"path": "my task.yaml", "brief": None, "seed": None}}}
    filed = replace(made, condition={**made.condition, **file})
    assert how_to_probe(filed) == "relay probe 'my task.yaml' --model mock/mine --seed 7"


# --- screens ---------------------------------------------------------------------------------------------------------


def test_the_screen_of_a_language_model(tmp_path: Path) -> None:
    made, found = both(tmp_path)
    text = rendered(overview(made, found), 200)
    assert "recall of the retained: 0.33 raw, 0.22 after the probe, 0.11 without leaps" in text
    assert "recall of the established: 0.89 raw, 0.56 after the probe, 0.67 without leaps" in text
    assert "probe: 2 concepts in 2 draws, recall 0.33, from " in text
    assert "credited by leaps: 1 of 4 (25%)" in text
    assert "lost turns: 3 of 5 (60%): 2 malformed, 1 too_long" in text
    assert "unknown actions: 1 of 5 (20%)" in text
    assert "ill-formed statements: 2 of 3 (67%)" in text
    assert "the machine's faults: 2 rate_limit" in text
    without = rendered(overview(made), 200)
    assert "probe: none for this task and model; `relay probe 'alien(layers=2)'" in without
    assert "after the probe" not in without
    one = rendered(one_generation(made, made.rows[1], found), 120)
    assert "0.33 raw, 0.22 after the probe" in one and "1 of 1 (100%): 1 malformed" in one


def test_the_screen_of_the_explorer_is_as_it_was(tmp_path: Path) -> None:
    made = read_trial(trial(tmp_path / "trial", **EXPLORER))
    text = rendered(overview(made))
    assert all(word not in text for word in ("probe", "raw", "lost turns", "ill-formed", "credited by leaps"))
    text = rendered(one_generation(made, made.rows[0]))
    assert all(word not in text for word in ("probe", "raw", "credited by leaps"))
    probe(tmp_path / "probe", KNOWN, **EXPLORER)
    assert "after the probe" in rendered(overview(made, find_probes(made)))


def test_the_screen_of_a_probe(tmp_path: Path) -> None:
    made = read_trial(probe(tmp_path / "probe", [*KNOWN, *[()] * 30]))
    lines = rendered(probe_overview(made, probe_findings(made))).splitlines()
    assert any(line.startswith("spent ") and "tokens" in line for line in lines), lines
    assert ["1", "1", "0.11"] in [line.split() for line in lines]
    assert ["together", "2", "0.33"] in [line.split() for line in lines]
    assert [line.split()[:3] for line in lines if "█" in line] == [["1", "2", "1"], ["2", "2", "1"]]
    assert any(line.startswith("to be subtracted: 0.33") for line in lines)
    assert "defined: c1_1, c2_1" in lines
    assert len(lines) < 45, "of many draws the first are shown"
