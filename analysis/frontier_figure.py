"""The figure `frontier.svg`: how far each generation moved the frontier.

Three panels over the generations: the numbers of established concepts (ever) and retained ones (buildable from the
notes); the same weighted by depth; and the layers of the graph, darker if more of a layer is retained.
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
        figure.subplots_adjust(left=0.125, right=0.98, top=0.885, bottom=0.075, hspace=0.12)
        figure.align_ylabels()
        _counts(counts, trial)
        _recall(recall, trial)
        _strata(strata, trial)
        style.heading(figure, 0.12, *titles(trial.named))
        strata.set_xlabel("generation")
        strata.xaxis.set_major_locator(MaxNLocator(integer=True))
        last = max((row.generation for row in trial.rows), default=1)
        strata.set_xlim(0.5, last + 0.5)
        style.save(figure, path)


def _counts(axes: Axes, trial: Trial) -> None:
    total = len(trial.task.concepts)
    highest = max((len(row.established) for row in trial.rows), default=0)
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
    if _low(highest / max(total, 1)):  # cut the axis, and name the total in its label instead
        axes.set_ylim(0, highest * 1.5 + 1)
        axes.set_ylabel(f"concepts,\nof {total}")
    else:
        axes.set_ylim(0, total * 1.12 + 0.2)
        axes.set_ylabel("concepts")
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.grid(axis="y", linewidth=0.6)
    axes.legend(loc="lower right", bbox_to_anchor=(1.01, 0.98), ncols=3, fontsize=8)


def _recall(axes: Axes, trial: Trial) -> None:
    generations = [row.generation for row in trial.rows]
    highest = 0.0
    for key, colour, marker, width in (
        ("established_depth_weighted_recall", style.BLUE, "o", BROAD),
        ("depth_weighted_recall", style.ORANGE, "s", USUAL),
    ):
        recall = [row.measures.get(key, 0.0) for row in trial.rows]
        highest = max([highest, *recall])
        _line(axes, generations, recall, colour, "", marker, width)
    axes.set_ylim(-0.03 * highest, highest * 1.5) if _low(highest) else axes.set_ylim(-0.03, 1.03)
    axes.set_ylabel("depth-weighted\nrecall")
    axes.grid(axis="y", linewidth=0.6)


def _low(share: float) -> bool:
    """Return whether a curve whose highest value is this share of the axis would leave most of the panel empty."""
    return 0 < share < 0.4


def _strata(axes: Axes, trial: Trial) -> None:
    levels = layers(trial.task.concepts)
    retained = [frozenset(row.retained) for row in trial.rows]
    shares = [[len(kept.intersection(level)) / len(level) for kept in retained] for level in levels]
    if retained:
        first, last = trial.rows[0].generation, trial.rows[-1].generation
        axes.imshow(
            # vmax above 1: a full layer is orange, not the darkest brown of the map
            shares, cmap="Oranges", vmin=0, vmax=1.15, aspect="auto", origin="lower", interpolation="nearest",
            extent=(first - 0.5, last + 0.5, 0.5, len(levels) + 0.5),
        )  # fmt: skip
        if len(retained) <= 16 and len(levels) <= 12:  # in smaller cells the percentages would not fit
            _shares(axes, shares, trial)
    axes.set_ylabel("retained,\nby depth")
    axes.set_ylim(0.5, max(len(levels), 1) + 0.5)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))


def _shares(axes: Axes, shares: list[list[float]], trial: Trial) -> None:
    for depth, row in enumerate(shares, start=1):
        for share, generation in zip(row, trial.rows, strict=True):
            text = "" if share == 0 else f"{share:.0%}"
            colour = "white" if share > 0.7 else style.INK
            axes.text(generation.generation, depth, text, ha="center", va="center", fontsize=7, color=colour)


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
