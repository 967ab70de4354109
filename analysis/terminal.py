"""A trial as `relay show` prints it in the terminal: the frontier by generation, in numbers and bars."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from textwrap import shorten

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from analysis.frontier import frontier, lost
from analysis.labels import titles
from analysis.planted import half_life
from analysis.probe import ProbeFindings
from analysis.remarks import trial_remarks
from analysis.searches import searches_words
from analysis.stateless import best_stateless, is_stateless
from analysis.summary import tokens_per_turn
from analysis.trials import GenerationRow, RunningTenure, Trial
from relay.records.budget import Spent
from relay.records.measures import deepest, depth_50, depths
from relay.text import duration, printable, quantity

LEVELS = "▁▂▃▄▅▆▇█"
"""The characters of a sparkline, lowest first."""
BAR = 24
"""Length, in characters, of a bar that stands for all concepts."""
SHORT = 16
"""Length of a bar in the table of generations, which fits 80 columns."""
ROWS = 24
"""Most generations in a table, so that it fits on a screen. Of a longer trial those with the most changes are shown."""
NAMES = 8
"""Number of ids that are listed before the rest is only counted."""
TENURES = 16
"""Most open tenures that are listed before the rest is only counted."""
FAULT = 300
"""Most characters that are shown of the message of an open tenure's fault."""
LEGEND = (
    "bar: █ retained, ▒ established and lost; recall: retained, weighted by depth",
    "deepest: the last layer with any retained; depth_50: half of each layer up to it",
)
"""What stands below the table of generations: what its columns mean."""


def overview(trial: Trial, probes: ProbeFindings | None = None) -> RenderableType:
    """Return the view of a whole trial: its condition, a row for each generation, and its state at the end.

    `probes` are subtracted from the recall.
    """
    task, what = titles(trial.named)
    heading = (Text(task, style="bold"), Text(what, style="dim"))
    if not trial.rows:
        return Group(*heading, Text("No generation has ended yet."), *_standing(trial))
    metered = [Text(f"{label}: {words}") for label, words in trial_remarks(trial, probes)]
    legend = [Text(line, style="dim") for line in LEGEND]
    return Group(*heading, _table(trial), *legend, *_spending(trial), *_closing(trial), *metered, *_standing(trial))


def spent_words(trial: Trial, spent: Spent) -> str:
    """Describe what was spent, with time and money if they were counted."""
    counted = {"turn": spent.turns, "token": spent.tokens, "evaluation": spent.evaluations}
    parts = [quantity(number, noun, ",") for noun, number in counted.items()]
    if each := tokens_per_turn(spent):
        parts[1] += f" ({each:,.0f} a turn)"
    parts += [f"{value} {name}" for name, value in _counted(trial, spent).items()]
    return ", ".join(parts)


def cost_words(trial: Trial) -> str:
    """Describe what the trial took altogether: time, turns, tokens, evaluations and money."""
    taken = "spent" if trial.seconds_taken is None else f"took {duration(trial.seconds_taken)},"
    return f"{taken} {spent_words(trial, trial.spent)}"


def too_long_words(count: int) -> str:
    """Describe how many definitions fitted and were too long."""
    verb = "was" if count == 1 else "were"
    return f"{quantity(count, 'definition')} fitted and {verb} longer than an explanation may be"


def sparkline(values: Sequence[float], top: float = 1.0) -> str:
    """Return one character for each value. The lowest stands for 0, the highest for `top`; values outside are
    clipped."""
    steps = len(LEVELS) - 1
    return "".join(LEVELS[max(0, min(steps, round(value / top * steps)))] for value in values)


def bar(retained: int, established: int, total: int, width: int = BAR) -> Text:
    """Return a bar of `width` characters: retained concepts full, lost ones in half tone, the others as dots."""
    kept = round(retained / total * width) if total else 0
    # Never below the retained part: the half tone would have a negative length.
    known = max(round(established / total * width) if total else 0, kept)
    return Text.assemble(("█" * kept, "cyan"), ("▒" * (known - kept), "red"), ("·" * (width - known), "dim"))


