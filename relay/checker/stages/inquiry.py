"""One claim on its way through the stages: the results of reading it, the findings, and the fields drawn for it."""

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
"""Stages that cost more try at most so many cases."""
MOST_ASKED = 3
"""The open cases include at most so many cases beyond the base cases: the last ones, whose numbers are largest."""
MOST_ROOTED = 3
"""Over the reals and the complexes, comparisons with zero are examined at at most so many cases."""
NOTHING_ELIMINATED = Eliminated(frozenset(), frozenset(), ())


@dataclass(frozen=True, slots=True)
class OpenCases:
    """Cases at which a claim over fields is tried in further fields."""

    cases: tuple[Case, ...]
    eliminated: tuple[Case, ...]
    """The members of `cases` at which unknowns are eliminated from the polynomials that the claim compares with
    zero."""


@dataclass
class Inquiry:
    """The state of one claim on its way through the stages.

    Cached properties are computed when the first stage uses them, and some draw from `rng`. So another order of stages
    draws other fields, which may change verdicts."""

    reading: ClaimReading
    search: CounterexampleSearch
    rng: np.random.Generator
    structure: Structure | None = None
    """The only model, if the task gives one; otherwise None."""
    ranging: bool = False
    """Whether the claim ranges over a type with scalars in it."""
    certificate: Certificate | None = None
    """A proof at all sizes. It counts only after some value has satisfied the hypothesis: otherwise the claim may be
    vacuous."""
    identities: Identities = field(default_factory=Identities)

    @property
    def tally(self) -> Tally:
        """The findings so far."""
        return self.search.tally

    @property
    def cases(self) -> tuple[Case, ...]:
        """All cases that the verdict covers."""
        return self.reading.plan.cases

    @cached_property
    def base(self) -> tuple[Case, ...]:
        """The cases with numbers up to `LARGEST`."""
        return tuple(case for case in self.cases if max(case.values(), default=0) <= LARGEST)

    def unshown(self, cases: Sequence[Case]) -> tuple[Case, ...]:
        """Returns the given cases without those at which the claim was shown to be an identity."""
        return tuple(case for case in cases if tuple(case.values()) not in self.identities.shown)

    @property
    def exhausted(self) -> tuple[Case, ...]:
        """The cases for small fields: the base cases that are not shown.

        If all base cases are shown and the claim has a hypothesis, these are two base cases, because values that
        satisfy the hypothesis must still be found."""
        return self.unshown(self.base) or self.base[: 2 if self.reading.conditional else 0]

    @cached_property
    def open(self) -> OpenCases:
        """The cases at which further fields are tried: base cases and a few larger cases that are not shown.

        If all base cases are shown but no value has satisfied the hypothesis, `exhausted` takes their place. The
        property depends on the findings at its first use, so no stage may use it before the small fields were tried."""
        unproved = self.unshown(self.base)
        asked = tuple(case for case in self.unshown(self.cases) if case not in self.base)[-MOST_ASKED:]
        cases = (unproved or (self.exhausted if self.tally.satisfying.count == 0 else ()))[:FEW] + asked
        # eliminating costs much, and once a value ran out only a counterexample could still matter
        return OpenCases(cases, () if self.tally.ran_out else cases[:3] + cases[-1:])

    @cached_property
    def large(self) -> tuple[Algebra, ...]:
        """Two large prime fields and a quadratic extension, drawn for the claim."""
        return large_fields(self.rng)

    @cached_property
    def characteristics(self) -> Characteristics:
        """The characteristics in which the claim is tried because of its constants and polynomials."""
        solved = NOTHING_ELIMINATED
        if not self.ranging:  # ranging over a type has no meaning for indeterminates
            solved = eliminated(self.reading.claim, self.open.eliminated, self.reading.definitions)
        return characteristics(self.reading.meetings, solved)

    @cached_property
    def marks(self) -> list[tuple[int, int]]:
        """Fractions (numerator, denominator) at which an inequality may change."""
        return marks(self.reading.meetings.numbers)

    @cached_property
    def roots(self) -> Roots:
        """The roots at which comparisons in one unknown change, over the reals and the complexes."""
        cases = self.unshown(self.cases)[:MOST_ROOTED]
        return roots(self.reading.claim, cases, self.reading.definitions)
