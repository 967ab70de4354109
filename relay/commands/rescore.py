"""The command `relay rescore`."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Annotated

import typer

from relay.commands.completion import completing
from relay.commands.options import DirectoryArgument, JsonOption, NoCacheOption, QuietOption, TrustOption, WorkersOption
from relay.commands.output import say


def rescore(
    directory: DirectoryArgument,
    task: Annotated[
        str | None,
        typer.Option(
            metavar="TASK",
            autocompletion=completing("relay.tasks"),
            help="Judge by this task. Its brief and its hidden graph may be others.",
            show_default="the trial's, as this version builds it from the trial's copies",
        ),
    ] = None,
    own_task: Annotated[
        bool, typer.Option("--own-task", help="Judge by the trial's own task.json, as it was when the trial began.")
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(help="The new trial's directory.", show_default="DIR-rescored, -2, ..."),
    ] = None,
    trust: TrustOption = False,
    workers: WorkersOption = None,
    no_cache: NoCacheOption = False,
    json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Judge and credit a trial again, from its logged answers.

    Uses this version's checker and task, and asks no researcher anything.
    Answers, replies and notes stay as they were. The trial itself is left
    alone: a new one is written, and what changed is printed.
    """
    import asyncio

    from relay.commands.arguments import worker_count
    from relay.commands.rescoring import Rescoring, free_name

    wanted = Rescoring(
        directory,
        out or free_name(directory),
        task,
        own_task,
        trust,
        worker_count(workers),
        not no_cache,
    )
    # as Ctrl-C: by default the process would end at once, and leave the draft of the new trial
    before = {number: signal.signal(number, _end) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        asyncio.run(wanted.run(json, quiet))
    except (KeyboardInterrupt, _Ended) as stopped:
        say("stopped; nothing was written")
        raise typer.Exit(stopped.status if isinstance(stopped, _Ended) else 130) from None
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class _Ended(SystemExit):
    """A signal has ended the command. As a `SystemExit` it goes through the event loop, which cleans up."""

    def __init__(self, number: int) -> None:
        super().__init__(128 + number)
        self.status = 128 + number


def _end(number: int, frame: object) -> None:
    raise _Ended(number)