def _table(trial: Trial) -> Table:
    total = len(trial.task.concepts)
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("generation", justify="right", no_wrap=True)
    table.add_column("new", justify="right", no_wrap=True)
    table.add_column("established", justify="right", no_wrap=True)
    table.add_column("retained", justify="right", no_wrap=True)
    table.add_column(f"of {total} concepts", no_wrap=True)
    table.add_column("deepest", justify="right", no_wrap=True)
    table.add_column("depth_50", justify="right", no_wrap=True)
    table.add_column("recall", justify="right", no_wrap=True)
    before, depth = 0, depths(trial.task.concepts)
    layers = max(depth.values(), default=0)
    for row in _chosen(trial.rows):
        if row.generation > before + 1:
            table.add_row("⋮")
        before = row.generation
        table.add_row(
            str(row.generation),
            f"+{len(row.new)}" if row.new else "",
            str(len(row.established)),
            str(len(row.retained)),
            bar(len(row.retained), len(row.established), total, SHORT),
            f"{deepest(row.retained, depth)}/{layers}",
            f"{depth_50(row.retained, depth)}/{layers}",
            f"{row.measures.get('depth_weighted_recall', 0.0):.2f}",
        )
    return table


def _spending(trial: Trial) -> list[Table]:
    """Return a list with a table of what each generation spent. It is empty if neither time nor money was counted."""
    if not (trial.clocked or trial.currency):
        return []
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in ("generation", "turns", "tokens", *_counted(trial, trial.spent)):
        table.add_column(name, justify="right", no_wrap=True)
    for row in _chosen(trial.rows):
        spent = row.spent
        table.add_row(str(row.generation), f"{spent.turns:,}", f"{spent.tokens:,}", *_counted(trial, spent).values())
    return [table]


def _counted(trial: Trial, spent: Spent) -> dict[str, str]:
    """Map `seconds` and the currency to what was spent, in words. What was not counted is left out."""
    seconds = {"seconds": f"{spent.seconds:.1f}"} if trial.clocked else {}
    return seconds | ({trial.currency: f"{spent.money:.4f}"} if trial.currency else {})


def _chosen(rows: Sequence[GenerationRow]) -> list[GenerationRow]:
    """Return all rows. If they are more than `ROWS`, return the first, the last, and those with the most changes, in
    order."""
    if len(rows) <= ROWS:
        return list(rows)
    # The first and the last row are always shown, so only the rows between compete for the other places.
    changes = [
        (len(set(row.retained).symmetric_difference(before.retained)) + len(row.new), row)
        for before, row in pairwise(rows[:-1])
    ]
    most = sorted((change for change in changes if change[0]), key=lambda change: (-change[0], change[1].generation))
    return sorted([rows[0], *(row for _, row in most[: ROWS - 2]), rows[-1]], key=lambda row: row.generation)


def _closing(trial: Trial) -> list[Text]:
    last, total = trial.rows[-1], len(trial.task.concepts)
    recalls = [row.measures.get("depth_weighted_recall", 0.0) for row in trial.rows]
    lines = [
        Text(f"depth-weighted recall {sparkline(_thinned(recalls))} {recalls[-1]:.2f}, auc {trial.auc:.3f}"),
        Text(f"established {len(last.established)} of {total}, retained {len(last.retained)}"),
    ]
    if trial.task.phenomena:
        lines.append(Text(f"explained {len(last.explained)} of {len(trial.task.phenomena)} phenomena"))
    if trial.too_long:
        lines.append(Text(too_long_words(trial.too_long)))
    lines.append(Text(cost_words(trial)))
    if trial.searches.exhausted:
        lines.append(Text(searches_words(trial.searches)))
    lines += [Text(printable(words)) for words in trial.opinions.lines(trial.currency)]
    if _untold(trial):
        lines.append(Text(last.told.drift.words()))
    lines += _controls(trial)
    if trial.unannounced:
        lines.append(
            Text(f"{quantity(trial.unannounced, 'tenure')} ended without an announced last turn", style="yellow")
        )
    if gone := lost(trial):
        lines.append(Text(f"lost: {_listed(gone)}", style="red"))
    if ahead := frontier(trial.task.concepts, last.retained):
        lines.append(Text(f"frontier: {_listed(ahead)}"))
    return lines


