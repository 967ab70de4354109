"""The typer application: its help, and the commands that are added to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated

import typer

__all__ = ["Command", "application"]

HELP = """Can a chain of forgetful researchers, passing only notes, reinvent a field of mathematics?

A trial is a chain of generations. Each researcher works for a short time,
reads the notes of earlier researchers, and leaves notes to later ones. Relay
checks every statement and measures how far each generation moves the frontier."""

TASK_HELP = "List, show and check invention tasks."

STUDY_HELP = """Plan, run and watch a study: several conditions on the same theories.

A study is one YAML file. `relay compare` answers what it asks."""

CACHE_HELP = """Show or clear the cache of verdicts, which saves checking a statement twice.

The cache is one file, in RELAY_CACHE_DIR or in the system's directory for
caches. It may be removed at any time."""

HELPS = {"study": STUDY_HELP, "task": TASK_HELP, "cache": CACHE_HELP}
"""Group of commands -> its help."""


class Command:
    """A command: the name that the user types, and the function that it runs.

    The function's parameters are the command's parameters, and its docstring is the help. The `examples` are whole
    command lines, shown at the end of the help.
    """

    def __init__(self, name: str, run: Callable[..., None], *examples: str) -> None:
        self.name = name
        self.run = run
        self.examples = examples


def application(commands: Sequence[Command], groups: Mapping[str, Sequence[Command]]) -> typer.Typer:
    """Build the application. Its help lists `commands` in this order, then the groups: `study`, `task` and `cache`."""
    app = typer.Typer(
        name="relay",
        help=HELP,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode="rich",
        context_settings={"help_option_names": ["-h", "--help"]},
        epilog="Begin with: relay run alien",
    )
    app.callback()(_options_before_a_command)
    _add(app, commands)
    for name, group in groups.items():
        part = typer.Typer(no_args_is_help=True, help=HELPS[name])
        _add(part, group)
        app.add_typer(part, name=name)
    return app


def _add(app: typer.Typer, commands: Sequence[Command]) -> None:
    for command in commands:
        label = "Example" if len(command.examples) == 1 else "Examples"
        epilog = f"{label}: " + "\n\n".join(command.examples)
        app.command(command.name, epilog=epilog)(command.run)


def _show_version(wanted: bool) -> None:
    if wanted:
        from relay.records.version import installed_version

        typer.echo(f"relay {installed_version()}")
        raise typer.Exit


def _options_before_a_command(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """Options that come before a command."""
