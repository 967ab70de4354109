"""`shown`: the checker's status is reported at once."""

from __future__ import annotations

from relay.checker.verdict import Verdict
from relay.schemes.truth.scheme import TruthScheme

__all__ = ["Shown"]


class Shown(TruthScheme):
    """The status of claims and the explained phenomena are reported at once."""

    def of_claim(self, verdict: Verdict) -> Verdict | None:
        """The verdict itself."""
        return verdict

    def of_phenomena(self, explained: tuple[int, ...]) -> tuple[int, ...] | None:
        """The phenomena themselves."""
        return explained

    @property
    def tells(self) -> bool:
        """True: statuses are reported."""
        return True
