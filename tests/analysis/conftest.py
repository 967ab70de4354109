from __future__ import annotations

from pathlib import Path

import pytest

from analysis.trials import Trial, read_trial
from tests.analysis.builder import log, toy, write


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    task = toy()
    return write(tmp_path / "trial", task, log(task, 4))


@pytest.fixture
def trial(directory: Path) -> Trial:
    return read_trial(directory)
