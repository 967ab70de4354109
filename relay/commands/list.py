"""The command `relay list`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from relay.commands.completion import RUNS, complete_kinds
from relay.commands.options import JsonOption
from relay.commands.output import echo, echo_heading, print_json, print_view, say, terminal_width
from relay.errors import UsageError

__all__ = ["list_installed"]


def list_installed(
    kind: Annotated[
        str | None,
        typer.Argument(
            metavar="KIND",
            autocompletion=complete_kinds,
            help="tasks, agents, models, notes, memory, truth, handover or interventions. Or runs: your trials.",
            show_default="all kinds of components",
        ),
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="FOLDER",
            help="With runs: the folder of the trials. Default: RELAY_LOG_DIR, or runs.",
            show_default=False,
        ),
    ] = None,
    json: JsonOption = False,
) -> None:
    """List the installed tasks, agents, models and schemes with their defaults, or your trials.

    To set a parameter, write it in brackets, as in --notes 'ledger(cap=500)'.
    To set a parameter of a model, use -M, as in -M max_model_len=8192.
    `relay list runs` lists every trial in a folder, and in the folders in it,
    with its state and figures.
    """
    if kind == RUNS:
        _list_runs(folder, json)
        return
    if folder is not None:
        raise UsageError(f"only `relay list {RUNS}` takes a folder; leave out {folder}, or write `relay list {RUNS}`")
    _list_components(kind, json)


def _list_components(kind: str | None, json: bool) -> None:
    from relay.commands.console import SafeConsole
    from relay.commands.installed import KINDS, installed, words

    if kind is not None and kind not in KINDS:
        kinds = ", ".join([*KINDS, RUNS])
        raise UsageError(f"there is no kind of components named `{kind}`; the kinds are: {kinds}")
    found = {name: installed(name) for name in KINDS if kind in (None, name)}
    if json:
        print_json({name: [one.model_dump(mode="json") for one in there] for name, there in found.items()})
        return
    console = SafeConsole()  # programs such as grep want one line for each item
    width = console.width if console.is_terminal else sys.maxsize
    for place, (name, there) in enumerate(found.items()):
        echo_heading(f"{chr(10) * bool(place)}{name} ({KINDS[name][1]})")
        echo(words(name, there, width))


def _list_runs(folder: Path | None, json: bool) -> None:
    from relay.commands.progress import progress_line
    from relay.commands.run_table import run_table
    from relay.commands.runs import find_trials, read_run
    from relay.records.trial_files import trials_directory

    folder = folder or trials_directory()
    trials = find_trials(folder)
    runs = []
    with progress_line("trial", hidden=json) as progress:
        for done, directory in enumerate(trials):
            progress(done, len(trials), "")
            runs.append(read_run(directory).record())
    if json:
        print_json(runs)
    elif runs:
        print_view(run_table(folder, runs, terminal_width()))
    else:
        say(f"there are no trials in {folder}; `relay run` starts one")
