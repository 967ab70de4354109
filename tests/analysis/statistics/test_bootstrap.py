"""The hierarchical bootstrap, by its variance and by its coverage."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.statistics.bootstrap import hierarchical_interval, hierarchical_means


def test_the_variance_is_that_of_both_levels() -> None:
    """Davison and Hinkley: the variance of a sample's mean is (between + within / trials) / theories, where both are
    the sample's own, with the divisors n."""
    theories = [[0.1, 0.3, 0.2], [0.5, 0.9, 0.4], [0.0, 0.1, 0.3], [0.6, 0.6, 0.9]]
    table = np.array(theories)
    within = table.var(1).mean() / 3
    between = table.mean(1).var()
    means = hierarchical_means(theories, np.random.default_rng(0), 200_000)
    assert means.mean() == pytest.approx(table.mean(), abs=2e-3)
    assert means.var() == pytest.approx((between + within) / 4, rel=0.03)


def test_unequal_theories_count_alike() -> None:
    means = hierarchical_means([[0.0], [1.0, 1.0, 1.0]], np.random.default_rng(1), 40_000)
    assert set(np.unique(means)) == {0.0, 0.5, 1.0}
    assert means.mean() == pytest.approx(0.5, abs=0.01)


def test_the_seed_decides_and_batches_do_not_matter_to_the_number() -> None:
    theories = [[0.1, 0.2]] * 5
    first = hierarchical_means(theories, np.random.default_rng(2), 1234)
    assert len(first) == 1234
    assert (first == hierarchical_means(theories, np.random.default_rng(2), 1234)).all()
    wide = [[float(i % 7)] * 300 for i in range(400)]
    assert len(hierarchical_means(wide, np.random.default_rng(2), 25)) == 25


def test_coverage_over_both_levels() -> None:
    rng = np.random.default_rng(7)
    inside = 0
    for _ in range(300):
        theory = rng.normal(0, 0.2, 20)
        values = theory[:, None] + rng.normal(0, 0.1, (20, 3))
        interval = hierarchical_interval(values.tolist(), rng, resamples=600)
        assert interval is not None
        inside += interval.holds(0.0)
    assert 0.89 <= inside / 300 <= 0.98


def test_one_theory_has_no_interval_and_an_empty_one_is_refused() -> None:
    rng = np.random.default_rng(0)
    assert hierarchical_interval([[0.1, 0.2]], rng) is None
    with pytest.raises(ValueError, match="needs a trial"):
        hierarchical_means([[0.1], []], rng)
