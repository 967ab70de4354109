"""A progress line for long work: the units done, the time elapsed and an estimate of the time left.

The line is drawn only if standard error is a terminal, and never takes more than one line of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn, TimeElapsedColumn
from rich.progress_bar import ProgressBar
from rich.table import Column
from rich.text import Text

from relay.commands.console import SafeConsole

__all__ = ["Step", "TimeLeft", "progress_line"]

Step = Callable[[float, int, str], None]
"""`step(done, of, words)`: `done` of `of` units are done; `words` describe the present state, separated by commas, the
most important first: what does not fit the terminal is left out."""

BAR = 24
"""Length of the bar in characters where there is room."""
LEAST = 4
"""Length of the shortest bar that is drawn."""
TIMES = len("elapsed 0:00:00 left 0:00:00")
SPACES = 5
"""Those between the columns, beside the ones in `TIMES`, and one at the end of the line."""
WEIGHT = 1 / 3
"""Weight of the newest estimate of the time left; the estimate before has the rest."""


class TimeLeft:
    """Estimates the time left from the mean pace since the first step. Times are in seconds.

    The newest estimate moves the shown one only in part, so that a unit that takes very long or very short does not
    make it jump. There is no estimate before the second step that did something.
    """

    def __init__(self) -> None:
        self._began: tuple[float, float] | None = None
        """Time of the first step, and what was done then."""
        self._done = 0.0
        self._estimates = 0
        self._end = 0.0
        """Estimated time of the end."""

    def step(self, now: float, done: float, of: int) -> None:
        """Take in that `done` of `of` units are done `now`."""
        if self._began is None:
            self._began, self._done = (now, done), done
            return
        if done <= self._done:
            return
        since, at = self._began
        self._done = done
        self._estimates += 1
        end = now + (now - since) * (of - done) / (done - at)
        self._end += (end - self._end) * max(WEIGHT, 1 / self._estimates)

    def left(self, now: float) -> float | None:
        """The time left; None while there is no estimate, and when the work takes longer than was estimated."""
        return self._end - now if self._estimates >= 2 and self._end > now else None


class _Left(ProgressColumn):
    """The time left with the word `left`, to tell it from the time elapsed; empty without an estimate."""

    def __init__(self, time: TimeLeft) -> None:
        super().__init__(Column(no_wrap=True))
        self._time = time

    def render(self, task: Task) -> Text:
        left = self._time.left(task.get_time())
        return Text("" if left is None else f"left {timedelta(seconds=round(left))}")


class _Bar(BarColumn):
    """The bar; nothing if its width is 0."""

    def render(self, task: Task) -> ProgressBar | Text:  # type: ignore[override]
        return super().render(task) if self.bar_width else Text("")


class _Words(ProgressColumn):
    """The words of the latest step. On a very narrow terminal they are cut, and the times are not: a time that is cut
    off would be a wrong time."""

    def render(self, task: Task) -> Text:
        return Text(str(task.fields["words"]), no_wrap=True, overflow="ellipsis")


@contextmanager
def progress_line(
    unit: str, opening: str = "", hidden: bool = False, line: bool = True, running: bool = False
) -> Iterator[Step]:
    """Show a progress line on standard error while the body runs, and yield the function that advances it.

    `unit` names the counted units, as `generation`. With `running` the number of the unit that is under way is told,
    otherwise how many are done. `opening` is printed at the first step, also without a terminal: an error before the
    first step then stands alone. With `hidden` nothing is printed. Without `line` only the opening is printed; an
    interactive agent uses the terminal itself.
    """
    console = SafeConsole(stderr=True, highlight=False)
    time, bar = TimeLeft(), _Bar(bar_width=BAR)
    columns = (
        TextColumn(unit),
        TextColumn("{task.fields[count]}"),
        bar,
        TextColumn("elapsed"),
        TimeElapsedColumn(table_column=Column(no_wrap=True)),
        _Left(time),
        _Words(),
    )
    progress = Progress(
        *columns,
        console=console,
        transient=True,
        redirect_stdout=False,  # rich would send results to the terminal, even if they are redirected to a file
        disable=hidden or not line or not console.is_terminal,
    )
    task = progress.add_task(unit, total=None, count="", words="")
    begun = False

    def step(done: float, of: int, words: str) -> None:
        nonlocal begun
        number = min(int(done) + running, of)
        count = f"{number:{len(str(of))}}/{of}"
        room = console.width - len(unit) - len(count) - TIMES - SPACES
        words = _fitting(words, room)
        spare = room - len(words)
        bar.bar_width = min(spare, BAR) if spare >= LEAST else 0
        time.step(progress.get_time(), done, of)
        if not begun:
            begun = True
            if opening and not hidden:
                console.print(opening, soft_wrap=not console.is_terminal, markup=False)
            progress.update(task, total=of, count=count)  # before the first drawing
            progress.start()
        progress.update(task, completed=done, total=of, count=count, words=words)

    try:
        yield step
    finally:
        progress.stop()


def _fitting(words: str, room: int) -> str:
    """The leading parts of `words` that fit into `room` characters, at least the first."""
    parts = words.split(", ")
    while len(parts) > 1 and len(", ".join(parts)) > room:
        parts.pop()
    return ", ".join(parts)
