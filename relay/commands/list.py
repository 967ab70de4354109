"""`relay list`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from relay.errors import UsageError

if TYPE_CHECKING:
    pass
from relay.commands.app import app
from relay.commands.options import JsonOption, _kinds
from relay.commands.output import _print_json


@app.command("list", epilog="Examples: relay list agents\n\nrelay list --json")
def list_installed(
    kind: Annotated[
        str | None,
        typer.Argument(
            metavar="KIND",
            autocompletion=_kinds,
            help="tasks, agents, models, notes, memory, truth or handover. Default: all of them.",
            show_default=False,
        ),
    ] = None,
    json: JsonOption = False,
) -> None:
    """List what is installed, by kind, with parameters and defaults.

    A parameter is set in brackets, as in --notes 'ledger(cap=500)'; of a model
    with -M.
    """
    from rich.console import Console

    from relay.commands.installed import KINDS, installed, words

    if kind is not None and kind not in KINDS:
        raise UsageError(f"there is no kind `{kind}` of what is installed; there is: {', '.join(KINDS)}")
    found = {name: installed(name) for name in KINDS if kind in (None, name)}
    if json:
        _print_json({name: [one.model_dump(mode="json") for one in there] for name, there in found.items()})
        return
    console = Console()
    width = console.width if console.is_terminal else sys.maxsize  # a program reads a line for each thing
    for place, (name, there) in enumerate(found.items()):
        typer.secho(f"{chr(10) * bool(place)}{name} ({KINDS[name][1]})", bold=True)
        typer.echo(words(name, there, width))
