"""The installed version of relay, as conditions record it."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

__all__ = ["installed_version"]


def installed_version() -> str:
    """The version; `unknown` if relay runs from a folder that was never installed."""
    try:
        return version("relay-instrument")
    except PackageNotFoundError:
        return "unknown"
