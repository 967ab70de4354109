"""From the text of arguments and options to the objects that they stand for."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from relay.errors import UsageError

if TYPE_CHECKING:
    from relay.records.prices import PriceTable
    from relay.records.task import Task

__all__ = ["build_task", "given", "price_table", "task_spec", "worker_count"]


def task_spec(text: str) -> str | dict[str, Any]:
    """Return the task that `text` names as a spec. The path of a YAML file becomes the task `file` with this path.

    Raises `UsageError` if the text is the path of a file of another kind.
    """
    if text.lower().endswith((".yaml", ".yml")):
        return {"name": "file", "parameters": {"path": text}}
    if os.path.isfile(text):  # noqa: PTH113 - `Path.is_file` fails on a text too long for a name
        raise UsageError(f"{text} is no task file: its name must end in .yaml; rename it, or give a task's name")
    return text


def build_task(text: str, seed: int) -> Task:
    """Build the task that a text spells. A seed inside the text takes precedence over `seed`."""
    from relay.components import build
    from relay.records.task import Task
    from relay.trial.asking import ask

    built: Task = ask(build("relay.tasks", task_spec(text)), "build", Task, seed)
    return built


def price_table(file: Path | None) -> PriceTable | None:
    """Read the prices in a file; None without a file."""
    from relay.records.prices import PriceTable

    return None if file is None else PriceTable.read(file)


def worker_count(workers: int | None) -> int:
    """Return the number of worker processes: `workers`, or if it is None, one for each core, but at most 8."""
    return min(os.cpu_count() or 1, 8) if workers is None else workers


def given(**options: float | str | None) -> dict[str, Any]:
    """Return the options that are not None. The condition and the agent have their own defaults for the others."""
    return {name: value for name, value in options.items() if value is not None}
