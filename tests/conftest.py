"""What all tests share: nothing of the user's own surroundings reaches them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True, scope="session")
def _own_surroundings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Trials go to a temporary directory, and output is plain whatever terminal runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RELAY_LOG_DIR", str(tmp_path_factory.mktemp("runs")))
        patch.setenv("RELAY_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("NO_COLOR", "1")
        patch.setenv("COLUMNS", "120")
        patch.delenv("FORCE_COLOR", raising=False)
        patch.setenv("RELAY_MODELS", "mock")  # no test asks a real model by accident
        yield
