"""The style of figures and how they are written.

Colour-blind readers can distinguish the colours. The same figure gives the same bytes: no date, fixed ids, and text as
outlines, so that no font has to be installed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from relay.records.files import write_whole

# Okabe & Ito (2008), "Color universal design": distinguishable under the common colour vision deficiencies.
BLUE = "#0072B2"
ORANGE = "#E69F00"
VERMILION = "#D55E00"
GREEN = "#009E73"
INK = "#222222"
GREY = "#8A8A8A"
FAINT = "#D9D9D9"

_STYLE: dict[Any, Any] = {
    "font.family": "DejaVu Sans",  # ships with matplotlib
    "font.size": 9.0,
    "text.color": INK,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 10.0,
    "xtick.color": INK,
    "ytick.color": INK,
    "grid.color": FAINT,
    "legend.frameon": False,
    "svg.fonttype": "path",
    "svg.hashsalt": "relay",
    "figure.facecolor": "white",
}


@contextmanager
def styled() -> Iterator[None]:
    """Apply the style while the body draws and saves figures, and restore matplotlib's settings after it."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()  # the user's own matplotlibrc must not change the figures
        matplotlib.rcParams.update(_STYLE)
        yield


def heading(figure: Figure, left: float, title: str, below: str) -> None:
    """Write a bold line and a lighter one below it at the top of the figure, `left` inches from its left side."""
    width, height = figure.get_size_inches()
    figure.text(left / width, 1 - 0.1 / height, title, va="top", fontsize=11, fontweight="bold")
    figure.text(left / width, 1 - 0.31 / height, below, va="top", fontsize=8.5, color=GREY)


def save(figure: Figure, path: Path) -> None:
    """Write `figure` as PNG if the path ends in `.png`, otherwise as SVG. The same figure gives the same bytes."""
    drawn = BytesIO()
    if path.suffix == ".png":
        FigureCanvasAgg(figure)
        figure.savefig(drawn, format="png", metadata={"Software": None})
    else:
        FigureCanvasSVG(figure)
        figure.savefig(drawn, format="svg", metadata={"Date": None, "Creator": "relay"})
    write_whole(path, drawn.getvalue())
