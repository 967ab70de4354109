"""A comparison as `relay compare` prints it in the terminal, and as JSON data."""

from __future__ import annotations

from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from analysis.comparison import ArmSummary, Comparison, Paired
from analysis.comparison_words import endpoint_words, words_of
from analysis.statistics.paired import Interval
from relay.text import printable

__all__ = ["comparison_record", "comparison_view", "generations_view"]

GENERATIONS = 12
"""Most generations that are columns; of a longer chain they are spread evenly, with the first and the last."""


def comparison_record(comparison: Comparison) -> dict[str, Any]:
    """Return a comparison as JSON data."""
    arms = comparison.arms
    return {
        "study": arms.title,
        "primary": arms.primary.model_dump(mode="json"),
        "reference": arms.reference,
        "arms": [one.record() for one in comparison.summaries],
        "comparisons": [one.record() for one in comparison.pairs],
        "stalls": {name: found.record() for name, found in comparison.stalls.items()},
        "words": list(words_of(comparison)),
    }


def comparison_view(comparison: Comparison) -> RenderableType:
    """Return the arms, their paired differences from the reference, and what they say."""
    arms = comparison.arms
    level = f"{100 * arms.primary.level:g}%"
    heading = Text(printable(arms.title), style="bold")
    under = Text(f"{endpoint_words(arms)}; against {printable(arms.reference)}; {level} intervals", style="dim")
    words = [Text(f"- {printable(line)}") for line in words_of(comparison)]
    return Group(heading, under, _table(comparison), *words)


def generations_view(comparison: Comparison) -> RenderableType:
    """Return each arm's mean after each generation."""
    length = max((len(one.curve) for one in comparison.summaries), default=0)
    shown = _spread(length)
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("arm", no_wrap=True)
    for at in shown:
        table.add_column(f"g{at + 1}", justify="right")
    for one in comparison.summaries:
        if len(one.curve) > 1 or length == 1:
            table.add_row(printable(one.name), *(f"{one.curve[at]:.2f}" if at < len(one.curve) else "" for at in shown))
    measure = f"{comparison.arms.primary.measure} after each generation, mean over theories"
    return Group(Text(measure, style="dim"), table)


def _spread(length: int) -> list[int]:
    if length <= GENERATIONS:
        return list(range(length))
    return sorted({round(at * (length - 1) / (GENERATIONS - 1)) for at in range(GENERATIONS)})


def _table(comparison: Comparison) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("arm", "trials", "mean", "interval", "difference", "interval", "better", "p", "Holm", ""):
        table.add_column(name, justify="left" if name in ("arm", "") else "right", no_wrap=name != "arm")
    pairs = {paired.arm: paired for paired in comparison.pairs}
    for one in comparison.summaries:
        table.add_row(*_own(one), *_against(pairs.get(one.name)))
    return table


def _own(one: ArmSummary) -> tuple[str, ...]:
    trials = f"{one.trials}" if not one.unfinished else f"{one.trials} of {one.trials + one.unfinished}"
    return (printable(one.name), trials, "-" if one.mean is None else f"{one.mean:.3f}", _span(one.interval))


def _against(paired: Paired | None) -> tuple[str, ...]:
    if paired is None:
        return ("", "", "", "", "", "reference")
    found = paired.differences
    if not found.pairs:
        return ("", "", "", "", "", "no pairs")
    return (
        f"{found.mean:+.3f}",
        _span(paired.interval, sign="+"),
        f"{found.better} of {found.pairs}",
        _p(paired.p),
        _p(paired.corrected_p),
        paired.verdict.replace("_", " "),
    )


def _span(interval: Interval | None, sign: str = "") -> str:
    return "-" if interval is None else f"[{interval.low:{sign}.2f}, {interval.high:{sign}.2f}]"


def _p(value: float) -> str:
    return "<0.0001" if value < 1e-4 else f"{value:.4f}"
