"""One claim on its way through the stages: what was read off it, what was found, what was drawn for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from relay.checker.cases import LARGEST, Case
from relay.checker.characteristics import Characteristics, characteristics
from relay.checker.fields import large_fields
from relay.checker.generic.elimination import Eliminated, eliminated
from relay.checker.generic.identities import Identities
from relay.checker.generic.roots import Roots, roots
from relay.checker.ordered_fields import marks
from relay.checker.reading import ClaimReading
from relay.checker.search.counterexamples import CounterexampleSearch
from relay.checker.search.tally import Tally
from relay.checker.symbolic import Certificate
from relay.evaluation.algebra.base import Algebra
from relay.evaluation.algebra.structure import Structure

FEW = 8
"""Cases for the dearer stages."""
MOST_ASKED = 3
"""... and the last so many of those that a constant asks for."""
MOST_ROOTED = 3
"""Cases in which it is looked at what is compared with zero, over the reals and the complexes."""
NOTHING_ELIMINATED = Eliminated(frozenset(), frozenset(), ())


@dataclass(frozen=True, slots=True)
class OpenCases:
    """Cases at which a claim over fields is tried in further fields."""

    cases: tuple[Case, ...]
    eliminated: tuple[Case, ...]
    """Those of them at which polynomials that the claim compares with zero are eliminated."""


@dataclass
class Inquiry:
    """The state of one claim. What stages share is made when the first of them asks for it, and what is drawn is drawn
    in that order: another order of stages gives other fields."""

    reading: ClaimReading
    search: CounterexampleSearch
    rng: np.random.Generator
    structure: Structure | None = None
    """The only model, where the task gives one."""
    ranging: bool = False
    """Whether the claim ranges over a type with scalars in it."""
    certificate: Certificate | None = None
    """A proof at all sizes, which counts once the hypothesis was seen to be satisfied."""
    identities: Identities = field(default_factory=Identities)

    @property
    def tally(self) -> Tally:
        """What was found."""
        return self.search.tally

    @property
    def cases(self) -> tuple[Case, ...]:
        """All cases that the verdict speaks about."""
        return self.reading.plan.cases

    @cached_property
    def base(self) -> tuple[Case, ...]:
        """Those with numbers up to `LARGEST`."""
        return tuple(case for case in self.cases if max(case.values(), default=0) <= LARGEST)

    def unshown(self, cases: Sequence[Case]) -> tuple[Case, ...]:
        """Those of some cases at which the claim is not known to be an identity."""
        return tuple(case for case in cases if tuple(case.values()) not in self.identities.shown)

    @property
    def exhausted(self) -> tuple[Case, ...]:
        """Cases for small fields: the base cases that are not shown. Where all are, two of them for a claim with a
        hypothesis, since that must still be satisfied."""
        return self.unshown(self.base) or self.base[: 2 if self.reading.conditional else 0]

    @cached_property
    def open(self) -> OpenCases:
        """As things stand once the small fields were tried."""
        unproved = self.unshown(self.base)
        asked = tuple(case for case in self.unshown(self.cases) if case not in self.base)[-MOST_ASKED:]
        cases = (unproved or (self.exhausted if self.tally.satisfying.count == 0 else ()))[:FEW] + asked
        return OpenCases(cases, () if self.tally.ran_out else cases[:3] + cases[-1:])

    @cached_property
    def large(self) -> tuple[Algebra, ...]:
        """Two large prime fields and the square of one, drawn for the claim."""
        return large_fields(self.rng)

    @cached_property
    def characteristics(self) -> Characteristics:
        """What the claim asks for."""
        solved = NOTHING_ELIMINATED
        if not self.ranging:
            solved = eliminated(self.reading.claim, self.open.eliminated, self.reading.definitions)
        return characteristics(self.reading.meetings, solved)

    @cached_property
    def marks(self) -> list[tuple[int, int]]:
        """Fractions at which an inequality may turn."""
        return marks(self.reading.meetings.numbers)

    @cached_property
    def roots(self) -> Roots:
        """Where comparisons in one unknown turn, over the reals and the complexes."""
        cases = self.unshown(self.cases)[:MOST_ROOTED]
        return roots(self.reading.claim, cases, self.reading.definitions)
