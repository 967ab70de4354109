"""Three models of a frontier's depth over generations, fitted to some trials and tried on the others.

- `constant`: the same number of layers in every generation
- `ceiling`: slower and slower, towards a ceiling, depth = c - (c - a) exp(-k (g - 1)); or at a constant speed up to a
  ceiling, depth = min(a + v (g - 1), c); whichever fits better
- `budget`: the same, and the ceiling is where the cost of orientation, which grows with depth, meets the budget: with
  the share o0 + o1 depth of a budget spent on orientation, only the rest moves the frontier, so c = (1 - o0) / o1

For a given rate k, or a given generation in which the ceiling is met, depth is linear in the other parameters. So each
model is fitted by least squares for every rate and generation of a grid, and the best is kept: no search can get stuck,
and many samples are fitted at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from analysis.stall.curves import FrontierCurves
from analysis.statistics.paired import PairedDifferences

__all__ = ["MODELS", "HeldOut", "ceilings", "held_out", "orientation_ceiling"]

RATES = np.geomspace(0.02, 4.0, 60)
"""Rates k of a grid, a generation: from hardly bent over ten generations to all at once."""


def _constant(means: np.ndarray, curves: FrontierCurves) -> np.ndarray:
    times = np.arange(means.shape[1])
    design = np.stack([np.ones_like(times), times], axis=1).astype(float)
    fitted = means @ _projection(design)
    return np.asarray(np.minimum(fitted, curves.layers))


def _ceiling(means: np.ndarray, curves: FrontierCurves) -> np.ndarray:
    return _best(means, _shapes(means.shape[1]))[0]


def _budget(means: np.ndarray, curves: FrontierCurves) -> np.ndarray:
    ceiling = orientation_ceiling(curves)
    if ceiling is None:  # orientation does not grow with depth, so nothing slows the chain
        return _constant(means, curves)
    designs = [np.exp(-rate * np.arange(means.shape[1]))[:, None] for rate in RATES]
    return ceiling + _best(means - ceiling, designs)[0]


Fit = Callable[[np.ndarray, FrontierCurves], np.ndarray]
MODELS: Mapping[str, Fit] = {"constant": _constant, "ceiling": _ceiling, "budget": _budget}
"""Name -> the function from mean curves, shape (samples, generations), and the trials that they are of, to the fitted
curves. The least squares of all trials together are those of their mean."""


def ceilings(means: np.ndarray) -> np.ndarray:
    """Return the ceiling of each of several mean curves, shape (samples, generations)."""
    designs = _shapes(means.shape[1])
    _, chosen = _best(means, designs)
    found = np.empty(len(means))
    for place, design in enumerate(designs):
        own = chosen == place
        if own.any():
            found[own] = (np.linalg.pinv(design) @ means[own].T)[1]
    return found


def orientation_ceiling(curves: FrontierCurves) -> float | None:
    """Return the depth at which orientation would cost the whole budget, by least squares over all generations of all
    trials; None if it does not grow with depth."""
    before = np.concatenate([np.zeros((curves.trials, 1)), curves.depth[:, :-1]], axis=1)
    depth, cost = before.ravel(), curves.orientation.ravel()
    if np.ptp(depth) < 1e-9:
        return None
    slope, start = np.polyfit(depth, cost, 1)
    return float((1 - start) / slope) if slope > 1e-6 else None


@dataclass(frozen=True)
class HeldOut:
    """How well a model, fitted to all trials but one, predicts the one that was left out."""

    model: str
    errors: tuple[float, ...]
    """For each trial, the mean square of the error in layers."""

    @property
    def error(self) -> float:
        """The root of the mean over trials, in layers."""
        return float(np.sqrt(np.mean(self.errors)))

    def better_than(self, other: HeldOut) -> PairedDifferences:
        """Return by how much the other model's squared error is larger, trial by trial."""
        return PairedDifferences(tuple(b - a for a, b in zip(self.errors, other.errors, strict=True)))


def held_out(curves: FrontierCurves) -> dict[str, HeldOut]:
    """Return for each model its errors on each trial that was left out of its fit. Raises `ValueError` for fewer than
    two trials."""
    trials = curves.trials
    if trials < 2:
        raise ValueError("with one trial nothing can be left out")
    found = {}
    for name, fit in MODELS.items():
        errors = []
        for left in range(trials):
            rest = np.arange(trials) != left
            others = FrontierCurves(curves.depth[rest], curves.layers, curves.orientation[rest])
            predicted = fit(others.depth.mean(0)[None], others)[0]
            errors.append(float(np.mean((predicted - curves.depth[left]) ** 2)))
        found[name] = HeldOut(name, tuple(errors))
    return found


def _shapes(generations: int) -> list[np.ndarray]:
    """The designs of the model `ceiling`, each of shape (generations, 2). The second coefficient is the ceiling."""
    times = np.arange(generations)
    fallen = [np.exp(-rate * times) for rate in RATES]
    fallen += [np.clip(1 - times / met, 0, None) for met in np.arange(1, generations - 1, 0.5)]
    return [np.stack([each, 1 - each], axis=1) for each in fallen]


def _projection(design: np.ndarray) -> np.ndarray:
    """The symmetric matrix that takes curves, as rows, to their least squares fits."""
    return np.asarray(design @ np.linalg.pinv(design))


def _best(means: np.ndarray, designs: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Return the fitted curves of the best design for each sample, and which it is."""
    fits = np.stack([means @ _projection(design) for design in designs])
    errors = ((fits - means) ** 2).sum(-1)
    chosen = errors.argmin(0)
    return fits[chosen, np.arange(len(means))], chosen
