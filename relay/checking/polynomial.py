"""Identities of polynomials over the integers, size by size: true there, true in every field and under every
involution."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from relay.checking.cases import Case
from relay.checking.draws import indeterminates, shape
from relay.checking.probe import probe
from relay.models.base import TooLarge, Undecidable
from relay.models.infinite import Rationals
from relay.models.polynomials import Polynomials
from relay.notation.syntax import Claim, Definition

FUEL = 200_000
MOST_INDETERMINATES = 64
MOST_TERMS = 2_000_000


def identity_everywhere(claim: Claim, cases: Sequence[Case], definitions: Mapping[str, Definition]) -> bool:
    """Whether the claim, its hypothesis aside, is an identity at every one of the cases. False only means that it was
    not shown."""
    bare = Claim(
        claim.name, claim.over, claim.parameters, claim.sizes, None, claim.body, claim.source, claim.rests_on,
        claim.key, claim.nodes,
    )  # fmt: skip
    shown = 0
    for case in cases:
        drawn = shape(claim.parameters, case, Rationals())
        if drawn is None:
            continue
        scalars, truths = drawn.cells
        if truths or scalars > MOST_INDETERMINATES:
            return False
        ring = Polynomials(max(scalars, 1))
        try:
            seen = probe(bare, indeterminates(drawn, ring), 1, ring, definitions, FUEL)
        except (Undecidable, TooLarge):
            return False
        if seen.false.any() or seen.undefined.any() or seen.exhausted.any():
            return False
        shown += 1
    return shown > 0
