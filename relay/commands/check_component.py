"""The command `relay check-component`."""

from __future__ import annotations

from typing import Annotated

import typer

from relay.commands.completion import complete_components
from relay.commands.options import JsonOption

__all__ = ["check_component_command"]


def check_component_command(
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
    from relay.commands.component_check import check_component

    raise typer.Exit(0 if check_component(component, json) else 1)
