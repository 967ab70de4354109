"""A counterexample as researchers are told it: without anything that gives away a field that was drawn.

A value in a drawn field gives its prime away: -1 is printed as p - 1, and p divides the difference between a side's
value and the value that the printed numbers give over the integers. So a witness in a field that no message names is
told in one of two ways:

1. Another witness takes its place, in Q, in Q(i) if the claim conjugates, or in a small field that messages name. Most
   claims that fail in a large field only fail there because small fields have too few elements; then small integers
   refute them too.
2. If no other witness is found, its values are shown through a veil (`relay.checker.search.veil`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from relay.checker.cases import Case
from relay.checker.characteristics import conjugates
from relay.checker.claim_batch import ClaimBatch, probe
from relay.checker.fields import TOLD, prime_fields, small_primes, untold
from relay.checker.ordered_fields import looked_at
from relay.checker.sampling.parameter_values import shape
from relay.checker.search.budget import FUEL, sample_size
from relay.checker.search.counterexamples import CounterexampleSearch
from relay.checker.search.veil import veiled
from relay.checker.search.witness import Witness, first_witness
from relay.evaluation.algebra.base import Algebra, TooLarge, Undecidable
from relay.evaluation.algebra.structure import Structure
from relay.notation.syntax import Claim, Definition
from relay.seeds import content_generator

RETOLD = 256
"""Values that are tried in each field for another witness."""

Wanted = Callable[[ClaimBatch], NDArray[np.bool_]]
"""The lanes, `bool[lanes]`, whose values are witnesses: the false ones or the undefined ones."""


def names_its_field(model: Algebra) -> bool:
    """Whether messages name the field (`TOLD`) or the structure."""
    return isinstance(model, Structure) or untold(model.name) == model.name


def telling(witness: Witness, search: CounterexampleSearch, wanted: Wanted) -> Witness:
    """Returns a witness that may be printed: `witness` itself if messages name its field; otherwise one of the same
    case in another field; otherwise `witness` with its field under a veil."""
    if names_its_field(witness.model):
        return witness
    for model in _fields(search.claim, search.definitions):
        found = _found(search, model, witness.case, wanted)
        if found is not None:
            return found
    taken = {*search.claim.sizes, *(parameter.name for parameter in search.claim.parameters)}
    return Witness(veiled(witness.model, taken), witness.case, witness.values)


def _fields(claim: Claim, definitions: Mapping[str, Definition]) -> Iterator[Algebra]:
    """The fields in which another witness is looked for."""
    yield looked_at("reals")
    if conjugates(claim, definitions):
        yield looked_at("complexes")
    yield from prime_fields(small_primes(5, TOLD))


def _found(search: CounterexampleSearch, model: Algebra, case: Case, wanted: Wanted) -> Witness | None:
    rng = content_generator(search.claim.key, "told", model.name, *case.values())
    try:
        drawn = shape(search.claim.parameters, case, model)
        if drawn is None:
            return None
        lanes = sample_size(RETOLD, max(search.costs.anywhere(case), 1))
        sample = search.sampler.sample(drawn, model, case, lanes, rng, build=True)
        seen = probe(search.claim, sample.values, lanes, model, search.definitions, FUEL)
        if not wanted(seen).any():
            return None
        witness = first_witness(wanted(seen), model, case, sample.values)
        # again, for this value alone: its result must not depend on the other lanes
        alone = probe(search.claim, witness.values, 1, model, search.definitions, FUEL)
    except (Undecidable, TooLarge):
        return None
    return witness if wanted(alone).any() else None
