"""What can be said of a statement, in one word: what the checker answers, events hold and researchers are told."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["ACCEPTED", "REFUSED", "Status"]


class Status(StrEnum):
    """The statuses of NOTATION.md, in the order in which they apply."""

    ILL_FORMED = "ill_formed"
    REFUTED = "refuted"
    UNDEFINED = "undefined"
    VACUOUS = "vacuous"
    TRIVIAL = "trivial"
    PROVED = "proved"
    HOLDS = "holds"
    UNDECIDED = "undecided"
    DEFINED = "defined"

    @property
    def accepted(self) -> bool:
        """Whether the claim counts as true."""
        return self in (Status.PROVED, Status.HOLDS)

    @property
    def passed(self) -> bool:
        """Whether the statement is an accepted claim or a definition."""
        return self.accepted or self is Status.DEFINED


ACCEPTED = tuple(status for status in Status if status.accepted)
"""The statuses of claims that count as true."""

REFUSED = frozenset(status for status in Status if not status.passed)
"""The statuses of what counts neither as true nor as defined."""
