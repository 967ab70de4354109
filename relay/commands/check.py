"""The command `relay check`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from relay.commands.arguments import build_task, worker_count
from relay.commands.options import (
    JsonOption,
    NoCacheOption,
    QuietOption,
    RefereeOption,
    RevealOption,
    TaskArgument,
    TaskSeedOption,
    WorkersOption,
)
from relay.commands.output import read_source, source_name
from relay.errors import UsageError


def check(
    task: TaskArgument,
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="FILE", help="A file of statements, or text with statements in fences; `-` or none: standard input."
        ),
    ] = None,
    seed: TaskSeedOption = 1,
    statement_size: Annotated[
        int | None, typer.Option(min=1, help="Largest size of a statement, in term nodes. Default: the task's.")
    ] = None,
    reveal: RevealOption = False,
    workers: WorkersOption = None,
    no_cache: NoCacheOption = False,
    json: JsonOption = False,
    quiet: QuietOption = False,
    referee: RefereeOption = False,
) -> None:
    """Check the statements of a file in order, and report each verdict as soon as it is known.

    A statement may call the definitions before it. If a statement can't be read
    or its check fails, the others are still checked. Standard input is read to
    its end before the first check. With --json each line is one object.

    Exit status 0 if every definition can be read and every claim is `proved` or
    `holds`. Otherwise 1, also if the referee contradicts a verdict.
    """
    import asyncio

    from relay.commands.file_check import CheckManner, check_statements
    from relay.commands.statements import statements

    # The task comes first: a misspelt name is reported before anybody types statements on standard input.
    built, text = build_task(task, seed), read_source(file)
    if statement_size is not None:
        built = built.model_copy(update={"statement_size": statement_size})
    total = sum(1 for _ in statements(text))
    if not total:
        raise UsageError(f"there is no statement in {source_name(file)}; a statement begins with `define` or `claim`")
    manner = CheckManner(min(worker_count(workers), total), not no_cache, reveal, referee, json, quiet)
    raise typer.Exit(0 if asyncio.run(check_statements(built, text, total, manner)) else 1)
