"""The commands `relay task list`, `relay task show` and `relay task check`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from relay.commands.app import Command
from relay.commands.arguments import build_task, worker_count
from relay.commands.options import (
    DisguiseOption,
    JsonOption,
    NoCacheOption,
    RevealOption,
    TaskArgument,
    TaskSeedOption,
    WorkersOption,
)
from relay.commands.output import echo, print_json


def task_list(json: JsonOption = False) -> None:
    """List the installed tasks with their parameters and defaults."""
    from relay.commands.installed import TASK_FILES, installed

    rows: list[dict[str, Any]] = []
    for task in installed("tasks"):
        fields = {name: parameter.default for name, parameter in task.parameters.items()}
        rows.append({"name": task.name, "summary": task.summary, "parameters": fields})
    if json:
        print_json(rows)
        return
    for row in rows:
        echo(f"{row['name']}: {row['summary']}")
        for field, default in row["parameters"].items():
            echo(f"    {field} = {'none' if default is None else default}")
    echo(TASK_FILES)


def task_show(
    task: TaskArgument,
    seed: TaskSeedOption = 1,
    disguise: DisguiseOption = None,
    reveal: RevealOption = False,
    json: JsonOption = False,
) -> None:
    """Show a task as a researcher sees it, also in a disguise.

    With --reveal also the hidden graph and, in a disguise, each word's new name.
    """
    from relay.commands.task_portrait import aliases, hidden, portrait, public

    built = build_task(task, seed)
    if json:
        print_json(built.model_dump(mode="json") if reveal else public(built, seed, disguise))
        return
    echo(portrait(built, seed, disguise))
    if reveal and disguise is not None:
        echo(f"\n{aliases(built, disguise)}")
    if reveal:
        echo(f"\n{hidden(built)}")


def task_check(
    task: TaskArgument,
    seed: TaskSeedOption = 1,
    corruptions: Annotated[
        int, typer.Option(min=0, help="Corruptions to try for each form, for the mutation score; 0: none.")
    ] = 16,
    survivors: Annotated[bool, typer.Option("--survivors", help="Print the corruptions that no law notices.")] = False,
    workers: WorkersOption = None,
    no_cache: NoCacheOption = False,
    json: JsonOption = False,
) -> None:
    """Check a task: its concepts, laws, prerequisites, samplers and phenomena.

    The mutation score is the share of corrupted definitions that the laws
    notice. With --json each line is one concept, and the last line has the key
    `summary`.

    Exit status 1 if a law is not accepted, a sampler does not hit, a
    prerequisite has no reason, a phenomenon is not explained, or a form is too long to explain anything.
    """
    import asyncio

    from relay.commands.task_check import TaskCheckManner, check_task

    manner = TaskCheckManner(worker_count(workers), not no_cache, corruptions, survivors, json)
    raise typer.Exit(0 if asyncio.run(check_task(build_task(task, seed), manner)) else 1)


TASK_COMMANDS = (
    Command("list", task_list, "relay task list"),
    Command(
        "show",
        task_show,
        "relay task show 'linear_algebra(brief=problems)'",
        "relay task show linear_algebra --disguise 1",
    ),
    Command("check", task_check, "relay task check linear_algebra", "relay task check task.yaml --survivors"),
)
