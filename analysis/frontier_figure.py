"""The figure `frontier.svg`: how far each generation moved the frontier.

Three panels over the generations: the numbers of established concepts (ever) and retained ones (buildable from the
notes); the same weighted by depth; and the layers of the graph, darker if more of a layer is retained, with the depth
of the deepest retained concept and `depth_50`. The axes depend on the task and on the planned number of generations
alone, so figures of one task can be compared.
"""

from __future__ import annotations

from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from analysis import style
from analysis.frontier import layers
from analysis.labels import titles
from analysis.trials import Trial
from relay.records.measures import deepest, depth_50, depths

WIDTH = 7.2
"""Inches."""
NARROW, USUAL, BROAD = 1.0, 1.7, 4.2
"""Line widths in points. The curves often coincide: a broad line stays visible below a usual one."""
MARKERS_UP_TO = 40
"""Most generations that get point markers; with more the points would overlap."""


def draw_frontier(trial: Trial, path: Path) -> None:
    """Write the figure of one trial to `path` (`.svg` or `.png`)."""
    with style.styled():
        figure = Figure(figsize=(WIDTH, 6.6))
        counts, recall, strata = figure.subplots(3, 1, sharex=True, height_ratios=(3, 2, 2))
        figure.subplots_adjust(left=0.125, right=0.98, top=0.885, bottom=0.075, hspace=0.2)
        figure.align_ylabels()
        _counts(counts, trial)
        _recall(recall, trial)
        _strata(strata, trial)
        style.heading(figure, 0.12, *titles(trial.named))
        strata.set_xlabel("generation")
        strata.xaxis.set_major_locator(MaxNLocator(integer=True))
        strata.set_xlim(0.5, max(trial.generations, 1) + 0.5)
        style.save(figure, path)


def _counts(axes: Axes, trial: Trial) -> None:
    total = len(trial.task.concepts)
    axes.axhline(total, color=style.GREY, linewidth=0.9, linestyle=(0, (2, 2)))
    axes.annotate(
        f"all {total} concepts", (0, total), (4, 2), xycoords=("axes fraction", "data"), textcoords="offset points",
        va="bottom", fontsize=8, color=style.GREY,
    )  # fmt: skip
    generations = [row.generation for row in trial.rows]
    _line(axes, generations, [len(row.established) for row in trial.rows], style.BLUE, "established, ever", "o", BROAD)
    clean = [len(row.established_without_leaps) for row in trial.rows]
    if clean != [len(row.established) for row in trial.rows]:
        _line(axes, generations, clean, style.GREEN, "established without leaps", "^", NARROW)
    _line(axes, generations, [len(row.retained) for row in trial.rows], style.ORANGE, "retained in the notes", "s")
    axes.set_ylim(0, total * 1.12 + 0.2)
    axes.set_ylabel("concepts")
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.grid(axis="y", linewidth=0.6)
    axes.legend(loc="lower right", bbox_to_anchor=(1.01, 0.98), ncols=3, fontsize=8)


def _recall(axes: Axes, trial: Trial) -> None:
    generations = [row.generation for row in trial.rows]
    for key, colour, marker, width in (
        ("established_depth_weighted_recall", style.BLUE, "o", BROAD),
        ("depth_weighted_recall", style.ORANGE, "s", USUAL),
    ):
        recall = [row.measures.get(key, 0.0) for row in trial.rows]
        _line(axes, generations, recall, colour, "", marker, width)
    axes.set_ylim(-0.03, 1.03)
    axes.set_ylabel("depth-weighted\nrecall")
    axes.grid(axis="y", linewidth=0.6)


def _strata(axes: Axes, trial: Trial) -> None:
    """Draw the layers; layer d fills the axis of depth from d - 1 to d, so that a line at d has it below."""
    levels = layers(trial.task.concepts)
    retained = [frozenset(row.retained) for row in trial.rows]
    shares = [[len(kept.intersection(level)) / len(level) for kept in retained] for level in levels]
    if retained:
        first, last = trial.rows[0].generation, trial.rows[-1].generation
        axes.imshow(
            # vmax above 1: a full layer is orange, not the darkest brown of the map
            shares, cmap="Oranges", vmin=0, vmax=1.15, aspect="auto", origin="lower", interpolation="nearest",
            extent=(first - 0.5, last + 0.5, 0, len(levels)),
        )  # fmt: skip
        if len(retained) <= 16 and len(levels) <= 12:  # in smaller cells the percentages would not fit
            _shares(axes, shares, trial)
        _depths(axes, trial)
    axes.set_ylabel("depth")
    axes.set_ylim(0, max(len(levels), 1))
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))


def _depths(axes: Axes, trial: Trial) -> None:
    """Draw the depth of the deepest retained concept and `depth_50`, level within each generation."""
    depth = depths(trial.task.concepts)
    edges = [row.generation - 0.5 for row in trial.rows] + [trial.rows[-1].generation + 0.5]
    for measure, colour, width, label in (
        (deepest, style.INK, 3.0, "deepest retained"),
        (depth_50, style.BLUE, USUAL, "depth_50"),
    ):
        values = [measure(row.retained, depth) for row in trial.rows]
        axes.stairs(values, edges, baseline=None, color=colour, linewidth=width, label=label, clip_on=False)
    axes.legend(loc="lower right", bbox_to_anchor=(1.01, 0.95), ncols=2, fontsize=8)


def _shares(axes: Axes, shares: list[list[float]], trial: Trial) -> None:
    for depth, row in enumerate(shares, start=1):
        for share, generation in zip(row, trial.rows, strict=True):
            text = "" if share == 0 else f"{share:.0%}"
            colour = "white" if share > 0.7 else style.INK
            axes.text(generation.generation, depth - 0.5, text, ha="center", va="center", fontsize=7, color=colour)


def _line(
    axes: Axes,
    x: list[int],
    y: list[float] | list[int],
    colour: str,
    label: str,
    marker: str,
    width: float = USUAL,
) -> None:
    """Draw one series, with point markers if there is room: without them a single generation would be invisible."""
    shape = marker if len(x) <= MARKERS_UP_TO else ""
    axes.plot(x, y, color=colour, label=label, linewidth=width, marker=shape, markersize=width + 2.4, clip_on=False)