def _untold(trial: Trial) -> bool:
    """Whether researchers may believe what is false: they are not told what the checker says."""
    truth = trial.condition.get("truth")
    return isinstance(truth, dict) and truth.get("name") != "shown"


def _controls(trial: Trial) -> list[Text]:
    """Return what a control has to tell: the best of stateless researchers, and what became of planted errors."""
    lines = []
    if is_stateless(trial):
        alone = sum(len(row.credited) for row in trial.rows)
        best = f"the best of {quantity(alone, 'researcher')}" if alone > 1 else "the researcher"
        lines.append(Text(f"nothing is passed on; {best} established {best_stateless(trial):.2f}, weighted by depth"))
    lines += [Text(printable(error.words())) for error in trial.planted]
    if len(trial.planted) > 1:
        half = half_life(trial.planted)
        after = "more than were followed" if half is None else quantity(half, "generation")
        lines.append(Text(f"half-life of planted errors: {after}"))
    return lines


def _standing(trial: Trial) -> list[Text]:
    """Return warnings: the trial has not ended, or no researcher had a turn."""
    lines = []
    if trial.reason == "interrupted":
        lines.append(Text(f"interrupted: `{trial.how_to_resume}` continues it", style="yellow"))
    elif trial.reason == "rescored":
        ended = f"{len(trial.rows)} of {trial.condition.get('generations', '?')} generations had ended"
        lines.append(Text(f"{ended} when it was judged again; the trial goes on in the original alone", style="yellow"))
    elif trial.reason is None:
        ended = f"{len(trial.rows)} of {trial.condition.get('generations', '?')} generations have ended"
        lines.append(Text(f"{ended}; unless it is running, `{trial.how_to_resume}` continues it", style="yellow"))
    lines += _running(trial)
    if trial.rows and not any(row.spent.turns for row in trial.rows):
        lines.append(
            Text("no researcher had a turn: the first prompt does not fit the budget of tokens or context", style="red")
        )
    return lines


def _running(trial: Trial) -> list[Text]:
    """Return a line for each open tenure, below a line that names their generation."""
    if not trial.running:
        return []
    lines = [Text(f"generation {trial.running[0].generation} is not over:")]
    lines += [Text(f"  {_so_far(trial, tenure)}") for tenure in trial.running[:TENURES]]
    if more := trial.running[TENURES:]:
        lines.append(Text(f"  and {quantity(len(more), 'more tenure')}"))
    return lines


def _so_far(trial: Trial, tenure: RunningTenure) -> str:
    """Describe how far an open tenure is, and its latest fault."""
    spent, budget, fault = tenure.spent, trial.budget, tenure.fault
    words = f"tenure {tenure.tenure}: {spent.turns} of {quantity(budget.turns, 'turn')}, "
    words += f"{spent.tokens:,} of {quantity(budget.tokens, 'token', ',')}"
    words += f", {spent.money:.4f} {trial.currency}" if trial.currency else ""
    words += ", over" if tenure.over else ""
    if fault is not None:
        message = printable(shorten(fault.message, FAULT, placeholder=" ..."))
        words += f"\n    last fault, in turn {fault.turn}: {fault.kind}, {message}"
    return words


def _thinned(values: Sequence[float], most: int = 40) -> list[float]:
    """Return at most `most` of the values, evenly spaced, with the first and the last."""
    if len(values) <= most:
        return list(values)
    return [values[round(i * (len(values) - 1) / (most - 1))] for i in range(most)]


def _listed(ids: Sequence[str]) -> str:
    rest = len(ids) - NAMES
    return ", ".join(ids[:NAMES]) + (f" and {rest} more" if rest > 0 else "")
