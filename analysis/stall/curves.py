"""The depth of the frontier of several trials of one condition, generation by generation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.trials import Trial
from relay.errors import UsageError
from relay.records.measures import depths

__all__ = ["FrontierCurves", "frontier_curves", "layers_reached"]


@dataclass(frozen=True)
class FrontierCurves:
    """The curves of several trials of one condition."""

    depth: np.ndarray
    """Shape (trials, generations): how many layers' worth of concepts were established, from 0 to `layers`."""
    layers: int
    """Number of layers of the task; of several tasks, the smallest."""
    orientation: np.ndarray
    """Shape (trials, generations): the share of its budget that a researcher had spent before its first own definition,
    0 to 1; all of it if it had none."""

    @property
    def trials(self) -> int:
        """Number of trials."""
        return len(self.depth)

    @property
    def generations(self) -> int:
        """Number of generations."""
        return int(self.depth.shape[1])


def layers_reached(concepts: Collection[str], depth: Mapping[str, int]) -> float:
    """Return how many layers' worth of concepts a set holds: the sum over layers of the share of each that it has.

    A set of all concepts up to depth d, and none below, has reached d.
    """
    of = Counter(depth.values())
    have = Counter(depth[concept] for concept in concepts)
    return sum(have[layer] / of[layer] for layer in of)


def frontier_curves(trials: Sequence[Trial]) -> FrontierCurves:
    """Return the curves of trials of one condition, up to the last generation that all of them have.

    Raises `UsageError` without a trial, or without a generation.
    """
    generations = min((len(trial.rows) for trial in trials), default=0)
    if not generations:
        raise UsageError("no generation has ended in every trial, so there is no frontier to follow")
    curves, costs, layers = [], [], []
    for trial in trials:
        depth = depths(trial.task.concepts)
        layers.append(max(depth.values(), default=0))
        rows = trial.rows[:generations]
        curves.append([layers_reached(row.established, depth) for row in rows])
        costs.append([_orientation(trial, row.measures) for row in rows])
    return FrontierCurves(np.array(curves), min(layers), np.array(costs))


def _orientation(trial: Trial, measures: Mapping[str, float]) -> float:
    """The largest of the shares of turns, tokens and evaluations: what runs out first is what counts."""
    budget = trial.budget
    parts = (
        measures["orientation_turns"] / budget.turns,
        measures["orientation_tokens"] / budget.tokens,
        measures["orientation_evaluations"] / max(budget.evaluations, 1),
    )
    return min(max(parts), 1.0)
