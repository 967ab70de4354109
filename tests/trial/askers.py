"""A truth scheme that asks somebody outside of the process: a component read from a file."""

from __future__ import annotations

import os
from pathlib import Path

from relay.checker.verdict import Verdict
from relay.errors import MachineFault, ModelFault
from relay.records.status import Status
from relay.researcher.model import Completion
from relay.schemes.outside import Outside, Question
from relay.schemes.truth.scheme import StatedClaim, TruthScheme

ASKED = "TESTS_ASKED"
"""Variable of the environment with the path of a file that gets a line for each request."""
FAULTS = "TESTS_FAULTS"
"""Variable with the kinds of faults that the next requests end with, separated by commas."""


async def answer(text: str) -> Completion:
    """An opinion of a claim: it is true if its text has an even length. Other faults come first."""
    with Path(os.environ[ASKED]).open("a") as file:
        file.write(f"{text}\n")
    fault, _, rest = os.environ.get(FAULTS, "").partition(",")
    os.environ[FAULTS] = rest
    if fault == "machine":
        raise MachineFault("it was away", kind="connection")
    if fault == "model":
        raise ModelFault("it refused")
    return Completion(text="true" if len(text) % 2 == 0 else "false", tokens_in=7, tokens_out=1)


class Asker(TruthScheme):
    """Reports what somebody outside says of a claim."""

    def of_claim(self, verdict: Verdict) -> Verdict | None:
        return None

    def of_phenomena(self, explained: tuple[int, ...]) -> tuple[int, ...] | None:
        return explained

    async def tell(self, stated: StatedClaim, outside: Outside) -> Verdict | None:
        text = stated.claim.source
        said = await outside.ask(Question("opinion", "coin/toss", text, stated.claim.key), lambda: answer(text))
        if said.fault:
            return None
        status = Status.HOLDS if said.text == "true" else Status.REFUTED
        return Verdict(status=status, message=status.value)

    @property
    def tells(self) -> bool:
        return True
