"""One claim on one batch of values: in which lanes its hypothesis holds, and in which of these it is false."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from relay.evaluation.algebra.base import Algebra
from relay.evaluation.evaluate import evaluate
from relay.evaluation.evaluator import Oracle
from relay.evaluation.lanes import EXHAUSTED, OK, UNDEFINED
from relay.evaluation.values import Value, as_array, take
from relay.notation.syntax import Claim, Definition


@dataclass(frozen=True, slots=True, eq=False)
class ClaimBatch:
    """The results of evaluating one claim on a batch of values. All arrays are `bool[lanes]`."""

    satisfied: NDArray[np.bool_]
    """The hypothesis is true. A value for which the hypothesis is undefined does not satisfy it."""
    unclear: NDArray[np.bool_]
    """The hypothesis is undefined."""
    false: NDArray[np.bool_]
    """The hypothesis is true and the claim is false."""
    undefined: NDArray[np.bool_]
    """The hypothesis is true and the claim is undefined."""
    exhausted: NDArray[np.bool_]
    """The hypothesis or the claim ran out of fuel, memory or depth."""
    fuel: int
    """An upper bound for the fuel of the costliest lane: the maximum for the hypothesis plus the maximum for the
    claim."""
    work: int
    """Work for the whole batch, in nodes times lanes."""


def probe(
    claim: Claim,
    values: Mapping[str, Value],
    lanes: int,
    model: Algebra,
    definitions: Mapping[str, Definition],
    fuel: int,
    oracle: Oracle | None = None,
) -> ClaimBatch:
    """Evaluates the hypothesis for the `lanes` values, and the claim for those that satisfy the hypothesis. If there is
    an `oracle`, it answers all calls.

    Raises `Undecidable` if the model cannot answer, and `TooLarge` if a number exceeds the limits of the model."""
    satisfied = np.ones(lanes, dtype=np.bool_)
    unclear = np.zeros(lanes, dtype=np.bool_)
    exhausted = np.zeros(lanes, dtype=np.bool_)
    false, undefined = np.zeros(lanes, dtype=np.bool_), np.zeros(lanes, dtype=np.bool_)
    spent = work = 0
    if claim.hypothesis is not None:
        outcome = evaluate(claim.hypothesis, values, lanes, model, definitions, fuel, oracle=oracle)
        spent, work = int(outcome.fuel.max(initial=0)), outcome.work
        unclear, exhausted = outcome.status == UNDEFINED, outcome.status == EXHAUSTED
        truth = np.zeros(lanes, dtype=np.bool_) if outcome.value is None else as_array(outcome.value, lanes, np.bool_)
        satisfied = truth.astype(np.bool_) & (outcome.status == OK)
    index = np.flatnonzero(satisfied)
    if len(index):  # the claim is evaluated only where its hypothesis is true
        # copying lanes is needless in the usual case that all of them satisfy the hypothesis
        chosen = dict(values) if len(index) == lanes else {name: take(v, index) for name, v in values.items()}
        outcome = evaluate(claim.body, chosen, len(index), model, definitions, fuel, oracle=oracle)
        spent, work = spent + int(outcome.fuel.max(initial=0)), work + outcome.work
        truth = (
            np.zeros(len(index), dtype=np.bool_)
            if outcome.value is None
            else as_array(outcome.value, len(index), np.bool_).astype(np.bool_)
        )
        # a lane is false only if it has a value: what ran out or is undefined refutes nothing
        false[index] = ~truth & (outcome.status == OK)
        undefined[index] = outcome.status == UNDEFINED
        exhausted[index] |= outcome.status == EXHAUSTED
    return ClaimBatch(satisfied, unclear, false, undefined, exhausted, spent, work)
