"""The version of relay that is installed, as conditions record it."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

__all__ = ["installed_version"]


def installed_version() -> str:
    """The version; `unknown` where relay runs from a folder that was never installed."""
    try:
        return version("relay-instrument")
    except PackageNotFoundError:
        return "unknown"
