"""`delayed(after=1)`: the checker's status is reported some generations later, in the notes that hold the statement.

With `after=1` the generation that follows is the first that is told what became of a claim, with `after=2` the one
after it. It is told through the notes alone: of a claim that nobody wrote down, nobody is told.
"""

from __future__ import annotations

from pydantic import Field

from relay.checker.verdict import Verdict
from relay.schemes.truth.scheme import TruthScheme

__all__ = ["Delayed"]


class Delayed(TruthScheme):
    """The status of claims and the explained phenomena are withheld, and told some generations later."""

    after: int = Field(default=1, ge=1)
    """How many generations later."""

    def of_claim(self, verdict: Verdict) -> Verdict | None:
        """None: the status is withheld for now."""
        return None

    def of_phenomena(self, explained: tuple[int, ...]) -> tuple[int, ...] | None:
        """None: the explained phenomena are withheld for now."""
        return None

    @property
    def delay(self) -> int:
        """How many generations later what is withheld is told."""
        return self.after

    @property
    def tells(self) -> bool:
        """True: statuses are reported, if late."""
        return True
