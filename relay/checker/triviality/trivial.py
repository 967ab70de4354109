"""The rules for trivial claims, which hold whatever the defined names mean.

A claim is trivial if one of three rules applies:

1. Its body is one of its hypotheses; if it is a conjunction, each part of it is.
2. Both sides are one term after unfolding, up to the names of bound variables.
3. All defined names (and a task's base operations) are replaced together by random functions of their types, and the
   claim is true at every draw (*the rule of random functions*)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from relay.checker.cases import Case
from relay.checker.claim_batch import probe
from relay.checker.fields import random_prime
from relay.checker.sampling.parameter_values import random_values, shape
from relay.checker.triviality.random_functions import RandomFunctions
from relay.checker.triviality.same_unfolded import one_term
from relay.evaluation.algebra.base import Algebra, TooLarge, Undecidable
from relay.evaluation.algebra.finite_fields import PrimeField, QuadraticExtension
from relay.evaluation.algebra.rationals import Rationals
from relay.evaluation.algebra.structure import Structure
from relay.notation.canonical import canonical_term
from relay.notation.syntax import (
    Apply,
    Claim,
    Definition,
    NatType,
    Partial,
    Term,
)
from relay.notation.traversal import free_names, operands, walk
from relay.notation.unfolding import unfold
from relay.records.status import Reason
from relay.seeds import content_generator

DRAWS = 3
"""The number of draws at each case."""
STRUCTURE_DRAWS = 48
"""The number of draws in two cases where one draw says little: in a structure, where two random values are often equal
by chance; and for a body without parameters, where all lanes of a draw are the same experiment."""
LANES = 64
"""Values for one draw."""
LANES_WITH_HYPOTHESIS = 4096
"""Values for one draw if there is a hypothesis: few of them satisfy it."""
LANES_IN_ORDER = 512
"""The number in place of `LANES_WITH_HYPOTHESIS` in ordered fields, where arithmetic is slow."""
SATISFIED = 8
"""A draw counts only if at least so many of its values satisfy the hypothesis."""
FUEL = 200_000
"""Nodes that one value may cost."""
_WHY = {
    Reason.NOTHING_DEFINED: "it uses no definition, so it follows from what is given",
    Reason.REPEATS: "what it claims is one of its own hypotheses",
    Reason.SAME_TERM: "both sides are one term",
    Reason.SAME_UNFOLDED: "after unfolding, both sides are one term",
    Reason.ANY_FUNCTIONS: (
        "it stays true when every defined name is replaced by a random function, so it says nothing about them"
    ),
}


def trivial_because(reason: Reason) -> str:
    """Returns the message of a claim that is trivial for `reason`."""
    return f"trivial: {_WHY[reason]}"


def plainly_trivial(claim: Claim, definitions: Mapping[str, Definition]) -> Reason | None:
    """Returns why the claim is trivial by rule 1 or rule 2, or None. Both rules depend on the text of the claim
    only."""
    if claim.hypothesis is not None and _repeats(claim):
        return Reason.REPEATS
    if _one_term(claim.body, definitions):
        return Reason.SAME_UNFOLDED
    return None


def trivial(
    claim: Claim, cases: list[Case], definitions: Mapping[str, Definition], structure: Structure | None
) -> Reason | None:
    """Returns why the claim is trivial by the rule of random functions, or None."""
    if _whatever_names_mean(claim, cases, definitions, structure):
        if structure is None and not claim.rests_on:
            return Reason.NOTHING_DEFINED
        return Reason.ANY_FUNCTIONS
    return None


def _repeats(claim: Claim) -> bool:
    assert claim.hypothesis is not None
    hypotheses = {canonical_term(h) for h in operands(claim.hypothesis)}
    return all(canonical_term(c) in hypotheses for c in operands(claim.body))


def _one_term(body: Term, definitions: Mapping[str, Definition]) -> bool:
    for part in operands(body):
        if not (isinstance(part, Apply) and part.op == "eq"):
            return False
        left, right = part.args
        if not one_term(left, right, definitions) and not _one_term_applied(left, right, definitions):
            return False
    return True


def _one_term_applied(left: Term, right: Term, definitions: Mapping[str, Definition]) -> bool:
    """Whether two terms are one term if functions that are passed as arguments are unfolded too."""
    if not any(isinstance(term, Partial) for side in (left, right) for term in walk(side)):
        return False
    one, two = (unfold(side, definitions) for side in (left, right))
    return one is not None and two is not None and canonical_term(one) == canonical_term(two)


def _whatever_names_mean(
    claim: Claim, cases: list[Case], definitions: Mapping[str, Definition], structure: Structure | None
) -> bool:
    """Whether the claim is true at every draw of random functions for its definitions, and enough draws have enough
    values that satisfy its hypothesis."""
    if claim.over != "fields":
        return _in_every_field(claim, cases, definitions)
    convincing = 0
    names = {p.name for p in claim.parameters if not isinstance(p.type, NatType)}
    varied = structure is None and bool(free_names(claim.body) & names)
    draws = DRAWS if varied else STRUCTURE_DRAWS
    for case in cases:
        for draw in range(draws):
            # the generator is seeded by claim, draw and case, so that a verdict depends on nothing else
            rng = _generator(claim, case, draw)
            model = structure or _model(rng, draw, claim.hypothesis is not None)
            lanes = LANES if claim.hypothesis is None else LANES_WITH_HYPOTHESIS
            try:
                satisfied = _satisfied(claim, case, model, lanes, definitions, rng)
            except (Undecidable, TooLarge):
                return False
            if satisfied is None:
                return False
            convincing += satisfied >= SATISFIED
    return convincing >= min(DRAWS, len(cases) * DRAWS) and convincing > 0


def _satisfied(
    claim: Claim,
    case: Case,
    model: Algebra,
    lanes: int,
    definitions: Mapping[str, Definition],
    rng: np.random.Generator,
) -> int | None:
    """Returns how many values satisfy the hypothesis under one draw of all functions. Returns None if the claim is not
    true for all of these values.

    Raises `Undecidable` if the model cannot answer, and `TooLarge` if a number exceeds the limits of the model."""
    oracle = RandomFunctions(int(rng.integers(1, 2**62)))
    drawn = shape(claim.parameters, case, model)
    if drawn is None:
        return 0
    values = random_values(drawn, model, lanes, rng, case)
    seen = probe(claim, values, lanes, model, definitions, FUEL, oracle)
    if seen.false.any() or seen.undefined.any() or seen.exhausted.any():
        return None
    return int(seen.satisfied.sum())


def _in_every_field(claim: Claim, cases: list[Case], definitions: Mapping[str, Definition]) -> bool:
    """Whether a claim over the reals or the complexes is trivial by the rule of random functions.

    A claim that is true in its class but not in every field says something about its class, so it is not trivial.
    Therefore finite fields are tried. They are small, so that random values satisfy an equation now and then. A claim
    about the order can be evaluated in ordered fields only. If such a claim calls no definition, it says something
    about the order, and is not trivial."""
    orders = False
    convincing = 0
    for case in cases:
        for draw in range(DRAWS):
            rng = _generator(claim, case, draw)
            real = claim.over == "reals"
            model: Algebra = PrimeField((101, 103, 107)[draw]) if real else QuadraticExtension((11, 13, 17)[draw])
            try:
                # once a draw needed the order, finite fields are not tried again
                if not orders:
                    satisfied = _satisfied(claim, case, model, LANES_WITH_HYPOTHESIS, definitions, rng)
            except Undecidable:
                orders = True
            except TooLarge:
                return False
            if orders:
                # complex fields have no order either, so there such a claim has no value at all
                if not claim.rests_on or not real:
                    return False
                lanes = LANES if claim.hypothesis is None else LANES_IN_ORDER
                try:
                    satisfied = _satisfied(claim, case, Rationals(), lanes, definitions, rng)
                except (Undecidable, TooLarge):
                    return False
            if satisfied is None:
                return False
            convincing += satisfied >= SATISFIED
    return convincing >= min(DRAWS, len(cases) * DRAWS) and convincing > 0


def _generator(claim: Claim, case: Case, draw: int) -> np.random.Generator:
    sizes = sorted((d.kind, d.name, d.level, v) for d, v in case.items())
    return content_generator(claim.key, "trivial", draw, sizes)


def _model(rng: np.random.Generator, draw: int, hypothesis: bool) -> Algebra:
    if hypothesis and draw != 1:  # small enough for an equation to be met by chance
        return PrimeField((101, 103, 107)[draw % 3])
    return QuadraticExtension(random_prime(rng)) if draw == 1 else PrimeField(random_prime(rng))
