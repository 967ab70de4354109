"""What `relay task check` shows on a terminal: a row for each concept, and below it whatever fails."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from relay.inspection import ConceptReport

__all__ = ["summary_table"]


def summary_table(reports: Sequence[ConceptReport], survivors: bool = False) -> RenderableType:
    """The reports as a table; the faults of each concept stand below it, with `survivors` what no law notices too."""
    table = Table(box=None, header_style="dim", pad_edge=False)
    table.add_column("concept", no_wrap=True)
    for name in ("depth", "forms", "size", "inlined", "proved", "hold", "other", "caught", "samplers"):
        table.add_column(name, justify="right")
    below: list[RenderableType] = []
    for report in reports:
        table.add_row(*_cells(report), style="" if report.sound else "red")
        lines = [*report.faults(), *(report.survivors() if survivors else ())]
        if lines:
            below += [Text(report.id, style="bold"), *(Text(line) for line in lines)]
    return Group(table, *below)


def _cells(report: ConceptReport) -> tuple[str, ...]:
    counts = [sum(law.status == status for law in report.laws) for status in ("proved", "holds")]
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
