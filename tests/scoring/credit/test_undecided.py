"""What an undecided verdict means for credit depends on its reason, and not on its message."""

from __future__ import annotations

import pytest

from relay.checker.verdict import Verdict
from relay.notation import Scope, read_statement
from relay.notation.syntax import Definition
from relay.records.status import Reason, Status
from relay.records.task import Given
from relay.scoring.credit.agreement_claim import contradicted
from relay.scoring.theory import CheckedForm


class _Undecided:
    """A checker that leaves every claim undecided, with the message of another reason."""

    def __init__(self, reason: Reason) -> None:
        self._reason = reason

    def judge(self, *_: object) -> Verdict:
        message = "undecided: a constant is out of reach" if self._reason is Reason.RAN_OUT else "undecided: ran out of"
        return Verdict(status=Status.UNDECIDED, message=message, reason=self._reason)


@pytest.mark.parametrize(
    ("reason", "refused"), [(Reason.RAN_OUT, False), (Reason.OUT_OF_REACH, True), (Reason.UNTRIED, True)]
)
def test_credit_survives_a_checker_that_ran_out_and_no_constant_out_of_reach(reason: Reason, refused: bool) -> None:
    form = read_statement("define f(x: Scalar) -> Scalar = x * x", Scope(Given(scalars=True)))
    assert isinstance(form, Definition)
    checked = CheckedForm("square", form, None, {}, None)
    checker = _Undecided(reason)
    assert contradicted(form, (0,), checked, {form.key: form}, checker) is refused  # type: ignore[arg-type]
