"""`hidden`: nobody is told whether a claim is true or a phenomenon explained."""

from __future__ import annotations

from relay.checker.verdict import Verdict
from relay.schemes.truth.scheme import TruthScheme

__all__ = ["Hidden"]


class Hidden(TruthScheme):
    """Statuses are withheld."""

    def of_claim(self, verdict: Verdict) -> Verdict | None:
        """Nothing."""
        return None

    def of_phenomena(self, explained: tuple[int, ...]) -> tuple[int, ...] | None:
        """Nothing."""
        return None

    @property
    def tells(self) -> bool:
        """No."""
        return False
