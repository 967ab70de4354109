"""`hidden`: it is not reported whether a claim is true or a phenomenon explained."""

from __future__ import annotations

from relay.checker.verdict import Verdict
from relay.schemes.truth.scheme import TruthScheme

__all__ = ["Hidden"]


class Hidden(TruthScheme):
    """The status of claims and the explained phenomena are withheld."""

    def of_claim(self, verdict: Verdict) -> Verdict | None:
        """None: the status is withheld."""
        return None

    def of_phenomena(self, explained: tuple[int, ...]) -> tuple[int, ...] | None:
        """None: the explained phenomena are withheld."""
        return None

    @property
    def tells(self) -> bool:
        """False: nothing is reported."""
        return False
