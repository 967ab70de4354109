"""Simultaneous bands: known factors, and coverage of whole curves."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from analysis.statistics.bands import simultaneous_band


def test_one_point_has_students_factor() -> None:
    band = simultaneous_band(np.random.default_rng(0).normal(size=(9, 1)), np.random.default_rng(1))
    assert band is not None
    assert band.factor == pytest.approx(stats.t.ppf(0.975, 8), rel=0.03)


def test_a_curve_that_moves_as_one_has_students_factor_too() -> None:
    one = np.random.default_rng(0).normal(size=(9, 1))
    band = simultaneous_band(one * np.array([1.0, 2.0, 3.0]), np.random.default_rng(1))
    assert band is not None
    assert band.factor == pytest.approx(stats.t.ppf(0.975, 8), rel=0.03)


def test_whole_curves_are_covered() -> None:
    rng = np.random.default_rng(4)
    truth = np.linspace(0, 1, 10)
    inside = pointwise = 0
    for _ in range(300):
        curves = truth + np.cumsum(rng.normal(0, 0.1, (12, 10)), axis=1)
        band = simultaneous_band(curves, rng)
        assert band is not None
        inside += bool(((band.low <= truth) & (truth <= band.high)).all())
        half = (band.high - band.mean) / band.factor * stats.t.ppf(0.975, 11)
        pointwise += bool((np.abs(band.mean - truth) <= half).all())
    assert 0.92 <= inside / 300 <= 0.98
    assert pointwise < inside - 20


def test_where_trials_agree_the_band_has_no_width() -> None:
    curves = np.array([[0.0, 0.2], [0.0, 0.5], [0.0, 0.3]])
    band = simultaneous_band(curves, np.random.default_rng(0))
    assert band is not None
    assert band.low[0] == band.high[0] == 0
    assert band.low[1] < band.mean[1] < band.high[1]
    assert simultaneous_band(np.zeros((3, 4)), np.random.default_rng(0)) is not None
    assert simultaneous_band(curves[:1], np.random.default_rng(0)) is None
