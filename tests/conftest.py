"""What all tests share: nothing of the user's own surroundings reaches them."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _own_surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Trials go to a temporary directory, and output is plain whatever terminal runs the tests."""
    monkeypatch.setenv("RELAY_LOG_DIR", str(tmp_path / "runs"))
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.delenv("FORCE_COLOR", raising=False)
