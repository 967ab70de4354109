"""Simultaneous bands: curves that hold the whole true curve at once, not each of its points by itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

__all__ = ["Band", "simultaneous_band"]

DRAWS = 20_000


@dataclass(frozen=True)
class Band:
    """The mean of several curves, with a band around it. All arrays have one value for each point of the curve."""

    mean: np.ndarray
    low: np.ndarray
    high: np.ndarray
    level: float
    """The share of such bands that hold the true curve at all points."""
    factor: float
    """How many standard errors the band is wide to each side; Student's factor for one point alone is smaller."""


def simultaneous_band(curves: np.ndarray, rng: np.random.Generator, level: float = 0.95) -> Band | None:
    """Return the sup-t band of curves (Montiel Olea and Plagborg-Møller, *Journal of Applied Econometrics* 34, 2019).

    `curves` has the shape (trials, points). The factor is the quantile of the largest of the points' t statistics,
    drawn from a multivariate t distribution with the curves' own correlations and trials - 1 degrees of freedom. None
    for fewer than two trials. Where all trials agree at a point, the band has no width there.
    """
    trials = len(curves)
    if trials < 2:
        return None
    mean = curves.mean(0)
    centred = curves - mean
    error = np.sqrt((centred**2).sum(0) / (trials - 1) / trials)
    varied = error > 1e-12
    factor = 0.0
    if varied.any():
        # Gaussian weights over trials have the curves' covariance, whatever the number of points
        unit = centred[:, varied] / np.sqrt((centred[:, varied] ** 2).sum(0))
        normal = rng.standard_normal((DRAWS, trials)) @ unit
        scale = np.sqrt(rng.chisquare(trials - 1, DRAWS) / (trials - 1))
        factor = float(np.quantile(np.abs(normal).max(1) / scale, level))
    return Band(mean, mean - factor * error, mean + factor * error, level, factor)
