"""The checker's answer to a statement: a status, a message, and the evidence."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict

from relay.records.status import Status

MACHINE = "machine"
"""The stage name of evidence that the process died or failed. Such evidence says nothing about the statement."""

OUT_OF_MEMORY = "out of memory"

RAN_OUT = "undecided: ran out of"
"""The start of the message if a budget ran out. Any other `undecided` message names what should have been tried."""


CERTAIN_CONTRADICTION = "it is certain that the hypothesis contradicts itself"
"""Part of the message of a `vacuous` verdict if it is proved that no value satisfies the hypothesis, rather than
inferred from the values that were tried."""


class Verdict(BaseModel):
    """The checker's whole answer. Researchers see the status, the message and the counterexample, never the scope or
    the evidence."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    status: Status
    message: str
    """One or more plain sentences. For `ill_formed`: position, expectation and fix; otherwise the findings."""
    scope: str = ""
    """For accepted claims: the sizes and models for which the status was reached."""
    counterexample: str = ""
    """For `refuted` and `undefined`: the values, printed in the notation. For a refuted comparison also both sides."""
    evidence: tuple[dict[str, Any], ...] = ()
    """One JSON-able record per stage: `{stage, ...}`."""
    fuel: int = 0
    """Fuel spent, in node evaluations."""

    @property
    def of_machine(self) -> bool:
        """Whether there is no real verdict because the process that checked the statement died or failed. Another
        attempt may give another answer, so such a verdict is never cached."""
        return any(record.get("stage") == MACHINE for record in self.evidence)

    @property
    def lacked_memory(self) -> bool:
        """Whether the process that checked the statement ran out of memory."""
        return any(record.get("cause") == OUT_OF_MEMORY for record in self.evidence)


def by_machine(cause: str) -> Verdict:
    """Returns the verdict on a statement whose check was stopped. `cause` says in a few words what stopped it."""
    message = f"undecided: the process that checked it was stopped: {cause}"
    return Verdict(status=Status.UNDECIDED, message=message, evidence=({"stage": MACHINE, "cause": cause},))
