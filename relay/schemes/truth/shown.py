"""`shown`: the checker's status is told at once."""

from __future__ import annotations

from relay.checker.verdict import Verdict
from relay.schemes.truth.scheme import TruthScheme

__all__ = ["Shown"]


class Shown(TruthScheme):
    """Everything that may be told is."""

    def of_claim(self, verdict: Verdict) -> Verdict | None:
        """The verdict."""
        return verdict

    def of_phenomena(self, explained: tuple[int, ...]) -> tuple[int, ...] | None:
        """The phenomena."""
        return explained

    @property
    def tells(self) -> bool:
        """Yes."""
        return True
