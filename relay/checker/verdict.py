"""The checker's answer to a statement: a status, a message, and the evidence."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict

from relay.records.status import Reason, Status

MACHINE = "machine"
"""The stage name of evidence that the process died or failed. Such evidence says nothing about the statement."""


class Verdict(BaseModel):
    """The checker's whole answer. Researchers see the status and the message, never the reason, the scope or the
    evidence."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    status: Status
    message: str
    """The verdict in words, for people and models: the status, then what explains it, with the counterexample. A reply
    consists of it. Programs read the other fields."""
    reason: Reason | None = None
    """For `undecided`, `vacuous` and `trivial`: why. None for other statuses, except for a definition whose concepts
    are not known because a process failed."""
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
        return self.reason is not None and self.reason.of_machine

    @property
    def lacked_memory(self) -> bool:
        """Whether the process that checked the statement ran out of memory."""
        return self.reason is Reason.OUT_OF_MEMORY


def by_machine(cause: str, reason: Reason = Reason.STOPPED) -> Verdict:
    """Returns the verdict on a statement whose check was stopped. `cause` says in a few words what stopped it."""
    message = f"undecided: the process that checked it was stopped: {cause}"
    evidence = ({"stage": MACHINE, "cause": cause},)
    return Verdict(status=Status.UNDECIDED, message=message, reason=reason, evidence=evidence)


def without_memory() -> Verdict:
    """Returns the verdict on a statement for which there was not enough memory."""
    return by_machine("out of memory", Reason.OUT_OF_MEMORY)
