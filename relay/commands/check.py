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
        Path | None, typer.Argument(metavar="FILE", help="Statements, or text with them; `-`: standard input.")
    ] = None,
    seed: TaskSeedOption = 1,
    statement_size: Annotated[
        int | None, typer.Option(min=1, help="Most term nodes of a statement. Default: the task's.")
    ] = None,
    reveal: RevealOption = False,
    workers: WorkersOption = None,
    no_cache: NoCacheOption = False,
    json: JsonOption = False,
    quiet: QuietOption = False,
    referee: RefereeOption = False,
) -> None:
    """Check the statements of a file, in order; each is told as soon as it is decided.

    A statement may call the definitions before it. One that can't be read, or
    whose check fails, stops none after it. Standard input is read to its end
    first. With --json one object a line.

    Exit status 0 when every definition reads and every claim is `proved` or
    `holds`; 1 otherwise, also when the referee contradicts a verdict.
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
        raise UsageError(f"no statement stands in {source_name(file)}; one begins with `define` or `claim`")
    manner = CheckManner(min(worker_count(workers), total), not no_cache, reveal, referee, json, quiet)
    raise typer.Exit(0 if asyncio.run(check_statements(built, text, total, manner)) else 1)
