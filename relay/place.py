"""Where trials go when nobody says where."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["trials_directory"]


def trials_directory() -> Path:
    """`RELAY_LOG_DIR`, or `runs`."""
    return Path(os.environ.get("RELAY_LOG_DIR") or "runs")
