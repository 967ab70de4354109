"""A progress line for long work: how much is done, and an estimate of the time left. To a terminal only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

__all__ = ["Step", "progress_line"]

Step = Callable[[int, int, str], None]
"""`step(done, of, words)`: so many units of all are done; `words` say what stands now."""


@contextmanager
def progress_line(unit: str, hidden: bool = False) -> Iterator[Step]:
    """A line on standard error while the body runs; nothing where that is no terminal or `hidden` is set.

    `unit` names what is counted, as `generation`.
    """
    console = Console(stderr=True)
    if hidden or not console.is_terminal:
        yield lambda done, of, words: None
        return
    columns = (
        TextColumn(unit),
        MofNCompleteColumn(),
        BarColumn(bar_width=24),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(compact=True),
        TextColumn("{task.fields[words]}"),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        line = progress.add_task(unit, total=None, words="")
        yield lambda done, of, words: progress.update(line, completed=done, total=of, words=words)
