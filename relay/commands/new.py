"""The command `relay new`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from relay.commands.completion import complete_templates
from relay.commands.output import echo

__all__ = ["new"]


def new(
    kind: Annotated[
        str,
        typer.Argument(
            metavar="KIND",
            autocompletion=complete_templates,
            help="notes, memory, handover, charter, truth, intervention, agent or task.",
            show_default=False,
        ),
    ],
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="Its name, as MyNotes; `my notes` becomes that.", show_default=False)
    ],
    file: Annotated[
        Path | None,
        typer.Option(help="The file to write. It must not exist.", show_default="the name in small letters, here"),
    ] = None,
) -> None:
    """Write a component of your own: a small commented file that runs at once, to be changed.

    docs/components.md explains what each kind of component does.
    """
    from relay.commands.templates import write_component

    for line in write_component(kind, name, file):
        echo(line)
