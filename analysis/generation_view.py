"""One generation as `relay show -g` prints it: what was found, what crossed, how it went, measures, and what was
spent."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from analysis.charters import charter_words
from analysis.crossing import Crossing
from analysis.frontier import frontier, layers
from analysis.probe import ProbeFindings, model_of
from analysis.remarks import form_remarks, generation_remarks
from analysis.searches import searches_words
from analysis.terminal import spent_words, too_long_words
from analysis.trials import GenerationRow, Trial
from relay.text import printable, quantity

MEASURES = {"depth_weighted_recall": "depth-weighted recall", "depth_50": "half known to depth"}
"""Measure of a set of concepts -> words. Others are named as they are, without underscores."""
SETS = {"": "retained", "established_": "established", "without_leaps_": "without leaps"}
"""Prefix of a measure -> the set of concepts that it is taken over."""
LABEL = 26
"""Characters of the column of labels, so that the groups stand below each other."""
ORIENTATION = "orientation_"
"""Prefix of the measures of what tenures spent until their first own definition."""

Rows = list[tuple[str, str]]
"""Labels, each with a text."""


def one_generation(trial: Trial, row: GenerationRow, probes: ProbeFindings | None = None) -> RenderableType:
    """Return the view of one generation with all ids and measures. `probes` are subtracted from the recall."""
    groups = (
        ("found", _found(trial, row)),
        ("handed on to it", _crossed(row.crossed)),
        ("how it went", _went(trial, row)),
        ("measures", _measures(trial, row, probes)),
        ("spent", _spent(trial, row)),
    )
    parts: list[RenderableType] = [Text(f"generation {row.generation}", style="bold")]
    for heading, rows in groups:
        if rows:
            parts += [Text(), Text(heading, style="bold cyan"), _table(rows)]
    return Group(*parts)


def _table(rows: Sequence[tuple[str, str]]) -> Table:
    table = Table(show_header=False, box=None, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column(width=1)
    table.add_column(no_wrap=True, min_width=LABEL)
    table.add_column(overflow="fold")
    for label, words in rows:
        table.add_row("", label, words)
    return table


# --- what was found --------------------------------------------------------------------------------------------------


def _found(trial: Trial, row: GenerationRow) -> Rows:
    ahead = frontier(trial.task.concepts, row.retained)
    rows = [
        ("new", ", ".join(_by_depth(trial, row.new)) or "nothing"),
        ("established", _in_layers(trial, row.established)),
        ("retained", _in_layers(trial, row.retained)),
        ("frontier", ", ".join(_by_depth(trial, ahead)) or "nothing is left to find"),
        ("laws", f"{len(row.laws)}: {', '.join(row.laws)}" if row.laws else "none"),
    ]
    if trial.task.phenomena:
        rows.append(("explained", f"{len(row.explained)} of {len(trial.task.phenomena)} phenomena"))
    if row.form.too_long:
        rows.append(("too long", too_long_words(row.form.too_long)))
    return rows


def _by_depth(trial: Trial, ids: Sequence[str]) -> list[str]:
    """Return the ids of concepts with those of shallow layers first."""
    return [concept for layer in layers(trial.task.concepts) for concept in sorted(layer) if concept in ids]


def _in_layers(trial: Trial, ids: Sequence[str]) -> str:
    """Return the ids of concepts with their number, and a line for each layer that has some."""
    lines = [f"{len(ids)} of {len(trial.task.concepts)}"]
    for depth, layer in enumerate(layers(trial.task.concepts), 1):
        if there := sorted(set(ids).intersection(layer)):
            lines.append(f"depth {depth}: {', '.join(there)}")
    return "\n".join(lines)


# --- what crossed ----------------------------------------------------------------------------------------------------


def _crossed(crossings: Sequence[Crossing]) -> Rows:
    """Return a row for each tenure, or one for all if they were handed the same."""
    told = [(f"researcher {crossing.tenure}", _handed(crossing)) for crossing in crossings]
    if len(told) > 1 and len({words for _, words in told}) == 1:
        return [("each researcher", told[0][1])]
    return told


def _handed(crossing: Crossing) -> str:
    parts = [f"{quantity(crossing.shown, 'note')} shown"]
    # what an index lists was dropped from the page, and is not told twice
    for number, what in (
        (crossing.listed, "listed"),
        (crossing.opened, "opened"),
        (crossing.dropped - crossing.listed, "left out"),
    ):
        if number > 0:
            parts.append(f"{number} {what}")
    if crossing.messages:
        parts.append(quantity(crossing.messages, "message"))
    parts.append(quantity(crossing.tokens, "token", ","))
    return f"{', '.join(parts)}; {quantity(crossing.callable, 'definition')} to call"


# --- how it went -----------------------------------------------------------------------------------------------------


def _went(trial: Trial, row: GenerationRow) -> Rows:
    form = row.form
    counts = ((form.answers, "turn"), (form.actions, "action"), (form.statements, "statement"))
    rows = [("answers", ", ".join(quantity(number, noun, ",") for number, noun in counts))]
    if model_of(trial.condition) or form.lost or form.cut_turns or form.skipped or form.retried:
        rows += form_remarks(form)
    if row.unannounced:
        rows.append(("unannounced", f"{quantity(row.unannounced, 'tenure')} ended without an announced last turn"))
    if words := searches_words(row.searches):
        rows.append(("searched", words))
    rows += [("told", printable(line.strip())) for line in row.told.opinions.lines(trial.currency)]
    if row.told.late:
        rows.append(("told at its end", f"what was withheld of {quantity(row.told.late, 'statement')}"))
    if row.told.drift.false or row.told.drift.resting:
        rows.append(("false", row.told.drift.words()))
    rows += [(f"charter {event.by}", printable(charter_words(event))) for event in row.charters]
    return rows


# --- measures and costs ----------------------------------------------------------------------------------------------


def _measures(trial: Trial, row: GenerationRow, probes: ProbeFindings | None) -> Rows:
    """Return a row for each measure of a set of concepts, with its values for all sets; then the recalls of a language
    model, and orientation."""
    values: dict[str, list[str]] = {}
    for name, value in row.measures.items():
        if not name.startswith(ORIENTATION):
            prefix = next((prefix for prefix in SETS if prefix and name.startswith(prefix)), "")
            values.setdefault(name.removeprefix(prefix), []).append(f"{_number(value)} {SETS[prefix]}")
    rows = [(MEASURES.get(base, base.replace("_", " ")), ", ".join(words)) for base, words in values.items()]
    rows += generation_remarks(trial, row, probes)
    spent = [
        f"{_number(row.measures[name])} {noun}{'s' * (row.measures[name] != 1)}"
        for noun in ("turn", "token", "evaluation")
        if (name := f"{ORIENTATION}{noun}s") in row.measures
    ]
    if spent:
        reached = row.measures.get(f"{ORIENTATION}reached", 0.0)
        rows.append(("orientation", f"{', '.join(spent)} to a first own definition; {reached:.0%} had one"))
    return rows


def _number(value: float) -> str:
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def _spent(trial: Trial, row: GenerationRow) -> Rows:
    rows = [("altogether", spent_words(trial, row.spent))]
    if row.spent.tokens_cached:
        rows.append(("of which cached", quantity(row.spent.tokens_cached, "token", ",")))
    return rows
