"""The depth of the frontier of several trials of one condition, generation by generation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.trials import Trial
from relay.records.measures import depths

__all__ = ["Frontier", "FrontierCurves", "layers_reached", "together"]


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


@dataclass(frozen=True)
class Frontier:
    """The curve of one trial."""

    depth: tuple[float, ...]
    """After each generation, how many layers' worth of concepts were established."""
    orientation: tuple[float, ...]
    """In each generation, the share of its budget that a researcher spent before its first own definition."""
    layers: int

    @classmethod
    def of(cls, trial: Trial) -> Frontier:
        """The curve of a trial."""
        depth = depths(trial.task.concepts)
        return cls(
            depth=tuple(layers_reached(row.established, depth) for row in trial.rows),
            orientation=tuple(_orientation(trial, row.measures) for row in trial.rows),
            layers=max(depth.values(), default=0),
        )


def together(frontiers: Sequence[Frontier]) -> FrontierCurves | None:
    """Return the curves of trials of one condition, up to the last generation that all of them have; None without a
    trial, or without a generation."""
    generations = min((len(one.depth) for one in frontiers), default=0)
    if not generations:
        return None
    return FrontierCurves(
        depth=np.array([one.depth[:generations] for one in frontiers]),
        layers=min(one.layers for one in frontiers),
        orientation=np.array([one.orientation[:generations] for one in frontiers]),
    )


def _orientation(trial: Trial, measures: Mapping[str, float]) -> float:
    """The largest of the shares of turns, tokens and evaluations: what runs out first is what counts."""
    budget = trial.budget
    parts = (
        measures["orientation_turns"] / budget.turns,
        measures["orientation_tokens"] / budget.tokens,
        measures["orientation_evaluations"] / max(budget.evaluations, 1),
    )
    return min(max(parts), 1.0)
