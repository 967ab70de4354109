"""The mutation score: how many corruptions of a concept's definitions the concept's own laws notice.

A corruption counts if it changes what the definition says. Whether it does is judged like any claim: the claim is that
the corruption and the definition agree on the form's domain. If that is undecided, the corruption does not count.

A corruption is caught if one of the concept's laws, stated with the corruption in place of the right definition, is
refuted, undefined, vacuous or trivial. An `undecided` law catches nothing.
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
"""Judges a claim, given the definitions that it rests on. Whoever passes the function decides where it runs."""

NOTICED = (Status.REFUTED, Status.UNDEFINED, Status.VACUOUS, Status.TRIVIAL)


class Score(Record):
    """Results for the corruptions of a form, of a concept, or of a whole task. Scores can be added."""

    caught: int = 0
    survivors: tuple[str, ...] = ()
    """Sources of corruptions that change the definition and that no law notices."""
    unchanged: int = 0
    """Number of corruptions that say the same as the definition."""
    undecided: int = 0
    """Number of corruptions for which it is unknown whether they say the same."""

    @property
    def counted(self) -> int:
        """Number of corruptions that change what the definition says."""
        return self.caught + len(self.survivors)

    @property
    def tried(self) -> int:
        """Number of all corruptions."""
        return self.counted + self.unchanged + self.undecided

    @property
    def share(self) -> float | None:
        """Caught corruptions as a share of those that count; None if none counts."""
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
    """The score of at most `most` corruptions of one form, by the laws of its concept.

    `laws` should contain only laws that are accepted as they stand: any other would catch every corruption.
    `at_once` limits how many corruptions are tried concurrently; by default they are tried one after the other.
    `after_each` is called after each corruption.
    """
    telling = _telling(form, laws, theory)
    slots = at_once or asyncio.Semaphore()

    async def score(corruption: Corruption) -> Score:
        async with slots:
            found = await _score(corruption, form, telling, theory, ask)
        after_each()
        return found

    # `gather` keeps the order, so the score does not depend on which answer comes first
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
        # the first law that notices is enough
        if verdict.status in NOTICED:
            return Score(caught=1)
    return Score(survivors=(corruption.definition.source,))


async def _changed(wrong: Definition, form: CheckedForm, theory: Theory, ask: Ask) -> bool | None:
    """Whether the corruption `wrong` differs from `form` at some value of the form's domain where the form has a value.

    None if that is undecided.
    """
    known = {**theory.definitions, wrong.key: wrong}
    # first without the hypothesis that the form has a value: the claim is simpler, and usually enough
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
    """Those of `laws` that rest on the form. The laws that are cheapest to refute come first."""
    telling = [
        law
        for law in laws
        if form.definition.key in closure((key for _, key in law.claim.rests_on), theory.definitions)
    ]
    return sorted(telling, key=lambda law: (*_cost(law.claim, form, theory), law.name))


def _cost(claim: Claim, form: CheckedForm, theory: Theory) -> tuple[bool, bool, bool, int]:
    # in order of weight: ranging over a type, a hypothesis to satisfy, a chain of calls, many sizes
    terms = [claim.body] if claim.hypothesis is None else [claim.hypothesis, claim.body]
    indirect = form.definition.key not in [key for _, key in claim.rests_on]
    return (
        ranges_over_fields(terms, theory.definitions),
        claim.hypothesis is not None,
        indirect,
        len(dimensions(claim.parameters, claim.sizes)),
    )
