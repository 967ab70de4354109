"""The command line's applications, to which commands add themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    pass


HELP = """Can a chain of forgetful researchers, passing only notes, reinvent a field of mathematics?

A trial is a chain of generations. Each researcher has one short life, sees the notes of those before, and leaves notes
to those after. Relay checks every statement, and tells how far each generation moved the frontier."""


app = typer.Typer(
    name="relay",
    help=HELP,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Begin with: relay run alien",
)


tasks_app = typer.Typer(no_args_is_help=True, help="List, show and check invention tasks.")


app.add_typer(tasks_app, name="task")


cache_app = typer.Typer(
    no_args_is_help=True,
    help="Show or clear the verdicts that are kept, so that no statement is checked twice.\n\n"
    "They are in one file, in RELAY_CACHE_DIR or where the system keeps caches. It may be removed at any time.",
)


app.add_typer(cache_app, name="cache")


def _show_version(asked: bool) -> None:
    if asked:
        from relay.records.condition import installed_version

        typer.echo(f"relay {installed_version()}")
        raise typer.Exit


@app.callback()
def _everything(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """Options that come before a command."""
