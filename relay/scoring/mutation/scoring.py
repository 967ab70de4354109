"""The mutation score: how many corruptions of a concept's definitions its own laws notice.

A corruption counts when it changes what the definition says, which is judged like any claim: that the two agree on the
form's domain. It is caught when one of the concept's laws, stated with the corruption in the place of the right
definition, is refuted, undefined, vacuous or trivial. `undecided` catches nothing, and where it is undecided whether
anything changed, the corruption does not count.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

from relay.checker.cases import dimensions
from relay.checker.verdict import Verdict
from relay.notation.dependencies import closure, ranges_over_fields
from relay.notation.syntax import Claim, Definition
from relay.records.record import Record
from relay.records.status import Status
from relay.scoring.credit.agreement_claim import agreement
from relay.scoring.mutation.corruptions import MOST, Corruption, corruptions
from relay.scoring.mutation.replacing import replaced
from relay.scoring.theory import CheckedForm, CheckedLaw, Theory

Ask = Callable[[Claim, Mapping[str, Definition]], Awaitable[Verdict]]
"""Judges a claim by the definitions behind it: who does, and where, is not the concern of what is here."""

NOTICED = (Status.REFUTED, Status.UNDEFINED, Status.VACUOUS, Status.TRIVIAL)


class Score(Record):
    """What became of the corruptions of a form, of a concept, or of a whole task."""

    caught: int = 0
    survivors: tuple[str, ...] = ()
    """Sources of the corruptions that change the definition and that no law notices."""
    unchanged: int = 0
    """Corruptions that say the same as the definition."""
    undecided: int = 0
    """Corruptions of which it is not known whether they do."""

    @property
    def counted(self) -> int:
        """Corruptions that change what the definition says."""
        return self.caught + len(self.survivors)

    @property
    def tried(self) -> int:
        """All corruptions."""
        return self.counted + self.unchanged + self.undecided

    @property
    def share(self) -> float | None:
        """Caught ones among those that count; None where none does."""
        return self.caught / self.counted if self.counted else None

    def __add__(self, other: Score) -> Score:
        return Score(
            caught=self.caught + other.caught,
            survivors=self.survivors + other.survivors,
            unchanged=self.unchanged + other.unchanged,
            undecided=self.undecided + other.undecided,
        )


async def score_form(
    form: CheckedForm,
    laws: Sequence[CheckedLaw],
    theory: Theory,
    ask: Ask,
    *,
    most: int = MOST,
    at_once: asyncio.Semaphore | None = None,
    after_each: Callable[[], None] = lambda: None,
) -> Score:
    """The score of at most `most` corruptions of one form against laws: those of its concept that are accepted as they
    stand, since any other would catch everything. Corruptions are tried side by side, as many as `at_once` lets in."""
    telling = _telling(form, laws, theory)
    slots = at_once or asyncio.Semaphore()

    async def score(corruption: Corruption) -> Score:
        async with slots:
            found = await _score(corruption, form, telling, theory, ask)
        after_each()
        return found

    scores = await asyncio.gather(*map(score, corruptions(form.definition, theory.scope, most)))
    return sum(scores, Score())


async def _score(
    corruption: Corruption, form: CheckedForm, laws: Sequence[CheckedLaw], theory: Theory, ask: Ask
) -> Score:
    changed = await _changed(corruption.definition, form, theory, ask)
    if changed is None:
        return Score(undecided=1)
    if not changed:
        return Score(unchanged=1)
    for law in laws:
        verdict = await ask(*replaced(law.claim, form.definition.key, corruption.definition, theory.definitions))
        if verdict.status in NOTICED:
            return Score(caught=1)
    return Score(survivors=(corruption.definition.source,))


async def _changed(wrong: Definition, form: CheckedForm, theory: Theory, ask: Ask) -> bool | None:
    """Whether a corruption differs from the form somewhere in its domain where the form has a value; None where that
    is undecided."""
    known = {**theory.definitions, wrong.key: wrong}
    for defined in (False, True):
        claim = agreement(wrong, form, defined)
        verdict = await ask(claim, closure((key for _, key in claim.rests_on), known))
        if verdict.status is Status.REFUTED or (defined and verdict.status is Status.UNDEFINED):
            return True
        if verdict.status.accepted or verdict.status is Status.TRIVIAL:
            return False
        if verdict.status is not Status.UNDEFINED:
            return None
    return None


def _telling(form: CheckedForm, laws: Sequence[CheckedLaw], theory: Theory) -> list[CheckedLaw]:
    """The laws that rest on the form, those that cost least to refute first."""
    telling = [
        law
        for law in laws
        if form.definition.key in closure((key for _, key in law.claim.rests_on), theory.definitions)
    ]
    return sorted(telling, key=lambda law: (*_cost(law.claim, form, theory), law.name))


def _cost(claim: Claim, form: CheckedForm, theory: Theory) -> tuple[bool, bool, bool, int]:
    terms = [claim.body] if claim.hypothesis is None else [claim.hypothesis, claim.body]
    indirect = form.definition.key not in [key for _, key in claim.rests_on]
    return (
        ranges_over_fields(terms, theory.definitions),
        claim.hypothesis is not None,
        indirect,
        len(dimensions(claim.parameters, claim.sizes)),
    )
