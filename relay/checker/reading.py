"""What is read off a claim before any value is tried: its cases, and the numbers that it names."""

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
"""Constants of a claim, the smallest ones, that whole parameters are filled with."""


@dataclass(frozen=True, slots=True)
class ClaimReading:
    """A claim, and what was read off it."""

    claim: Claim
    definitions: Mapping[str, Definition]
    """All that the claim rests on, by key."""
    dims: tuple[Dimension, ...]
    plan: Plan
    meetings: Meetings

    @property
    def terms(self) -> list[Term]:
        """The hypothesis, if there is one, and what is claimed."""
        return terms_of(self.claim)

    @property
    def conditional(self) -> bool:
        """Whether there is a hypothesis."""
        return self.claim.hypothesis is not None

    @property
    def fillings(self) -> tuple[int, ...]:
        """Scalars that whole parameters are filled with, now and then."""
        return (0, 1, *sorted(c for c in self.meetings.scalars if 1 < c < 2**31)[:MOST_CONSTANTS])


def terms_of(claim: Claim) -> list[Term]:
    """The hypothesis, if there is one, and what is claimed."""
    return [claim.body] if claim.hypothesis is None else [claim.hypothesis, claim.body]


def read_claim(
    claim: Claim, definitions: Mapping[str, Definition], structure: Structure | None, rng: np.random.Generator
) -> ClaimReading:
    """Read a claim about a structure, or about the fields of its class where there is none."""
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
    """Models in which the claim is watched while it runs."""
    if structure is not None:
        return (structure,)
    drawn = PrimeField(random_prime(rng))  # drawn for every class, so that later draws are the same
    return (small(3), drawn) if claim.over == "fields" else (looked_at(claim.over),)
