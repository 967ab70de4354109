"""The installed versions of relay and of other distributions, as conditions record it."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

__all__ = ["DISTRIBUTION", "installed_version"]

DISTRIBUTION = "relay-instrument"
"""The name of relay's own distribution."""


def installed_version(distribution: str = DISTRIBUTION) -> str:
    """The version of a distribution, by default of relay; `unknown` if it was never installed, as when relay runs from
    a folder."""
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "unknown"
