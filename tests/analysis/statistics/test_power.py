"""Power of paired comparisons, against Cohen's tables and by simulation."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from analysis.statistics.power import detectable_difference, pairs_needed, power_of, spread_bounds


def test_pairs_needed_as_published() -> None:
    """G*Power 3 (Faul et al., 2007): a paired t test of d = 0.5 at 5%, two-sided, needs 34 pairs for 80% and 54 for
    95%."""
    assert pairs_needed(0.5, 1.0) == 34
    assert pairs_needed(0.5, 1.0, power=0.95) == 54
    assert pairs_needed(-0.05, 0.1) == 34


def test_a_plan_and_its_power_agree() -> None:
    pairs = pairs_needed(0.08, 0.1, power=0.9)
    assert pairs is not None
    assert power_of(0.08, 0.1, pairs) >= 0.9 > power_of(0.08, 0.1, pairs - 1)
    found = detectable_difference(0.1, pairs, power=0.9)
    assert found is not None
    assert found <= 0.08
    assert power_of(found, 0.1, pairs) == pytest.approx(0.9, abs=1e-6)


def test_power_by_simulation() -> None:
    rng = np.random.default_rng(5)
    values = rng.normal(0.7, 1.0, size=(20_000, 12))
    found = (stats.ttest_1samp(values, 0, axis=1).pvalue < 0.05).mean()
    assert power_of(0.7, 1.0, 12) == pytest.approx(found, abs=0.01)


def test_no_difference_is_never_planned_for() -> None:
    assert pairs_needed(0.0, 0.1) is None
    assert pairs_needed(1e-6, 1.0) is None


def test_without_spread_and_with_one_pair() -> None:
    assert power_of(0.1, 0.0, 3) == 1
    assert power_of(0.1, 0.1, 1) == 0
    assert detectable_difference(0.1, 1) is None
    assert detectable_difference(0.0, 4) == 0
    assert pairs_needed(0.1, 0.0) == 2


def test_the_spread_of_a_pilot_covers_the_true_one() -> None:
    rng = np.random.default_rng(11)
    inside = 0
    for _ in range(2000):
        low, high = spread_bounds(float(rng.normal(0, 0.2, 8).std(ddof=1)), 8)
        inside += low <= 0.2 <= high
    assert inside / 2000 == pytest.approx(0.8, abs=0.03)
    with pytest.raises(ValueError, match="fewer than two"):
        spread_bounds(0.1, 1)
