"""Where trials go when nobody says where."""

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
    """`RELAY_LOG_DIR`, or `runs`."""
    return Path(os.environ.get("RELAY_LOG_DIR") or "runs")


def read_task(path: Path) -> Task:
    """The task in a `task.json`."""
    try:
        return parse_task(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"can't read {path}: {getattr(error, 'strerror', None) or error}; restore it") from None


def parse_task(text: str, where: str) -> Task:
    """A task from its JSON, arrays as tuples all the way down, so that a task is the same whether built or read."""
    try:
        return Task.model_validate(_freeze(json.loads(text)))
    except (ValueError, RecursionError, ValidationError) as error:
        raise UsageError(f"{where} is no task: {str(error).splitlines()[0]}; restore it or start anew") from None


def _freeze(data: Any) -> Any:
    if isinstance(data, list):
        return tuple(map(_freeze, data))
    if isinstance(data, dict):
        return {key: _freeze(value) for key, value in data.items()}
    return data
