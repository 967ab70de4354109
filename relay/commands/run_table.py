"""How `relay list runs` prints the trials of a folder: a line of figures for each, and its condition."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from relay.text import printable, quantity, rounded

__all__ = ["run_table"]

HEADS = ("trial", "state", "generations", "recall", "deepest", "established", "tokens")
NAME = 28
"""Width in characters of the column of names that leaves room for the others on 80 columns. A longer name has a line of
its own, unless there is more room."""
INDENT = 4


def run_table(folder: Path, runs: Sequence[Mapping[str, Any]], width: int) -> RenderableType:
    """Return the table of the trials of a folder, for a terminal of `width` characters.

    `runs` are the trials as JSON data. The condition of a trial stands in the line of its figures if there is room for
    all of them, otherwise below.
    """
    names = [os.path.relpath(run["directory"], folder) for run in runs]
    names = [printable(str(folder) if name == "." else name) for name in names]  # the folder may be a trial itself
    rows = [_cells(name, run) for name, run in zip(names, runs, strict=True)]
    others = [max(len(row[place]) for row in [HEADS, *rows]) for place in range(1, len(HEADS))]
    details = [printable(_details(run)) for run in runs]
    longest = max(map(len, names), default=0)
    room = width - sum(others) - len(others)
    beside = longest + 2 + max(map(len, details), default=0) <= room
    widths = [max(longest if longest <= room else min(NAME, room), len(HEADS[0])), *others]
    lines: list[RenderableType] = [Text(_heading(folder, runs), style="bold"), Text(_line(HEADS, widths), style="dim")]
    for row, run, detail in zip(rows, runs, details, strict=True):
        if len(row[0]) > widths[0]:
            lines.append(Text(row[0]))
            row = ("", *row[1:])
        line = Text(_line(row, widths), style="yellow" if run["state"] in ("damaged", "interrupted") else "")
        if beside:
            lines.append(line.append(f"  {detail}", style="dim"))
        else:
            lines += [line, Padding(Text(detail, style="dim"), (0, 0, 0, INDENT), expand=False)]
    return Group(*lines)


def _heading(folder: Path, runs: Sequence[Mapping[str, Any]]) -> str:
    states = Counter(run["state"] for run in runs)
    counts = ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
    return f"{quantity(len(runs), 'trial')} in {printable(str(folder))}: {counts}"


def _cells(name: str, run: Mapping[str, Any]) -> tuple[str, ...]:
    if run["error"]:
        return (name, run["state"], *[""] * (len(HEADS) - 2))
    return (
        name,
        run["state"],
        f"{run['generations_ended']}/{run['generations']}",
        f"{run['depth_weighted_recall']:.2f}",
        f"{run['deepest']}/{run['depth']}",
        f"{run['established']}/{run['concepts']}",
        rounded(run["tokens"]),
    )


def _details(run: Mapping[str, Any]) -> str:
    """The condition of a trial in one line, or what is wrong with it."""
    if run["error"]:
        return " ".join(str(run["error"]).split())
    return f"{run['task']} · {run['agent']} · {run['notes']} · seed {run['seed']}"


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    """Return the cells in their columns: name and state on the left side, numbers on the right side."""
    aligned = ["<", "<", *">" * (len(HEADS) - 2)]
    return " ".join(f"{cell:{side}{width}}" for cell, side, width in zip(cells, aligned, widths, strict=True))
