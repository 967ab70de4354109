"""What a researcher is told of what the checker found. The score never depends on it.

One setting governs the status of claims and of phenomena alike, and everything derived from them. What is wrong with an
ill-formed statement and the type of a definition are always told: they are about the language, not about the world.
"""

from __future__ import annotations

from abc import abstractmethod

from relay.checker.verdict import Verdict
from relay.records.record import Record

__all__ = ["TruthScheme"]


class TruthScheme(Record):
    """Base of truths."""

    @abstractmethod
    def of_claim(self, verdict: Verdict) -> Verdict | None:
        """What is told of a well-formed claim; None when it is withheld."""

    @abstractmethod
    def of_phenomena(self, explained: tuple[int, ...]) -> tuple[int, ...] | None:
        """What is told of the phenomena that a definition explains; None when it is withheld."""

    @property
    @abstractmethod
    def tells(self) -> bool:
        """Whether a researcher may expect to be told anything."""
