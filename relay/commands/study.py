"""The commands `relay study new`, `plan`, `run` and `status`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from relay.commands.app import Command
from relay.commands.options import JsonOption, NoCacheOption, OtherVersionOption, QuietOption
from relay.commands.output import print_json, print_view, say
from relay.errors import UsageError

if TYPE_CHECKING:
    from relay.records.study import Study
    from relay.studies.layout import StudyPlan

__all__ = ["STUDY_COMMANDS"]

FileArgument = Annotated[Path, typer.Argument(metavar="FILE", help="A study's YAML file.", show_default=False)]
StudyOutOption = Annotated[
    Path | None,
    typer.Option("--out", help="The study's directory. Default: named after the study, in RELAY_LOG_DIR or runs/."),
]
ControlsOption = Annotated[bool, typer.Option("--controls", help="Add the controls flat, none, shuffled and blank.")]


def study_plan(file: FileArgument, controls: ControlsOption = False, json: JsonOption = False) -> None:
    """Show what a study would run: its arms, its trials, and the most that they can cost.

    Nothing is run. Every condition is resolved, so a mistake shows here.
    """
    from relay.commands.study_view import plan_record, plan_view

    planned = _planned(file, controls, None)
    print_json(plan_record(planned)) if json else print_view(plan_view(planned))


def study_run(
    file: FileArgument,
    out: StudyOutOption = None,
    controls: ControlsOption = False,
    processes: Annotated[
        int | None,
        typer.Option("--processes", "-j", min=1, help="Trials without a model at a time.", show_default="cores"),
    ] = None,
    together: Annotated[int, typer.Option(min=1, help="Trials with a model at a time.")] = 16,
    other_version: OtherVersionOption = False,
    no_cache: NoCacheOption = False,
    json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Run a study: every arm on every theory, side by side over the cores.

    What has run already is left alone, what was stopped goes on, so the
    same command finishes a study. `relay compare` answers what it asks.
    """
    from relay.commands.study_run import run_and_tell
    from relay.studies.running import Manners

    planned = _planned(file, controls, out)
    directory = out or _default(planned.study)
    manners = Manners(processes or os.cpu_count() or 1, together, not no_cache, other_version)
    outcomes = run_and_tell(planned, directory, manners, quiet or json)
    if json:
        print_json(outcomes.record())
    if outcomes.unfinished:
        raise typer.Exit(1)


def study_status(
    directory: Annotated[
        Path, typer.Argument(metavar="DIR", help="A study's directory, or its file.", show_default=False)
    ],
    json: JsonOption = False,
) -> None:
    """Show how far the trials of a study are."""
    from relay.commands.study_view import status_view
    from relay.records.study import Study
    from relay.studies.status import study_status

    place = directory if directory.is_dir() else _default(Study.read(directory))
    found = study_status(place)
    print_json(found.record()) if json else print_view(status_view(found))


def study_new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The study's name.", show_default=False)],
    file: Annotated[Path | None, typer.Option("--file", help="Where to write it.", show_default="NAME.yaml")] = None,
) -> None:
    """Write a study's file with comments, which runs at once."""
    from relay.studies.template import write_template

    path = file or Path(f"{name}.yaml")
    write_template(name, path)
    say(f"{path} is written; `relay study plan {path}` shows what it would run, `relay study run {path}` runs it")


def study_schema() -> None:
    """Print the JSON Schema of a study's file, for editors."""
    from relay.records.study import Study

    print_json(Study.model_json_schema())


def _planned(file: Path, controls: bool, out: Path | None) -> StudyPlan:
    from relay.records.study import Study
    from relay.studies.controls import BUNDLE
    from relay.studies.layout import lay_out

    study = Study.read(file)
    if controls:
        added = [name for name in BUNDLE if name not in study.controls]
        study = study.model_copy(update={"controls": [*study.controls, *added]})
    try:
        return lay_out(study, out or _default(study))
    except UsageError as error:
        raise UsageError(f"the study {file}: {error}") from None


def _default(study: Study) -> Path:
    from relay.records.trial_files import trials_directory

    return trials_directory() / study.study


STUDY_COMMANDS = (
    Command("new", study_new, "relay study new schemes"),
    Command("plan", study_plan, "relay study plan schemes.yaml", "relay study plan schemes.yaml --controls --json"),
    Command("run", study_run, "relay study run schemes.yaml", "relay study run schemes.yaml -j 4 --out runs/schemes"),
    Command("status", study_status, "relay study status runs/schemes", "relay study status schemes.yaml --json"),
    Command("schema", study_schema, "relay study schema > study.schema.json"),
)
