"""The command `relay rescore`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from relay.commands.completion import completing
from relay.commands.options import DirectoryArgument, JsonOption, NoCacheOption, QuietOption, TrustOption, WorkersOption


def rescore(
    directory: DirectoryArgument,
    task: Annotated[
        str | None,
        typer.Option(
            metavar="TASK",
            autocompletion=completing("relay.tasks"),
            help="Judge by this task, which must look the same to researchers.",
            show_default="the trial's, as it is now",
        ),
    ] = None,
    own_task: Annotated[
        bool, typer.Option("--own-task", help="Judge by the trial's own task.json, as it was when the trial began.")
    ] = False,
    out: Annotated[Path | None, typer.Option(help="The new trial's directory.", show_default="DIR-rescored")] = None,
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
    from relay.commands.rescoring import Rescoring

    wanted = Rescoring(
        directory,
        out or directory.with_name(f"{directory.resolve().name}-rescored"),
        task,
        own_task,
        trust,
        worker_count(workers),
        not no_cache,
    )
    asyncio.run(wanted.run(json, quiet))
