"""The figure `graph.svg`: the concept graph in columns of depth, coloured by the generation that established a concept.

A hollow box was never established. A cross and a heavy rim mark a concept that was established and then lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Colormap, Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyBboxPatch, PathPatch
from matplotlib.path import Path as Outline
from matplotlib.ticker import MaxNLocator

from analysis import style
from analysis.frontier import layers, lost
from analysis.labels import titles
from analysis.trials import Trial
from relay.records.measures import depths
from relay.records.task import Concept

# All lengths are in inches, and so are the figure's data units: text and boxes keep their proportions in any graph.
ROW = 0.36
BOX = 0.25
GAP = 0.75
MARGIN = 0.3
CHARACTER = 0.072
"""Width of a character of the 8 point labels."""
CROSS = "\u00d7"
HEADER = 0.95
FOOTER = 0.85

Place = tuple[float, float, float]
"""Left side, vertical middle and width of a concept's box."""
Lane = tuple[float, float, list[float]]
"""Left and right side of a column, and the heights at which an edge may pass between its boxes."""


def draw_graph(trial: Trial, path: Path) -> None:
    """Write the figure of one trial to `path` (`.svg` or `.png`)."""
    with style.styled():
        concepts = trial.task.concepts
        depth, followers = depths(concepts), _followers(concepts)
        columns = _ordered(concepts, layers(concepts))
        places, width, height = _places(columns)
        width = max(width, 6.4)  # the heading and the legend need this much
        total = height + HEADER + FOOTER
        figure = Figure(figsize=(width, total))
        axes = figure.add_axes((0, FOOTER / total, 1, height / total))
        axes.set(xlim=(0, width), ylim=(0, height))
        axes.axis("off")
        lanes = [_lane([places[node] for node in column]) for column in columns]
        for before, afters in followers.items():
            for after in afters:
                # lanes count from 0 and depths from 1, so these are the columns strictly between the two concepts
                _edge(axes, places[before], places[after], lanes[depth[before] : depth[after] - 1])
        scale, colours = Normalize(1, max(trial.generations, 2)), colormaps["viridis_r"]
        shades = {node: colours(float(scale(since))) for node, since in trial.established_in.items()}
        _boxes(axes, places, shades, frozenset(lost(trial)))
        style.heading(figure, MARGIN, *titles(trial.named))
        _depth_labels(axes, [places[column[0]] for column in columns], height)
        _legend(figure, scale, colours, width, total, trial.generations)
        style.save(figure, path)


def _followers(concepts: Sequence[Concept]) -> dict[str, list[str]]:
    """Map each concept id to the ids of the concepts that need it."""
    return {one.id: [other.id for other in concepts if one.id in other.prerequisites] for one in concepts}


def _ordered(concepts: Sequence[Concept], columns: tuple[tuple[str, ...], ...]) -> list[list[str]]:
    """Return the ids of each column in an order in which few edges cross.

    They are ordered in sweeps of the barycentre rule (Sugiyama et al., 1981).
    """
    before: dict[str, Sequence[str]] = {concept.id: concept.prerequisites for concept in concepts}
    after: dict[str, Sequence[str]] = {**_followers(concepts)}
    order = [list(column) for column in columns]
    for sweep in range(8):  # forwards and backwards in turn
        forward = sweep % 2 == 0
        height = {node: (i + 0.5) / len(column) for column in order for i, node in enumerate(column)}
        for column in order if forward else reversed(order):
            around = {node: before[node] if forward else after[node] for node in column}
            centre = {
                node: sum(height[other] for other in others) / len(others) if others else height[node]
                for node, others in around.items()
            }
            # Nodes with the same centre keep their order, so that the figure does not depend on chance.
            column.sort(key=lambda node: (centre[node], height[node]))
            height.update({node: (i + 0.5) / len(column) for i, node in enumerate(column)})
    return order


def _places(columns: list[list[str]]) -> tuple[dict[str, Place], float, float]:
    """Return the place of each concept's box by the concept's id, and the width and height of the whole graph."""
    rows = max((len(column) for column in columns), default=1)
    height = rows * ROW + 0.1
    places: dict[str, Place] = {}
    left = MARGIN
    for column in columns:
        width = max(max(len(node) for node in column) * CHARACTER + 0.3, 0.7)
        top = height / 2 + len(column) * ROW / 2
        for i, node in enumerate(column):
            places[node] = (left, top - (i + 0.5) * ROW, width)
        left += width + GAP
    return places, left - GAP + MARGIN, height


