"""A probe as `relay show` prints it in the terminal: the concepts of each draw, of all draws together, and by depth."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from analysis.frontier import layers
from analysis.labels import titles
from analysis.probe import ProbeFindings, is_probe, model_of, probe_findings
from analysis.remarks import form_remarks
from analysis.terminal import bar, cost_words, overview
from analysis.trials import Trial
from relay.records.measures import depth_weighted_recall

ROWS = 24
"""Most draws in the table, so that it fits on a screen."""


def result_view(trial: Trial, probes: ProbeFindings | None = None) -> RenderableType:
    """Return the view of a trial, from whose recalls `probes` are subtracted, or of a probe."""
    if is_probe(trial.condition) and trial.rows:
        return probe_overview(trial, probe_findings(trial))
    return overview(trial, probes)


def probe_overview(trial: Trial, found: ProbeFindings) -> RenderableType:
    """Return the view of a probe."""
    task, what = titles(trial.named)
    lines = [
        f"to be subtracted: {found.depth_weighted_recall:.2f}, the depth-weighted recall of all draws together; "
        f"a single draw has {found.mean_depth_weighted_recall:.2f} on average",
        f"defined: {', '.join(found.concepts) or 'nothing'}",
        cost_words(trial),
    ]
    if model_of(trial.condition):
        lines += [f"{label}: {words}" for label, words in form_remarks(trial.form)]
    heading = (Text(task, style="bold"), Text(f"probe · {what}", style="dim"))
    return Group(*heading, _draws(found), Text(), _layers(trial, found), Text(), *map(Text, lines))


def _draws(found: ProbeFindings) -> Table:
    table = _table("draw", "concepts", "recall")
    for number, draw in enumerate(found.draws[:ROWS], 1):
        table.add_row(str(number), str(len(draw)), f"{depth_weighted_recall(draw, found.depth):.2f}")
    if len(found.draws) > ROWS:
        table.add_row("⋮")
    table.add_row("together", str(len(found.concepts)), f"{found.depth_weighted_recall:.2f}")
    return table


def _layers(trial: Trial, found: ProbeFindings) -> Table:
    table = _table("depth", "concepts", "defined")
    known = frozenset(found.concepts)
    for depth, layer in enumerate(layers(trial.task.concepts), 1):
        there = len(known.intersection(layer))
        table.add_row(str(depth), str(len(layer)), str(there), bar(there, there, len(layer)))
    return table


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for column in columns:
        table.add_column(column, justify="right", no_wrap=True)
    return table
