"""How many pairs a comparison needs, and what a number of pairs can detect, by the noncentral t distribution."""

from __future__ import annotations

import math

from scipy import optimize, stats
from statsmodels.stats.power import TTestPower

__all__ = ["MOST_PAIRS", "detectable_difference", "pairs_needed", "power_of", "spread_bounds"]

LEAST_PAIRS = 2
MOST_PAIRS = 100_000
"""Beyond this number of pairs, a comparison is not planned."""


def power_of(difference: float, spread: float, pairs: int, alpha: float = 0.05) -> float:
    """Return the chance that a two-sided paired t test finds a mean difference.

    `spread` is the standard deviation of the paired differences, at least 0. Without spread every difference but 0 is
    found.
    """
    if pairs < LEAST_PAIRS:
        return 0.0
    if spread == 0:
        return 1.0 if difference else alpha
    return float(TTestPower().power(abs(difference) / spread, pairs, alpha, alternative="two-sided"))


def detectable_difference(spread: float, pairs: int, power: float = 0.8, alpha: float = 0.05) -> float | None:
    """Return the smallest mean difference that `pairs` pairs find with this power; None for fewer than two pairs."""
    if pairs < LEAST_PAIRS:
        return None
    if spread == 0:
        return 0.0
    high = 1.0
    while power_of(high, 1.0, pairs, alpha) < power:
        high *= 2
    effect = optimize.brentq(lambda size: power_of(size, 1.0, pairs, alpha) - power, 0.0, high)
    return float(effect) * spread


def pairs_needed(difference: float, spread: float, power: float = 0.8, alpha: float = 0.05) -> int | None:
    """Return the smallest number of pairs that finds a mean difference with this power; None if it is beyond 100,000,
    as for the difference 0."""
    low, high = LEAST_PAIRS, MOST_PAIRS
    if power_of(difference, spread, high, alpha) < power:
        return None
    while low < high:
        middle = (low + high) // 2
        if power_of(difference, spread, middle, alpha) < power:
            low = middle + 1
        else:
            high = middle
    return low


def spread_bounds(spread: float, pairs: int, level: float = 0.8) -> tuple[float, float]:
    """Return between which bounds the true spread lies, from the `spread` of `pairs` pairs: from a pilot, so that a
    plan can say what it rests on (the chi-square interval of a normal variance).

    Raises `ValueError` for fewer than two pairs.
    """
    if pairs < LEAST_PAIRS:
        raise ValueError("the spread of fewer than two pairs is not known")
    free = pairs - 1
    tail = (1 - level) / 2
    squares = spread * spread * free
    return (
        math.sqrt(squares / float(stats.chi2.ppf(1 - tail, free))),
        math.sqrt(squares / float(stats.chi2.ppf(tail, free))),
    )
