"""The copies of files in a trial's directory: written before the trial begins, and read ever after."""

from __future__ import annotations

import contextlib
import os
import shlex
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from relay.component_files import model_specs, verified
from relay.components import find
from relay.errors import UsageError
from relay.records.condition import Condition, Origin
from relay.records.files import Appender, cannot_write
from relay.records.marks import commands
from relay.records.spec import code_reference
from relay.records.user_files import read_user_file

__all__ = ["check_trust", "copied", "how_to_resume", "in_directory", "leaving_nothing"]


def in_directory(condition: Condition, directory: Path) -> dict[str, Path]:
    """Name of a copy -> its path, absolute, for all copies in a trial's directory."""
    return {name: directory.absolute() / name for name in condition.files}


def copied(condition: Condition, directory: Path) -> Condition:
    """Copy the files of a condition into a directory. Returns the condition with these copies as its files.

    Raises `UsageError` if a file is not the one that the condition names, or can't be copied.
    """
    places = in_directory(condition, directory)
    for name, source in verified(condition).items():
        _write(places[name], read_user_file(source))
    there = condition.of_origin(Origin(sources=places, transport=condition.origin.transport))
    verified(there)
    return there


def how_to_resume(condition: Condition, directory: Path) -> str:
    """The command that resumes a trial."""
    asks = any(parameters.get("base_url") for parameters in condition.origin.transport.values())
    trust = " --trust" if _code(condition) or _commands(condition) or asks else ""
    return f"relay resume {shlex.quote(str(directory))}{trust}"


def check_trust(condition: Condition, directory: Path, trust: bool, given: Collection[str] | None = ()) -> None:
    """Check that a trial does nothing on its own that its user did not choose: run code, or send a key to an address.

    `given` are the parameters of its agent's model that the user gives now; None if no model is asked. Raises
    `UsageError` if the condition names code or a command, if it has a model run the code of its weights, or if the
    trial's transport names a server that neither the user nor the environment does; not if it is trusted.
    """
    if trust:
        return
    if own := [*_code(condition), *(f"the command `{command}`" for command in _commands(condition))]:
        raise UsageError(
            f"the trial in {directory} runs code of its own: {', '.join(own)}; read it there, and give --trust to run "
            "it"
        )
    if _enabled("trust_remote_code", condition.model_dump(mode="json")):
        raise UsageError(
            f"the trial in {directory} runs the code of its model's weights (trust_remote_code); give --trust to run it"
        )
    if given is None:
        return
    for place, parameters in condition.origin.transport.items():
        address = parameters.get("base_url")
        of_agent = place.partition(".")[0] == "agent"
        if address and not (of_agent and "base_url" in given) and address not in os.environ.values():
            mend = "or -M base_url=... for yours" if of_agent else f"or remove it from {directory}/transport.json"
            raise UsageError(
                f"the trial in {directory} asks its {'model' if of_agent else f'model `{place}`'} at {address}, and "
                f"your key would be sent there; give --trust for this server, {mend}"
            )


def _enabled(name: str, data: Any) -> bool:
    """Whether a parameter with this name is set anywhere in some data."""
    if isinstance(data, Mapping):
        return bool(data.get(name)) or any(_enabled(name, value) for value in data.values())
    return isinstance(data, list) and any(_enabled(name, value) for value in data)


@contextmanager
def leaving_nothing(directory: Path, missing: tuple[Path, ...], names: tuple[str, ...], own: Path) -> Iterator[None]:
    """Remove what a trial has left in its directory, if it has not begun at the end: if the file `own` is not there.

    `missing` are the directories that did not exist before, innermost first; `names` are the files to be removed.
    """
    try:
        yield
    finally:
        if not own.exists():
            for name in names:
                with contextlib.suppress(OSError):
                    (directory / name).unlink(missing_ok=True)
            inside = {above for name in names for above in (directory / name).parents if directory in above.parents}
            for folder in (*sorted(inside, key=lambda path: -len(path.parts)), *missing):
                with contextlib.suppress(OSError):
                    folder.rmdir()


def _code(condition: Condition) -> list[str]:
    return [name for name in condition.files if name.endswith(".py")]


def _commands(condition: Condition) -> list[str]:
    """The command lines that the components of a condition run, without those of components in files, which are code
    themselves."""
    placed = [("relay.tasks", condition.task), ("relay.agents", condition.agent), ("relay.notes", condition.notes)]
    placed += [("relay.memory", condition.memory), ("relay.truth", condition.truth)]
    placed += [("relay.handover", step) for step in condition.handover]
    placed += [("relay.interventions", each) for each in condition.interventions]
    found: list[str] = []
    while placed:
        group, spec = placed.pop(0)
        if code_reference(spec.name) is not None:
            continue
        try:
            kind = find(group, spec.name)
        except UsageError:  # it is not installed, so it can't run anything
            continue
        found += [shlex.join(map(str, spec.parameters.get(name, ()))) for name in commands(kind)]
        placed += [("relay.models", model) for _, model in model_specs(kind, spec.parameters)]
    return found


def _write(path: Path, data: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_write(path, error) from error
    with contextlib.closing(Appender(path, size=0)) as file:
        file.append(data, sync=True)
