"""One value for which a claim is false or undefined."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from relay.checker.cases import Case, describe
from relay.checker.claim_batch import probe
from relay.checker.fields import untold
from relay.checker.search.budget import FUEL
from relay.evaluation.algebra.base import Algebra, TooLarge, Undecidable
from relay.evaluation.algebra.structure import Structure
from relay.evaluation.evaluate import evaluate
from relay.evaluation.printing import show
from relay.evaluation.values import Value, take
from relay.notation.comparisons import COMPARISONS
from relay.notation.syntax import Apply, Claim, Definition, Term

SIDE_FUEL = 1_000_000
"""Nodes that one side of a claim may cost when a counterexample is printed."""


@dataclass(frozen=True, slots=True, eq=False)
class Witness:
    """One value for which a claim is false or undefined: its model, its case, and the parameters' values (a batch of
    one lane)."""

    model: Algebra
    case: Case
    values: Mapping[str, Value]


def first_witness(lanes: NDArray[np.bool_], model: Algebra, case: Case, values: Mapping[str, Value]) -> Witness:
    """Returns the value in the first lane that is set in `lanes` (`bool[lanes]`). Precondition: some lane is set."""
    lane = int(np.flatnonzero(lanes)[0])
    return Witness(model, case, {name: take(value, np.array([lane])) for name, value in values.items()})


def confirmed(witness: Witness, claim: Claim, definitions: Mapping[str, Definition]) -> bool:
    """Whether the claim is false again when it is evaluated for this value alone.

    A value's result in a batch must not depend on the other lanes. If it does, because of a fault in the evaluator,
    this check keeps that from refuting a claim."""
    try:
        seen = probe(claim, witness.values, 1, witness.model, definitions, FUEL)
    except (Undecidable, TooLarge):
        return False
    return bool(seen.false.any())


def printed(witness: Witness, claim: Claim, definitions: Mapping[str, Definition], sides: bool = True) -> str:
    """Returns the sizes and parameters of the witness in the notation. If `sides` is true and the claim is a
    comparison, the text also gives the values of both sides. Researchers are told what `telling` returns: its
    field is not a drawn one."""
    model = witness.model
    parts = [describe({d: v for d, v in witness.case.items() if d.kind == "size"})]
    parts += [f"{p.name} = {show(witness.values[p.name], p.type, 0, model)}" for p in claim.parameters]
    text = ", ".join(part for part in parts if part) or "every value"
    if not isinstance(model, Structure):
        text += f" (in {untold(model.name)})"
    if sides and isinstance(claim.body, Apply) and claim.body.op in COMPARISONS:
        values = [_side(side, witness, definitions) for side in claim.body.args]
        if all(values):  # a side may be undecidable or too dear to print
            text += f": the left side is {values[0]}, the right side is {values[1]}"
    return text


def _side(term: Term, witness: Witness, definitions: Mapping[str, Definition]) -> str:
    try:
        outcome = evaluate(term, witness.values, 1, witness.model, definitions, SIDE_FUEL)
    except Undecidable:
        return ""
    return show(outcome.value, term.type, 0, witness.model) if outcome.value is not None and outcome.ok.all() else ""
