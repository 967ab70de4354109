"""The default directory of trials, and reading a trial's `task.json`."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from relay.errors import UsageError
from relay.records.task import Task

__all__ = ["parse_task", "read_task", "trials_directory"]


def trials_directory() -> Path:
    """The default directory of trials: `RELAY_LOG_DIR`, or `runs`."""
    return Path(os.environ.get("RELAY_LOG_DIR") or "runs")


def read_task(path: Path) -> Task:
    """The task in a `task.json`. Raises `UsageError` if the file can't be read or is not a task."""
    try:
        return parse_task(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"can't read {path}: {getattr(error, 'strerror', None) or error}; restore it") from None


def parse_task(text: str, where: str) -> Task:
    """A task from its JSON. Arrays become tuples at every depth, so that a task is equal to itself when read back.

    `where` names the text in errors. Raises `UsageError` if the text is not a task.
    """
    try:
        return Task.model_validate(_freeze(json.loads(text)))
    except (ValueError, RecursionError, ValidationError) as error:
        raise UsageError(
            f"{where} is not a task: {str(error).splitlines()[0]}; restore it or start a new trial"
        ) from None


def _freeze(data: Any) -> Any:
    if isinstance(data, list):
        return tuple(map(_freeze, data))
    if isinstance(data, dict):
        return {key: _freeze(value) for key, value in data.items()}
    return data
