"""Run a trial from the command line with a progress line. Ctrl-C stops it, and it can be resumed."""

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
from relay.records.reader import read_condition
from relay.trial.trial import resume_trial, run_trial

__all__ = ["run_to_end"]


def run_to_end(
    directory: Path, condition: Condition | None, opening: str, workers: int | None, cached: bool, quiet: bool
) -> None:
    """Run the trial of `condition` in `directory`; without a condition, resume the trial in `directory`.

    `opening` is printed when the trial starts. With `quiet` nothing is printed. Ctrl-C prints how to go on, and exits
    with status 130.
    """
    count = worker_count(workers)
    agent = (condition or read_condition(directory)).agent
    # An interactive agent uses the terminal itself; a progress line would overwrite its prompts.
    line = not getattr(find("relay.agents", agent.name), "interactive", False)
    try:
        with progress_line("generation", opening, hidden=quiet, line=line) as progress, open_cache(cached) as cache:
            if condition is None:
                asyncio.run(resume_trial(directory, workers=count, on_progress=progress, cache=cache))
            else:
                asyncio.run(run_trial(condition, directory, workers=count, on_progress=progress, cache=cache))
    except KeyboardInterrupt:
        say(f"stopped; nothing is lost: `relay resume {shlex.quote(str(directory))}` continues it")
        raise typer.Exit(130) from None
