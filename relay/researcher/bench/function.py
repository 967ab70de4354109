"""The functions that a search applies on a finite structure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BenchFunction:
    """A function that can be applied on the bench: given, tabulated from a definition, or a connective."""

    name: str
    parameters: tuple[str, ...]
    """Names of the sorts of its parameters."""
    result: str
