"""The task and the condition by which a trial is judged again."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from relay.component_files import FileCollection
from relay.components import build, resolve
from relay.errors import UsageError
from relay.records.condition import FILES, Condition, FileCopy, Origin
from relay.records.reader import TrialReader
from relay.records.spec import ComponentSpec, code_reference
from relay.records.task import Task, parse_task
from relay.trial.asking import ask
from relay.trial.directory import condition_in
from relay.trial.setup import task_of
from relay.trial.versions import own_versions

__all__ = ["rescored_task"]

ANEW = f"{FILES}/rescored"
"""The folder of the copies of another task's files: those of the trial's other components keep their names."""


def rescored_task(
    reader: TrialReader, task: str | Mapping[str, Any] | None, own: bool, trust: bool
) -> tuple[Condition, Task]:
    """The condition of the new trial, and its task.

    The task is `task` if it is given, the trial's own `task.json` if `own` is set, and otherwise the task that the
    condition names, as it is built now. Raises `UsageError` if it can't be built, or if building it would run code of
    the trial that is not trusted.
    """
    condition = condition_in(reader.files, reader.condition)
    condition = _updated(condition, versions={**condition.versions, **own_versions()})
    if own:
        return condition, reader.task
    if task is not None:
        return _of_another(condition, task)
    if code_reference(condition.task.name) is not None and not trust:
        raise UsageError(
            f"the task of {reader.files.root} is code of its own ({condition.task.name}); read it there and give "
            "--trust to run it, or give --own-task to judge by task.json"
        )
    return condition, _as_written(task_of(condition))


def _of_another(condition: Condition, task: str | Mapping[str, Any]) -> tuple[Condition, Task]:
    spec = resolve("relay.tasks", task)
    built: Task = ask(build("relay.tasks", spec), "build", Task, condition.seed)
    files = FileCollection()
    collected = files.collect("task", "relay.tasks", spec)
    names = {name: name.replace(FILES, ANEW, 1) for name in files.copies}
    copies: dict[str, FileCopy] = {names[name]: copy for name, copy in files.copies.items()}
    sources: dict[str, Path] = {names[name]: path for name, path in files.sources.items()}
    for name, copy in condition.files.items():
        if copy.used_by != ("task",):
            copies[name], sources[name] = copy, condition.origin.sources[name]
    condition = _updated(condition, task=_renamed(collected, names), files=copies)
    return condition.of_origin(Origin(sources=sources, transport=condition.origin.transport)), _as_written(built)


def _as_written(task: Task) -> Task:
    """The task as it is read back from its file: a component may have built it with lists in place of tuples."""
    return parse_task(task.model_dump_json(), "the task")


def _renamed(spec: ComponentSpec, names: Mapping[str, str]) -> ComponentSpec:
    """The spec with other names of copies."""
    parameters = {
        key: names.get(value, value) if isinstance(value, str) else value for key, value in spec.parameters.items()
    }
    code = code_reference(spec.name)
    name = spec.name if code is None else f"{names.get(code[0], code[0])}:{code[1]}"
    return ComponentSpec(name=name, parameters=parameters)


def _updated(condition: Condition, **update: Any) -> Condition:
    return condition.model_copy(update=update).of_origin(condition.origin)
