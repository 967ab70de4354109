"""The hierarchical bootstrap: theories are drawn, and in each of them its trials."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.statistics.paired import Interval

__all__ = ["hierarchical_interval", "hierarchical_means"]

RESAMPLES = 10_000
AT_A_TIME = 1_000_000
"""Most values drawn at a time, so that memory stays small."""


def hierarchical_means(
    theories: Sequence[Sequence[float]], rng: np.random.Generator, resamples: int = RESAMPLES
) -> np.ndarray:
    """Return the means of `resamples` hierarchical samples, an array of this length (Davison and Hinkley, *Bootstrap
    Methods*, 1997, section 3.8).

    `theories` has the values of each theory's trials. A sample draws as many theories as there are, with replacement,
    and in each as many of its trials; its mean is that of the theories' means. Raises `ValueError` if there is no
    theory, or one without trials.
    """
    if not theories or not all(theories):
        raise ValueError("there must be a theory, and each theory needs a trial")
    sizes = np.array([len(values) for values in theories])
    table = np.zeros((len(theories), int(sizes.max())))
    for row, values in zip(table, theories, strict=True):
        row[: len(values)] = values
    width = table.shape[1]
    places = np.arange(width)
    means = []
    left = resamples
    while left:
        count = min(left, max(AT_A_TIME // table.size, 1))
        drawn = rng.integers(len(theories), size=(count, len(theories)))
        within = (rng.random((count, len(theories), width)) * sizes[drawn][..., None]).astype(np.intp)
        values = table[drawn[..., None], within]
        counted = places < sizes[drawn][..., None]
        means.append(((values * counted).sum(-1) / sizes[drawn]).mean(-1))
        left -= count
    return np.concatenate(means)


def hierarchical_interval(
    theories: Sequence[Sequence[float]], rng: np.random.Generator, level: float = 0.95, resamples: int = RESAMPLES
) -> Interval | None:
    """Return the percentile interval of `hierarchical_means`; None for fewer than two theories."""
    if len(theories) < 2:
        return None
    tail = (1 - level) / 2
    low, high = np.quantile(hierarchical_means(theories, rng, resamples), (tail, 1 - tail))
    return Interval(float(low), float(high), level)
