"""What the checker answers."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict


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


class Verdict(BaseModel):
    """The checker's whole answer. A researcher is told the status, the message and the counterexample, never the
    scope or the evidence."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    status: Status
    message: str
    """One or more plain sentences: for `ill_formed` position, expectation and mend; for others what was found."""
    scope: str = ""
    """For accepted claims: the sizes and models for which the status was reached."""
    counterexample: str = ""
    """For `refuted` and `undefined`: the values, printed in the notation, with both sides where there are two."""
    evidence: tuple[dict[str, Any], ...] = ()
    """One JSON-able record a stage: `{stage, ...}`."""
    fuel: int = 0
    """Fuel spent, in node evaluations."""
