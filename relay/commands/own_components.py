"""The commands `relay new` and `relay check-component`, for components of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from relay.commands.app import Command
from relay.commands.completion import complete_components, complete_templates
from relay.commands.options import JsonOption
from relay.commands.output import echo

__all__ = ["COMPONENT_COMMANDS"]


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


def check_component(
    component: Annotated[
        str,
        typer.Argument(
            metavar="COMPONENT",
            autocompletion=complete_components,
            help="path/to/file.py:Name, the path of a file with one component, or a name from `relay list`; with "
            "parameters, as 'ledger(cap=500)'.",
            show_default=False,
        ),
    ],
    json: JsonOption = False,
) -> None:
    """Check whether a component keeps the contract of its kind, and say which rules it breaks.

    A component is a note scheme, a memory scheme, a hand-over step, a truth, an
    intervention, an agent or a task: yours, or an installed one. Short trials
    are run with it, in a temporary folder. An agent with a model asks the model.

    Exit status 1 if a rule is broken, 2 if the component can't be loaded.
    """
    from relay.commands.component_check import check_contract

    raise typer.Exit(0 if check_contract(component, json) else 1)


COMPONENT_COMMANDS = (
    Command("new", new, "relay new notes MyNotes", "relay new agent Guesser --file agents/guesser.py"),
    Command(
        "check-component",
        check_component,
        "relay check-component my_notes.py:MyNotes",
        "relay check-component 'ledger(cap=500)' --json",
    ),
)
