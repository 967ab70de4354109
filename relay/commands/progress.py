"""A progress line for long work: the units done, the time elapsed and an estimate of the time left.

The line is drawn only if standard error is a terminal.
"""

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
"""`step(done, of, words)`: `done` of `of` units are done; `words` describe the present state."""


class _Left(TimeRemainingColumn):
    """The time left with the word `left`, to tell it from the time elapsed; empty while there is no estimate."""

    def render(self, task: Task) -> Text:
        return Text("") if task.time_remaining is None else Text("left ") + super().render(task)


@contextmanager
def progress_line(unit: str, opening: str = "", hidden: bool = False, line: bool = True) -> Iterator[Step]:
    """Show a progress line on standard error while the body runs, and yield the function that advances it.

    `unit` names the counted units, as `generation`. `opening` is printed at the first step, also without a terminal:
    an error before the first step then stands alone. With `hidden` nothing is printed. Without `line` only the opening
    is printed; an interactive agent uses the terminal itself.
    """
    console = Console(stderr=True, highlight=False)
    # On a narrow terminal the bar shrinks and the times don't wrap: a time that is cut off would be a wrong time.
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
        redirect_stdout=False,  # rich would send results to the terminal, even if they are redirected to a file
        disable=hidden or not line or not console.is_terminal,
        speed_estimate_period=1e6,  # seconds; a generation may take hours, and must still count for the estimate
    )
    task = progress.add_task(unit, total=None, words="")
    begun = False

    def step(done: int, of: int, words: str) -> None:
        nonlocal begun
        if not begun:
            begun = True
            if opening and not hidden:
                console.print(opening, soft_wrap=not console.is_terminal, markup=False)
            progress.update(task, total=of)  # before the first drawing, which would show `0/?`
            progress.start()
        progress.update(task, completed=done, total=of, words=words)

    try:
        yield step
    finally:
        progress.stop()
