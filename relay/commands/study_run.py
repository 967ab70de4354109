"""Runs a study from the command line: one line for the whole, and one for each trial that is under way."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import typer
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from relay.commands.console import SafeConsole
from relay.commands.output import say
from relay.commands.progress import TimeLeft
from relay.studies.layout import StudyPlan, lay_out, write_layout
from relay.studies.running import Listener, Manners, TrialOutcome, TrialProgress, pending, run_study
from relay.text import printable, quantity

__all__ = ["Outcomes", "run_and_tell"]

LINES = 12
"""Most trials under way that have a line of their own."""
FAILED = 8
"""Most failed trials that are told one by one."""


@dataclass(frozen=True)
class Outcomes:
    """What became of a study's trials."""

    directory: Path
    before: int
    """Number of trials that had ended before."""
    outcomes: tuple[TrialOutcome, ...]

    @property
    def unfinished(self) -> tuple[TrialOutcome, ...]:
        """Trials that failed or were interrupted."""
        return tuple(one for one in self.outcomes if one.state != "completed")

    def record(self) -> dict[str, Any]:
        """Return the outcomes as JSON data."""
        return {
            "directory": str(self.directory),
            "ended_before": self.before,
            "completed": len(self.outcomes) - len(self.unfinished),
            "unfinished": [
                {"directory": one.trial.record.directory, "state": one.state, "error": one.message or None}
                for one in self.unfinished
            ],
        }


def run_and_tell(plan: StudyPlan, directory: Path, manners: Manners, quiet: bool) -> Outcomes:
    """Run what is missing of a study, and tell of it on standard error. Ctrl-C says how to go on, and exits with status
    130."""
    write_layout(plan, directory)
    left = pending(plan, directory)
    waiting = sum(bool(trial.waits_for) for trial in plan.trials)
    before = len(plan.trials) - waiting - len(left)
    told = f"; {before} had ended before" if before else ""
    if not quiet:
        say(f"{plan.study.study}: {quantity(len(left) + waiting, 'trial')} to run in {directory}{told}")
    became: list[TrialOutcome] = []
    try:
        with _listening(len(left) + waiting, quiet) as listen:
            while left:
                became += run_study(left, directory, manners, listen)
                if not any(trial.waits_for for trial in plan.trials):
                    break
                # what waited for trials that have now ended can be resolved
                plan, tried = lay_out(plan.study, directory), {one.trial.record.directory for one in became}
                write_layout(plan, directory)
                left = tuple(one for one in pending(plan, directory) if one.record.directory not in tried)
    except KeyboardInterrupt:
        say("stopped; nothing is lost: the same command goes on")
        raise typer.Exit(130) from None
    stuck = [
        TrialOutcome(trial, "failed", f"it needs the trial in {directory / trial.waits_for}, which has not ended")
        for trial in plan.trials
        if trial.waits_for
    ]
    outcomes = Outcomes(directory, before, (*became, *stuck))
    for one in outcomes.unfinished[:FAILED]:
        say(f"{one.state}: {directory / one.trial.record.directory}{f': {one.message}' if one.message else ''}")
    if outcomes.unfinished[FAILED:]:
        say(f"and {len(outcomes.unfinished) - FAILED} more")
    if not quiet:
        say(f"`relay compare {shlex.quote(str(directory))}` shows what it says")
    return outcomes


@contextmanager
def _listening(trials: int, quiet: bool) -> Iterator[Listener]:
    """Show the whole and each trial under way, on a terminal only."""
    console = SafeConsole(stderr=True, highlight=False)
    if quiet or not console.is_terminal:
        yield lambda told: None
        return
    lines = _Lines(console, trials)
    with lines.progress:
        yield lines.take


class _Lines:
    """The lines of a study's progress."""

    def __init__(self, console: SafeConsole, trials: int) -> None:
        self.progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=20),
            TextColumn("{task.fields[count]}"),
            TimeElapsedColumn(),
            TextColumn("{task.fields[words]}"),
            console=console,
            transient=True,
            redirect_stdout=False,
        )
        self._trials = trials
        self._whole = self.progress.add_task("study", total=trials, count=f"0/{trials}", words="")
        self._time = TimeLeft()
        self._time.step(self.progress.get_time(), 0.0, trials)
        self._under_way: dict[str, TaskID] = {}
        self._parts: dict[str, float] = {}
        """Trial under way -> the share of it that is done."""
        self._over: set[str] = set()
        """Trials that have ended."""

    def take(self, told: TrialProgress | TrialOutcome) -> None:
        """Show what is told."""
        if isinstance(told, TrialOutcome):
            name = told.trial.record.directory
            self._over.add(name)
            self._parts.pop(name, None)
            if name in self._under_way:
                self.progress.remove_task(self._under_way.pop(name))
        elif told.directory not in self._over:  # a process may tell something after its trial has ended
            self._parts[told.directory] = told.done / told.of
            self._show(told)
        ended = len(self._over)
        done = ended + sum(self._parts.values())
        now = self.progress.get_time()
        self._time.step(now, done, self._trials)
        left = self._time.left(now)
        words = "" if left is None else f"left {timedelta(seconds=round(left))}"
        self.progress.update(self._whole, completed=done, count=f"{ended}/{self._trials}", words=words)

    def _show(self, told: TrialProgress) -> None:
        count = f"g{min(int(told.done) + 1, told.of)}/{told.of}"
        words = printable(told.words.split(", ")[0])
        if told.directory not in self._under_way:
            if len(self._under_way) >= LINES:
                return
            name = printable(told.directory)
            self._under_way[told.directory] = self.progress.add_task(name, total=told.of, count=count, words=words)
        self.progress.update(self._under_way[told.directory], completed=told.done, count=count, words=words)
