"""A progress line for long work: how much is done, and an estimate of the time left. To a terminal only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Column
from rich.text import Text

__all__ = ["Step", "progress_line"]

Step = Callable[[int, int, str], None]
"""`step(done, of, words)`: so many units of all are done; `words` say what stands now."""


class _Left(TimeRemainingColumn):
    """The time left, with the word, which no other time on the line has; nothing while there is no estimate."""

    def render(self, task: Task) -> Text:
        return Text("") if task.time_remaining is None else Text("left ") + super().render(task)


@contextmanager
def progress_line(unit: str, opening: str = "", hidden: bool = False, line: bool = True) -> Iterator[Step]:
    """A line on standard error while the body runs.

    `unit` names what is counted, as `generation`. `opening` is printed, to a terminal or not, at the first
    step: by then the work has been found possible. With `hidden` nothing is printed at all; without `line` the opening
    alone is, where the terminal belongs to somebody else meanwhile.
    """
    console = Console(stderr=True, highlight=False)
    # Where there is no room for all of it, the bar is what gives way: a time that is cut would be a wrong one.
    columns = (
        TextColumn(unit),
        MofNCompleteColumn(),
        BarColumn(bar_width=24),
        TextColumn("elapsed"),
        TimeElapsedColumn(table_column=Column(no_wrap=True)),
        _Left(table_column=Column(no_wrap=True)),
        TextColumn("{task.fields[words]}"),
    )
    progress = Progress(
        *columns,
        console=console,
        transient=True,
        redirect_stdout=False,  # results go where they were sent, not to the terminal with this line
        disable=hidden or not line or not console.is_terminal,
        speed_estimate_period=1e6,  # a generation may take hours, and its pace still counts
    )
    task = progress.add_task(unit, total=None, words="")
    begun = False

    def step(done: int, of: int, words: str) -> None:
        nonlocal begun
        if not begun:
            begun = True
            if opening and not hidden:
                console.print(opening, soft_wrap=not console.is_terminal, markup=False)
            progress.update(task, total=of)  # before anything is drawn: `0/?` tells nobody anything
            progress.start()
        progress.update(task, completed=done, total=of, words=words)

    try:
        yield step
    finally:
        progress.stop()
