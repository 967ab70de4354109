"""Run a trial from the command line with a progress line. Ctrl-C stops it, and it can be resumed."""

from __future__ import annotations

import asyncio
import sys
from contextlib import AbstractContextManager, nullcontext, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from relay.commands.arguments import worker_count
from relay.commands.cache import open_cache
from relay.commands.manner import Beginning, Manner
from relay.commands.output import say
from relay.component_files import located, model_specs, verified
from relay.components import find
from relay.records.condition import Condition
from relay.records.record import Record
from relay.records.spec import read_options
from relay.researcher.model import title
from relay.schemes.handover.charter import Charter
from relay.trial.aside import set_aside
from relay.trial.copies import how_to_resume
from relay.trial.trial import resumed_condition, run_trial

if TYPE_CHECKING:
    from relay.commands.progress import Step

__all__ = ["run_to_end", "trial_workers", "unread_words"]

ENUMERATING, QUICK = "explorer", "alien"
"""The installed agent whose own code makes all that it states, without a model, a person or another program; and the
task in which its searches take a fraction of a second, so that Ctrl-C need not wait for them."""

EXPLORER_IN_TEXT = "mock/explorer"
"""The model that is the explorer behind text: it reads no more than the explorer does."""


def run_to_end(directory: Path, condition: Condition | None, opening: str, manner: Manner, began: Beginning) -> None:
    """Run the trial of `condition` in `directory`; without a condition, resume the trial in `directory`.

    `opening` is printed when the trial starts. Ctrl-C prints how to go on, and exits with status 130.
    """
    chosen = condition or resumed_condition(directory, trust=began.trust, transport=read_options(began.transport))
    count = trial_workers(manner.workers, chosen)
    opening = "\n".join(filter(None, [opening, unread_words(chosen)])) if opening else opening
    # An interactive agent uses the terminal itself; a progress line would overwrite its prompts.
    line = not getattr(_agent(chosen), "interactive", False)
    with set_aside(directory) if began.fresh else nullcontext() as old:
        if old is not None:
            opening = f"{opening}\nthe trial that was there is now in {old}"
        try:
            with (
                _progress(manner.quiet, opening, line) as progress,
                open_cache(manner.cached) as cache,
            ):
                options: dict[str, Any] = {"workers": count, "on_progress": progress, "cache": cache}
                options["other_version"] = began.other_version
                # standard output is for results, whatever a component prints; a person's screen is left alone
                with redirect_stdout(sys.stderr) if line else nullcontext():
                    asyncio.run(run_trial(chosen, directory, **options))
        except KeyboardInterrupt:
            say(f"stopped; nothing is lost: `{how_to_resume(chosen, directory)}` continues it")
            raise typer.Exit(130) from None


def trial_workers(workers: int | None, condition: Condition) -> int:
    """Return the number of worker processes for a trial.

    If nothing is said, a lone explorer in an alien theory gets none: it has nothing to compute side by side, and no
    text of a stranger that limits would have to hold. Starting two workers takes longer than most of these trials.
    """
    lone = condition.width == 1 and (condition.agent.name, condition.task.name) == (ENUMERATING, QUICK)
    return 0 if workers is None and lone else worker_count(workers)


def unread_words(condition: Condition) -> str:
    """Return a line that says which words of a condition its agent does not read; empty if it reads all that there
    are."""
    kind = _agent(condition)
    played = EXPLORER_IN_TEXT in [title(spec) for _, spec in model_specs(kind, condition.agent.parameters)]
    if getattr(kind, "reads_words", True) and not played:
        return ""
    paths = verified(condition)
    steps = [find("relay.handover", located("relay.handover", step, paths).name) for step in condition.handover]
    unread = ["personas"] * bool(condition.personas)
    unread += ["the rules of charters"] * any(issubclass(step, Charter) for step in steps)
    told = " or ".join(unread)
    who = f"model `{EXPLORER_IN_TEXT}`" if played else f"agent `{condition.agent.name}`"
    return f"the {who} does not read {told}; nothing that it does answers them" if told else ""


def _progress(quiet: bool, opening: str, line: bool) -> AbstractContextManager[Step | None]:
    if quiet:
        return nullcontext()
    # only here: loading rich takes a noticeable part of a short trial
    from relay.commands.progress import progress_line

    return progress_line("generation", opening, line=line, running=True)


def _agent(condition: Condition) -> type[Record]:
    """Return the class of a condition's agent."""
    agent = located("relay.agents", condition.agent, verified(condition))
    return find("relay.agents", agent.name)
