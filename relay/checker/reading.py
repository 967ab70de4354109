"""Reads a claim before any value is tried: computes its cases, and the numbers that its sizes and values may meet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from relay.checker.cases import LARGEST, Dimension, Plan, dimensions, plan
from relay.checker.cutoffs.change_points import turns
from relay.checker.cutoffs.compared_constants import Meetings, meetings
from relay.checker.cutoffs.observed_constants import traced
from relay.checker.cutoffs.sizes_as_scalars import Sized, sized
from relay.checker.fields import random_prime, small
from relay.checker.ordered_fields import looked_at
from relay.evaluation.algebra.base import Algebra
from relay.evaluation.algebra.finite_fields import PrimeField
from relay.evaluation.algebra.structure import Structure
from relay.notation.syntax import Claim, Definition, Term

MOST_CONSTANTS = 6
"""Parameters are filled with at most so many constants of a claim, the smallest ones."""


@dataclass(frozen=True, slots=True)
class ClaimReading:
    """A claim and the results of reading it."""

    claim: Claim
    definitions: Mapping[str, Definition]
    """All definitions that the claim rests on, by key."""
    dims: tuple[Dimension, ...]
    plan: Plan
    meetings: Meetings

    @property
    def terms(self) -> list[Term]:
        """The hypothesis, if there is one, and the body of the claim."""
        return terms_of(self.claim)

    @property
    def conditional(self) -> bool:
        """Whether there is a hypothesis."""
        return self.claim.hypothesis is not None

    @property
    def fillings(self) -> tuple[int, ...]:
        """The scalars for values in which all entries of a parameter are one scalar: 0, 1, and the smallest scalar
        constants of the claim."""
        return (0, 1, *sorted(c for c in self.meetings.scalars if 1 < c < 2**31)[:MOST_CONSTANTS])


def terms_of(claim: Claim) -> list[Term]:
    """Returns the hypothesis, if there is one, and the body of the claim."""
    return [claim.body] if claim.hypothesis is None else [claim.hypothesis, claim.body]


def read_claim(
    claim: Claim, definitions: Mapping[str, Definition], structure: Structure | None, rng: np.random.Generator
) -> ClaimReading:
    """Reads a claim. It is about `structure`; if that is None, it is about the fields of its class.

    Draws from `rng`: first the order of cases, then the models in which the claim is observed."""
    dims = dimensions(claim.parameters, claim.sizes)
    terms = terms_of(claim)
    read = meetings(terms, [p.type for p in claim.parameters], definitions)
    order = [int(n) for n in rng.integers(0, 2**31, size=997)]
    met = read.constants | traced(terms, claim.parameters, dims, _looked_in(claim, structure, rng), definitions, rng)
    turned = turns(claim, frozenset(d.name for d in dims if d.kind != "length"), definitions)
    as_scalars = Sized()
    if max(read.scalars, default=0) > 1:  # else there is no constant for a size to meet
        as_scalars = sized(terms, claim.parameters, dims, definitions, claim.key)
    met |= read.scalars if as_scalars.found else frozenset()
    read = replace(read, followed=read.followed and turned.followed and not as_scalars.closing)
    cases = plan(dims, met, LARGEST, order, turned.numbers, turned.together)
    return ClaimReading(claim, definitions, dims, cases, read)


def _looked_in(claim: Claim, structure: Structure | None, rng: np.random.Generator) -> tuple[Algebra, ...]:
    """Returns the models in which comparisons are observed while the claim is evaluated."""
    if structure is not None:
        return (structure,)
    drawn = PrimeField(random_prime(rng))  # drawn for every class, so that later draws are the same
    return (small(3), drawn) if claim.over == "fields" else (looked_at(claim.over),)
