"""Paired differences between two arms: how large they are, and how sure that is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import stats
from statsmodels.stats.multitest import multipletests

from relay.seeds import integer_generator

__all__ = ["DIFFERENCE", "Interval", "PairedDifferences", "bounds", "holm", "t_interval"]

EXACT = 16
"""Up to this number of pairs, every choice of signs is tried: 2 to the power of it."""
FLIPS = 99_999
"""Random choices of signs for more pairs, besides the one that happened."""
DIFFERENCE = 1e-9
"""Differences below this are rounding: recalls are quotients of small whole numbers."""


@dataclass(frozen=True)
class Interval:
    """An interval of confidence."""

    low: float
    high: float
    level: float
    """The share of such intervals that hold the true value, 0 to 1."""

    def within(self, margin: float) -> bool:
        """Return whether the whole interval lies between -`margin` and `margin`, both included."""
        return -margin <= self.low and self.high <= margin

    def holds(self, value: float) -> bool:
        """Return whether a value lies in the interval."""
        return self.low <= value <= self.high


def bounds(interval: Interval | None) -> list[float] | None:
    """Return the two ends of an interval as JSON data; None without an interval."""
    return None if interval is None else [interval.low, interval.high]


def t_interval(values: Sequence[float], level: float = 0.95) -> Interval | None:
    """Return Student's interval for the mean of `values`, with one degree of freedom less than there are values.

    None for fewer than two values, whose spread is not known. Where all values are equal, the interval is that point.
    """
    if len(values) < 2:
        return None
    mean = math.fsum(values) / len(values)
    error = float(np.std(values, ddof=1)) / math.sqrt(len(values))
    half = float(stats.t.ppf((1 + level) / 2, len(values) - 1)) * error
    return Interval(mean - half, mean + half, level)


@dataclass(frozen=True)
class PairedDifferences:
    """The differences of two arms, one for each theory that both of them were tried on."""

    values: tuple[float, ...]
    """First arm less second, a theory each. Where a theory has several trials, their mean."""

    @classmethod
    def of(cls, one: Sequence[float], other: Sequence[float]) -> PairedDifferences:
        """The differences of two arms that have the same theories in the same order. Raises `ValueError` if they have
        not as many."""
        return cls(tuple(a - b for a, b in zip(one, other, strict=True)))

    @property
    def pairs(self) -> int:
        """Number of theories."""
        return len(self.values)

    @property
    def mean(self) -> float:
        """The mean difference. Raises `ValueError` without pairs."""
        if not self.values:
            raise ValueError("there are no pairs")
        return math.fsum(self.values) / self.pairs

    @property
    def spread(self) -> float:
        """The standard deviation of the differences; 0 for fewer than two."""
        return float(np.std(self.values, ddof=1)) if self.pairs > 1 else 0.0

    @property
    def alike(self) -> bool:
        """Whether all differences are the same. Then nothing is known of their spread, whatever an interval says."""
        return self.pairs > 0 and max(self.values) - min(self.values) < DIFFERENCE

    @property
    def better(self) -> int:
        """Number of pairs in which the first arm is better."""
        return sum(value > DIFFERENCE for value in self.values)

    @property
    def worse(self) -> int:
        """Number of pairs in which the first arm is worse."""
        return sum(value < -DIFFERENCE for value in self.values)

    def interval(self, level: float = 0.95) -> Interval | None:
        """Return Student's interval for the mean difference; None for fewer than two pairs."""
        return t_interval(self.values, level)

    @cached_property
    def sign_flip_p(self) -> float:
        """The two-sided p-value of the mean difference if the sign of each difference were a coin's (Fisher, *The
        Design of Experiments*, 1935, section 21).

        Exact up to 16 pairs. For more it is estimated from 99,999 choices of signs, the same ones at each call; the
        choice that happened counts among them (Phipson and Smyth, 2010), so that it is never 0. 1 without pairs, and
        where no difference, or one, is left to flip.
        """
        values = np.array([value for value in self.values if abs(value) > DIFFERENCE])
        if values.size < 2:  # either sign of one difference is as far from 0
            return 1.0
        exact = values.size <= EXACT
        found = stats.permutation_test(
            (values,),
            np.sum,
            permutation_type="samples",
            vectorized=True,
            n_resamples=np.inf if exact else FLIPS,
            batch=1 << 12,
            rng=integer_generator(0),
        )
        return min(float(found.pvalue), 1.0)

    def equivalence_p(self, margin: float) -> float:
        """Return the p-value of two one-sided t tests that the mean difference lies within ±`margin` (Schuirmann,
        1987). Where it is below 0.05, the 90% interval lies within the margin.

        1 for fewer than two pairs, and where all differences are the same: nothing is known of their spread.
        """
        if self.pairs < 2 or self.alike:
            return 1.0
        error = self.spread / math.sqrt(self.pairs)
        above = stats.t.sf((self.mean + margin) / error, self.pairs - 1)
        below = stats.t.cdf((self.mean - margin) / error, self.pairs - 1)
        return float(max(above, below))


def holm(p_values: Sequence[float]) -> tuple[float, ...]:
    """Return the p-values as they are after Holm's correction for the number of comparisons (Holm, 1979)."""
    if not p_values:
        return ()
    return tuple(float(p) for p in multipletests(p_values, method="holm")[1])
