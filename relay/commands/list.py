"""The command `relay list`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from relay.commands.completion import complete_kinds
from relay.commands.options import JsonOption
from relay.commands.output import print_json
from relay.errors import UsageError

__all__ = ["list_installed"]


def list_installed(
    kind: Annotated[
        str | None,
        typer.Argument(
            metavar="KIND",
            autocompletion=complete_kinds,
            help="tasks, agents, models, notes, memory, truth or handover. Default: all of them.",
            show_default=False,
        ),
    ] = None,
    json: JsonOption = False,
) -> None:
    """List the installed tasks, agents, models and schemes with their parameters and defaults.

    To set a parameter, write it in brackets, as in --notes 'ledger(cap=500)'.
    To set a parameter of a model, use -M, as in -M max_model_len=8192.
    """
    from rich.console import Console

    from relay.commands.installed import KINDS, installed, words

    if kind is not None and kind not in KINDS:
        raise UsageError(f"there is no kind of components named `{kind}`; the kinds are: {', '.join(KINDS)}")
    found = {name: installed(name) for name in KINDS if kind in (None, name)}
    if json:
        print_json({name: [one.model_dump(mode="json") for one in there] for name, there in found.items()})
        return
    console = Console()
    width = console.width if console.is_terminal else sys.maxsize  # programs such as grep want one line for each item
    for place, (name, there) in enumerate(found.items()):
        typer.secho(f"{chr(10) * bool(place)}{name} ({KINDS[name][1]})", bold=True)
        typer.echo(words(name, there, width))