def _lane(column: list[Place]) -> Lane:
    """Return where edges can pass a column: its sides, and the heights between, above and below its boxes."""
    left, top, width = column[0]
    return left, left + width, [top + ROW / 2 - i * ROW for i in range(len(column) + 1)]


def _edge(axes: Axes, before: Place, after: Place, between: list[Lane]) -> None:
    """Draw a curve from the box `before` to the box `after`.

    In the columns `between` them it passes between the boxes, where it stays nearest to the straight line.
    """
    start, end = (before[0] + before[2], before[1]), (after[0], after[1])
    points = [start]
    for left, right, gaps in between:
        straight = start[1] + (end[1] - start[1]) * ((left + right) / 2 - start[0]) / (end[0] - start[0])
        gap = min(gaps, key=lambda height: (abs(height - straight), height))  # equal distances: the lower one
        points += [(left, gap), (right, gap)]
    points.append(end)
    vertices, codes = [start], [Outline.MOVETO]
    for here, there in pairwise(points):
        # Control points at the height of the ends: the curve leaves and enters each point horizontally.
        bend = (there[0] - here[0]) / 2
        vertices += [(here[0] + bend, here[1]), (there[0] - bend, there[1]), there]
        codes += [Outline.CURVE4] * 3
    outline = Outline(vertices, codes)
    axes.add_patch(PathPatch(outline, facecolor="none", edgecolor="#B4B4B4", linewidth=0.7, zorder=1))


def _boxes(
    axes: Axes,
    places: dict[str, Place],
    shades: dict[str, tuple[float, float, float, float]],
    gone: frozenset[str],
) -> None:
    for node, (left, middle, width) in places.items():
        face = shades.get(node, (1.0, 1.0, 1.0, 1.0))
        rim = style.VERMILION if node in gone else ("none" if node in shades else style.GREY)
        box = FancyBboxPatch(
            (left, middle - BOX / 2), width, BOX, boxstyle="round,pad=0,rounding_size=0.07", facecolor=face,
            edgecolor=rim, linewidth=1.9 if node in gone else 0.9, zorder=2,
        )  # fmt: skip
        box.set_gid(f"concept-{node}")
        axes.add_patch(box)
        dark = 0.2126 * face[0] + 0.7152 * face[1] + 0.0722 * face[2] < 0.5  # luminance, ITU-R BT.709
        colour = "white" if dark else (style.INK if node in shades else "#666666")
        text = f"{CROSS} {node}" if node in gone else node
        axes.text(
            left + width / 2, middle - 0.01, text, ha="center", va="center", fontsize=8, color=colour, zorder=3,
        )  # fmt: skip


def _depth_labels(axes: Axes, columns: list[Place], height: float) -> None:
    for depth, (left, _, width) in enumerate(columns, 1):
        axes.text(left + width / 2, height + 0.04, f"depth {depth}", ha="center", fontsize=8, color=style.GREY)


def _legend(figure: Figure, scale: Normalize, colours: Colormap, width: float, total: float, generations: int) -> None:
    bar = figure.add_axes((MARGIN / width, 0.42 / total, min(2.4, width * 0.35) / width, 0.12 / total))
    figure.colorbar(ScalarMappable(scale, colours), cax=bar, orientation="horizontal")
    bar.xaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
    if generations < 2:  # the scale runs to 2, since a colour bar needs two ends, but only generation 1 exists
        bar.set_xticks([1])
    bar.set_title("generation that established it", fontsize=8, pad=3)
    bar.tick_params(labelsize=8)
    rims = (
        (style.GREY, 0.9, "never established"),
        (style.VERMILION, 1.9, f"{CROSS} lost: established, not retained at the end"),
    )
    marks = [
        Line2D(
            [], [], marker="s", linestyle="none", markersize=9, markerfacecolor="white", markeredgecolor=rim,
            markeredgewidth=weight, label=label,
        )
        for rim, weight, label in rims
    ]  # fmt: skip
    figure.legend(handles=marks, loc="lower right", bbox_to_anchor=(1 - MARGIN / width, 0.2 / total), fontsize=8)
