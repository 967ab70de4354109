"""The status of a statement, in one word. The checker returns it, events hold it, and replies may report it."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["ACCEPTED", "REFUSED", "Status"]


class Status(StrEnum):
    """The statuses of docs/notation.md, in the order in which they apply."""

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
"""The statuses of statements that are neither accepted claims nor definitions."""
