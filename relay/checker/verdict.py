"""What the checker answers."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict

from relay.records.status import Status

MACHINE = "machine"
"""The stage of evidence that tells what befell the process, not what was found."""

OUT_OF_MEMORY = "out of memory"

RAN_OUT = "undecided: ran out of"
"""How it begins what is said where a budget ended; any other `undecided` names what ought to be tried and was not."""


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

    @property
    def of_machine(self) -> bool:
        """Whether this is no verdict but the lack of one: whoever was at it died or failed. Asked again, the answer may
        be another, so it is never remembered."""
        return any(record.get("stage") == MACHINE for record in self.evidence)

    @property
    def lacked_memory(self) -> bool:
        """Whether what befell it was that."""
        return any(record.get("cause") == OUT_OF_MEMORY for record in self.evidence)


def by_machine(cause: str) -> Verdict:
    """What is said of a statement whose check did not come to its end: `cause` is what befell it, in a few words."""
    message = f"undecided: the process that checked it was stopped: {cause}"
    return Verdict(status=Status.UNDECIDED, message=message, evidence=({"stage": MACHINE, "cause": cause},))
