"""The base of truth schemes: what is reported to a researcher of the checker's findings. The score never depends on it.

One scheme governs the status of claims and of phenomena, and everything derived from them. The problem of an ill-formed
statement and the type of a definition are always reported: they concern the language, not the world.
"""

from __future__ import annotations

from abc import abstractmethod

from relay.checker.verdict import Verdict
from relay.records.record import Record

__all__ = ["TruthScheme"]


class TruthScheme(Record):
    """Base of truth schemes."""

    @abstractmethod
    def of_claim(self, verdict: Verdict) -> Verdict | None:
        """The verdict that is reported for a well-formed claim; None if it is withheld. Its message is the reply, word
        for word."""

    @abstractmethod
    def of_phenomena(self, explained: tuple[int, ...]) -> tuple[int, ...] | None:
        """Those numbers of `explained`, the phenomena that a definition explains, that are reported; None if they are
        withheld."""

    @property
    @abstractmethod
    def tells(self) -> bool:
        """Whether anything is reported to a researcher."""
