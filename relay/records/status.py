"""The status of a statement, in one word, and the reason for some statuses.

The checker returns both, and events hold both. Replies may report the status; the reason is for programs.
"""

from __future__ import annotations

from enum import StrEnum

__all__ = ["ACCEPTED", "REFUSED", "Reason", "Status"]


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


class Reason(StrEnum):
    """Why a statement is `undecided`, `vacuous` or `trivial`. Other statuses have no reason beside themselves."""

    RAN_OUT = "ran_out"
    """Undecided: fuel, room or another bound was used up, so values that should have been tried were not."""
    UNCONFIRMED = "unconfirmed"
    """Undecided: a counterexample was found, and a second evaluation did not confirm it."""
    NO_VALUES = "no_values"
    """Undecided: the parameters have no values at any size that was tried."""
    NOT_FOLLOWED = "not_followed"
    """Undecided: a size or number may meet a constant that takes too long to compute."""
    UNTRIED = "untried"
    """Undecided: characteristics, roots or fields that the statement asks for were not tried."""
    OUT_OF_REACH = "out_of_reach"
    """Undecided: a size or number meets a constant that is larger than the sizes that are tried."""
    TOO_FEW = "too_few"
    """Undecided: too few of the values that were tried satisfy the hypothesis."""
    STOPPED = "stopped"
    """Undecided: the process that checked the statement died, failed or was stopped."""
    OUT_OF_MEMORY = "out_of_memory"
    """Undecided: the process that checked the statement ran out of memory."""
    CONTRADICTORY = "contradictory"
    """Vacuous: it is proved that no value satisfies the hypothesis."""
    NONE_FOUND = "none_found"
    """Vacuous: none of the values that were tried satisfies the hypothesis."""
    NOTHING_DEFINED = "nothing_defined"
    """Trivial: the claim uses no definition."""
    REPEATS = "repeats"
    """Trivial: the claim is one of its own hypotheses."""
    SAME_TERM = "same_term"
    """Trivial: both sides are one term."""
    SAME_UNFOLDED = "same_unfolded"
    """Trivial: both sides are one term after unfolding."""
    ANY_FUNCTIONS = "any_functions"
    """Trivial: the claim stays true if random functions replace the definitions."""

    @property
    def of_machine(self) -> bool:
        """Whether the process that checked the statement failed. Another attempt may give another verdict."""
        return self in (Reason.STOPPED, Reason.OUT_OF_MEMORY)


ACCEPTED = tuple(status for status in Status if status.accepted)
"""The statuses of claims that count as true."""

REFUSED = frozenset(status for status in Status if not status.passed)
"""The statuses of statements that are neither accepted claims nor definitions."""
