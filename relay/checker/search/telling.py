"""A counterexample as researchers are told it: without anything that gives away a field that was drawn.

A value in a drawn field gives its prime away: -1 is printed as p - 1, and p divides the difference between a side's
value and the value that the printed numbers give over the integers. A number or a truth value does so as well, if a
claim ties it to the number of scalars or to the order of an element; and so does the length of a list, or a size. So a
witness in a field that no message names is told in one of two ways:

1. Another witness takes its place, in Q, in Q(i) if the claim conjugates, in a small field that messages name, or in
   one whose characteristic divides a constant of the claim. Most claims that fail in a large field only fail there
   because small fields have too few elements; then small integers refute them too.
2. If no other witness is found, nothing is told of it but that its field is a larger one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

import numpy as np
from numpy.typing import NDArray

from relay.checker.cases import Case
from relay.checker.characteristics import conjugates
from relay.checker.claim_batch import ClaimBatch, probe
from relay.checker.fields import TOLD, divisor_fields, is_named, prime_fields, small_primes
from relay.checker.ordered_fields import looked_at
from relay.checker.sampling.parameter_values import shape
from relay.checker.search.budget import FUEL, sample_size
from relay.checker.search.counterexamples import CounterexampleSearch
from relay.checker.search.witness import Witness, first_witness
from relay.evaluation.algebra.base import Algebra, TooLarge, Undecidable
from relay.seeds import content_generator

RETOLD = 256
"""Values that are tried in each field for another witness."""

Wanted = Callable[[ClaimBatch], NDArray[np.bool_]]
"""The lanes, `bool[lanes]`, whose values are witnesses: the false ones or the undefined ones."""


def telling(
    witness: Witness, search: CounterexampleSearch, constants: Collection[int], wanted: Wanted
) -> Witness | None:
    """Returns a witness that may be printed: `witness` itself if messages name its field; otherwise one of the same
    case in another field, or None if none is found. `constants` are the numbers of the claim."""
    if is_named(witness.model):
        return witness
    others = (_found(search, model, witness.case, wanted) for model in _fields(search, constants))
    return next((other for other in others if other is not None), None)


def _fields(search: CounterexampleSearch, constants: Collection[int]) -> Iterator[Algebra]:
    """The fields in which another witness is looked for. None of them is drawn."""
    yield looked_at("reals")
    if conjugates(search.claim, search.definitions):
        yield looked_at("complexes")
    yield from prime_fields(small_primes(5, TOLD))
    yield from divisor_fields(constants)


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
