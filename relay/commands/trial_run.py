"""Running a trial from the command line: its progress is shown, and Ctrl-C stops it without losing anything."""

from __future__ import annotations

import asyncio
import shlex
from pathlib import Path

import typer

from relay.commands.arguments import worker_count
from relay.commands.cache import open_cache
from relay.commands.output import say
from relay.commands.progress import progress_line
from relay.components import find
from relay.records.condition import Condition
from relay.trial.directory import read_condition
from relay.trial.trial import resume_trial, run_trial

__all__ = ["run_to_end"]


def run_to_end(
    directory: Path, condition: Condition | None, opening: str, workers: int | None, cached: bool, quiet: bool
) -> None:
    """Run the trial of `condition` in `directory`, or without a condition go on with the one that is there.

    `opening` is printed once the trial is known to be possible. With `quiet` nothing is printed. Ctrl-C is told, and
    becomes exit status 130.
    """
    count = worker_count(workers)
    agent = (condition or read_condition(directory)).agent
    line = not getattr(find("relay.agents", agent.name), "interactive", False)
    try:
        with progress_line("generation", opening, hidden=quiet, line=line) as progress, open_cache(cached) as cache:
            if condition is None:
                asyncio.run(resume_trial(directory, workers=count, on_progress=progress, cache=cache))
            else:
                asyncio.run(run_trial(condition, directory, workers=count, on_progress=progress, cache=cache))
    except KeyboardInterrupt:
        say(f"stopped; nothing is lost: `relay resume {shlex.quote(str(directory))}` goes on from here")
        raise typer.Exit(130) from None
