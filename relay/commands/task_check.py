"""How `relay task check` checks a task: each concept is reported in order, and a summary ends the report."""

from __future__ import annotations

import sys
from contextlib import aclosing
from dataclasses import dataclass

from relay.commands.cache import open_cache
from relay.commands.output import echo, json_line, print_view, terminal_width, write_line
from relay.commands.progress import progress_line
from relay.commands.task_inspection import inspect
from relay.commands.task_report import ConceptReport, TaskSummary
from relay.commands.task_table import summary_table, table_width
from relay.records.task import Task
from relay.scoring.judge import PooledJudge
from relay.scoring.workers import Workers

__all__ = ["TaskCheckManner", "check_task"]

AHEAD = 8
"""Laws and corruptions that are judged concurrently, for each worker, so that no worker waits for work."""


@dataclass(frozen=True, slots=True)
class TaskCheckManner:
    """How a task is checked and reported."""

    workers: int
    cached: bool
    corruptions: int
    """Number of corruptions that are tried for each form."""
    survivors: bool
    """Whether to print the corruptions that no law notices."""
    json: bool


async def check_task(task: Task, manner: TaskCheckManner) -> bool:
    """Check a task and print the report. Return whether the task is sound."""
    wide = terminal_width() >= table_width(concept.id for concept in task.concepts)
    # A table is printed at the end, when its widths are known; lines are printed as soon as a concept is done.
    table = sys.stdout.isatty() and wide and not manner.json
    reports: list[ConceptReport] = []
    with progress_line("laws and corruptions", hidden=not table) as progress, open_cache(manner.cached) as cache:
        async with Workers(manner.workers) as pool:
            inspected = inspect(
                task,
                PooledJudge(pool, task, cache),
                manner.corruptions,
                lambda done, of: progress(done, of, ""),
                at_once=AHEAD * manner.workers,
            )
            async with aclosing(inspected):
                async for report in inspected:
                    reports.append(report)
                    if not table:
                        _report(report, task, manner)
    summary = TaskSummary.of(reports)
    if table:
        print_view(summary_table(reports, manner.survivors))
    if manner.json:
        write_line(json_line({"summary": summary.model_dump(mode="json")}))
    else:
        echo(summary.words(task.statement_size))
    return summary.sound


def _report(report: ConceptReport, task: Task, manner: TaskCheckManner) -> None:
    data = report.model_dump(mode="json")
    write_line(json_line(data) if manner.json else report.words(task.statement_size, manner.survivors))
