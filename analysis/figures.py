"""Draw all figures of a trial."""

from __future__ import annotations

from pathlib import Path

from analysis.frontier_figure import draw_frontier
from analysis.graph_figure import draw_graph
from analysis.trials import Trial


def draw_figures(trial: Trial, directory: Path) -> None:
    """Write `frontier.svg` and `graph.svg` to `directory`."""
    draw_frontier(trial, directory / "frontier.svg")
    draw_graph(trial, directory / "graph.svg")
