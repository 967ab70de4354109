"""Intervals for shares."""

from __future__ import annotations

from math import sqrt

Z = 1.959963984540054
"""The 97.5% point of the standard normal distribution, for intervals of 95%."""


def share_interval(count: int, of: int) -> tuple[float, float]:
    """Return the 95% interval for a share of which `count` of `of` independent cases were seen (Wilson 1927). Without
    cases it is 0 to 1."""
    if not of:
        return 0.0, 1.0
    share, wide = count / of, Z * Z / of
    middle, half = share + wide / 2, Z * sqrt(share * (1 - share) / of + wide / (4 * of))
    low, high = (middle - half) / (1 + wide), (middle + half) / (1 + wide)
    # the ends are exact where rounding would leave them a little inside or outside
    return (low if count else 0.0), (high if count < of else 1.0)
