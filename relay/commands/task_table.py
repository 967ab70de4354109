"""The table of `relay task check` on a terminal: a row for each concept, and the faults below the table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from relay.commands.task_report import ConceptReport
from relay.records.status import ACCEPTED

__all__ = ["summary_table", "table_width"]

_NUMBERS = ("depth", "forms", "size", "inlined", "proved", "hold", "other", "caught", "hits")
_EARLY = "* fits into one statement from what is given alone"


def table_width(ids: Iterable[str]) -> int:
    """Return the terminal width, in characters, that the table needs. On a narrower one rich would cut numbers off."""
    return max(map(len, ("concept", *ids))) + sum(1 + len(name) for name in _NUMBERS)


def summary_table(reports: Sequence[ConceptReport], survivors: bool = False) -> RenderableType:
    """Return the reports as a table, with faults below it and, with `survivors`, corruptions that no law notices."""
    table = Table(box=None, header_style="dim", pad_edge=False, collapse_padding=True)
    table.add_column("concept", no_wrap=True)
    for name in _NUMBERS:
        table.add_column(name, justify="right", no_wrap=True)
    below: list[RenderableType] = [Text(_EARLY, style="dim")] if any(report.fits for report in reports) else []
    for report in reports:
        table.add_row(*_cells(report), style="" if report.sound else "red")
        lines = [*report.faults(), *(report.survivors() if survivors else ())]
        if lines:
            below += [Text(report.id, style="bold"), *(Text(line) for line in lines)]
    return Group(table, *below)


def _cells(report: ConceptReport) -> tuple[str, ...]:
    counts = [sum(law.status == status for law in report.laws) for status in ACCEPTED]
    other = len(report.laws) - sum(counts)
    caught = "" if report.mutation is None else f"{report.mutation.caught}/{report.mutation.counted}"
    hitting = sum(one.enough for one in report.samplers)
    return (
        report.id,
        str(report.depth),
        str(report.forms),
        str(report.size) + ("*" if report.fits else ""),
        "" if report.inlined is None else str(report.inlined),
        *map(str, counts),
        str(other) if other else "",
        caught,
        f"{hitting}/{len(report.samplers)}" if report.samplers else "",
    )
