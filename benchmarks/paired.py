"""Shared by the benchmarks: paired differences, their intervals, and an exact test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from statistics import fmean, stdev

from mpmath import betainc, findroot

ROUNDING = 1e-12
"""Sums that differ by less are equal."""


def interval(differences: Sequence[float]) -> tuple[float, float]:
    """The mean of paired differences, and half the width of its 95% interval (Student, 1908)."""
    freedom = len(differences) - 1
    tails = lambda t: betainc(freedom / 2, 0.5, 0, freedom / (freedom + t * t), regularized=True) - 0.05  # noqa: E731
    quantile = float(findroot(tails, (1.5, 13), solver="anderson"))
    return fmean(differences), quantile * stdev(differences) / len(differences) ** 0.5


def sign_flip(differences: Sequence[float]) -> float:
    """The probability, 0 to 1, of a sum at least as far from 0 as that of the differences, if each could as well have
    the other sign: all signs are tried (Fisher, 1935)."""
    observed = abs(sum(differences))
    sums = (abs(sum(sign * each for sign, each in zip(signs, differences, strict=True)))
            for signs in product((1, -1), repeat=len(differences)))  # fmt: skip
    return fmean(each >= observed - ROUNDING for each in sums)


@dataclass(frozen=True)
class Paired:
    """How one arm differs from another, seed by seed."""

    differences: tuple[float, ...]

    @classmethod
    def of(cls, one: Sequence[float], other: Sequence[float]) -> Paired:
        """The differences of two arms that have the same seeds in the same order."""
        return cls(tuple(a - b for a, b in zip(one, other, strict=True)))

    @property
    def mean(self) -> float:
        """The mean difference."""
        return fmean(self.differences)

    @property
    def bounds(self) -> tuple[float, float]:
        """The 95% interval of the mean."""
        middle, half = interval(self.differences)
        return middle - half, middle + half

    @property
    def p(self) -> float:
        """The exact two-sided p of the sign flips."""
        return sign_flip(self.differences)

    @property
    def above(self) -> int:
        """Number of pairs in which the first arm is higher."""
        return sum(each > ROUNDING for each in self.differences)

    @property
    def below(self) -> int:
        """Number of pairs in which the first arm is lower."""
        return sum(each < -ROUNDING for each in self.differences)
