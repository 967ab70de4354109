"""Shared by all tests: they are isolated from the user's environment, and the long ones start first."""

from __future__ import annotations

import compileall
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
COMPILED = ("agents", "analysis", "relay", "tasks", "tests", "cli.py")
MOST = 4
"""Most processes for `-n auto`. Each may start the workers of a trial or an engine, so one a core would be too many."""
FIRST = "serving"
"""The folder of the tests that start an engine. They take longest: started last, they would delay the end."""


def pytest_configure(config: pytest.Config) -> None:
    """Compile the sources once. Tests start hundreds of processes, and each compiles all of relay where
    `PYTHONDONTWRITEBYTECODE` is set or the tree is new."""
    if hasattr(config, "workerinput"):  # a process of pytest-xdist: its parent has compiled them
        return
    for name in COMPILED:
        place = str(ROOT / name)
        compileall.compile_file(place, quiet=2) if name.endswith(".py") else compileall.compile_dir(place, quiet=2)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests of `FIRST` before all others; processes take files in this order (`--no-loadscope-reorder`)."""
    items.sort(key=lambda item: FIRST not in item.path.parts)


def pytest_xdist_auto_num_workers() -> int:
    """Return the number of processes for `-n auto`: the cores that this process may use, at most `MOST`."""
    return min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1, MOST)


@pytest.fixture(autouse=True, scope="session")
def _own_surroundings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Write trials and the cache to temporary directories, print plain output, and allow no real model."""
    # A shell that starts pytest in the background makes it and its children ignore Ctrl-C, which some tests send.
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RELAY_LOG_DIR", str(tmp_path_factory.mktemp("runs")))
        patch.setenv("RELAY_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("NO_COLOR", "1")
        patch.setenv("COLUMNS", "120")
        patch.delenv("FORCE_COLOR", raising=False)
        patch.setenv("RELAY_MODELS", "mock")  # blocks all other models, so that no test uses a real one by accident
        yield
