from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import matplotlib
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import StepPatch

from analysis import style
from analysis.frontier_figure import draw_frontier
from analysis.graph_figure import draw_graph
from analysis.trials import Trial, read_trial
from relay.errors import UsageError
from tests.analysis.builder import log, toy, write

DRAW = """
import sys
from pathlib import Path
from analysis.figures import draw_figures
from analysis.trials import read_trial
draw_figures(read_trial(Path(sys.argv[1])), Path(sys.argv[2]))
"""


def test_figures_are_the_same_under_any_hash_seed(directory: Path, tmp_path: Path) -> None:
    drawn = []
    for seed in ("0", "1"):
        out = tmp_path / seed
        out.mkdir()
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, "-c", DRAW, str(directory), str(out)], check=True, env=environment)
        drawn.append([(out / name).read_bytes() for name in ("frontier.svg", "graph.svg")])
    assert drawn[0] == drawn[1]
    assert b"<dc:date>" not in drawn[0][0]


def test_every_concept_has_its_box(trial: Trial, tmp_path: Path) -> None:
    draw_graph(trial, tmp_path / "graph.svg")
    boxes = {
        element.get("id", "").removeprefix("concept-"): ElementTree.tostring(element).decode()
        for element in ElementTree.parse(tmp_path / "graph.svg").iter()
        if element.get("id", "").startswith("concept-")
    }
    assert set(boxes) == {concept.id for concept in trial.task.concepts}
    assert "fill: #ffffff" in boxes["c4_1"], "a concept that was never established is hollow"
    assert "stroke: #d55e00" in boxes["c1_1"], "a lost concept is marked"
    assert "fill: #ffffff" not in boxes["c1_1"]
    assert "d55e00" not in boxes["c1_2"]
    fills = [boxes[name].partition("fill: ")[2][:7] for name in ("c1_2", "c1_3", "c2_3")]
    assert len(set(fills)) == 3, "generations have colours of their own"


@pytest.mark.parametrize("generations", [0, 1, 120])
@pytest.mark.parametrize("draw", [draw_frontier, draw_graph])
def test_short_and_long_trials_draw(tmp_path: Path, generations: int, draw: object) -> None:
    task = toy((4, 3))
    written = log(task, generations, per_generation=1) if generations else []
    trial = read_trial(write(tmp_path / "trial", task, written, generations=max(generations, 1)))
    assert callable(draw)
    draw(trial, tmp_path / "figure.svg")
    ElementTree.parse(tmp_path / "figure.svg")


def test_the_axes_depend_on_the_task_and_the_plan_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[Figure] = []
    monkeypatch.setattr(style, "save", lambda figure, path: kept.append(figure))
    task = toy((9, 9, 9, 9))
    for done in (0, 1, 5):
        trial = read_trial(write(tmp_path / str(done), task, log(task, done)[:-1], generations=8))
        draw_frontier(trial, tmp_path / "frontier.svg")
        draw_graph(trial, tmp_path / "graph.svg")
    for figure in kept[::2]:
        counts, recall, strata = figure.axes
        assert strata.get_xlim() == (0.5, 8.5) and strata.get_ylim() == (0, 4)
        assert counts.get_ylim() == (0, pytest.approx(40.52)) and recall.get_ylim() == (-0.03, 1.03)
    for figure in kept[1::2]:
        assert figure.axes[1].get_xlim() == (1, 8)
    lines = {str(patch.get_label()): patch for patch in kept[4].axes[2].patches if isinstance(patch, StepPatch)}
    assert [list(lines[name].get_data().values) for name in ("deepest retained", "depth_50")] == [
        [1, 1, 1, 1, 2],
        [0, 0, 1, 1, 1],
    ]


def test_drawing_leaves_the_settings_alone(trial: Trial, tmp_path: Path) -> None:
    before = dict(matplotlib.rcParams)
    draw_frontier(trial, tmp_path / "frontier.svg")
    assert dict(matplotlib.rcParams) == before


def test_no_room_is_one_line(trial: Trial, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="can't write"):
        draw_frontier(trial, tmp_path / "nowhere" / "frontier.svg")
