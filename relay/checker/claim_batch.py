"""One claim on one batch of values: where the hypothesis holds, and what the claim says there."""

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
    """What a claim says, lane by lane (all arrays are `bool[lanes]`)."""

    satisfied: NDArray[np.bool_]
    """The hypothesis is true; where it is undefined the value does not satisfy it."""
    unclear: NDArray[np.bool_]
    """The hypothesis is undefined."""
    false: NDArray[np.bool_]
    undefined: NDArray[np.bool_]
    exhausted: NDArray[np.bool_]
    """Hypothesis or claim ran out."""
    fuel: int
    """Of the costliest lane."""
    work: int


def probe(
    claim: Claim,
    values: Mapping[str, Value],
    lanes: int,
    model: Algebra,
    definitions: Mapping[str, Definition],
    fuel: int,
    oracle: Oracle | None = None,
) -> ClaimBatch:
    """Value hypothesis and claim; calls are answered by `oracle` where there is one. Raises `Undecidable` where the
    model can't answer."""
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
    if len(index):
        chosen = dict(values) if len(index) == lanes else {name: take(v, index) for name, v in values.items()}
        outcome = evaluate(claim.body, chosen, len(index), model, definitions, fuel, oracle=oracle)
        spent, work = spent + int(outcome.fuel.max(initial=0)), work + outcome.work
        truth = (
            np.zeros(len(index), dtype=np.bool_)
            if outcome.value is None
            else as_array(outcome.value, len(index), np.bool_).astype(np.bool_)
        )
        false[index] = ~truth & (outcome.status == OK)
        undefined[index] = outcome.status == UNDEFINED
        exhausted[index] |= outcome.status == EXHAUSTED
    return ClaimBatch(satisfied, unclear, false, undefined, exhausted, spent, work)
