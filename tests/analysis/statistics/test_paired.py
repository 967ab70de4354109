"""Paired differences, against published values and against counting by hand."""

from __future__ import annotations

import itertools

import pytest
from scipy import stats

from analysis.statistics.paired import PairedDifferences, holm, t_interval

DARWIN = PairedDifferences((49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48))
"""Crossed less self-fertilised maize, in eighths of an inch: Darwin's pairs, as Fisher has them in *The Design of
Experiments* (1935), sections 17 to 21."""


def test_darwins_maize_by_t_and_by_signs() -> None:
    """Fisher: mean 20.933, t = 2.148, just significant at 5%; by all 32,768 choices of signs 1,726 are as extreme:
    5.267%."""
    assert DARWIN.mean == pytest.approx(20.933, abs=5e-4)
    assert DARWIN.mean / (DARWIN.spread / 15**0.5) == pytest.approx(2.148, abs=5e-4)
    assert DARWIN.sign_flip_p == pytest.approx(1726 / 32768)
    interval = DARWIN.interval()
    assert interval is not None
    assert (interval.low, interval.high) == pytest.approx((0.03, 41.84), abs=5e-3)


@pytest.mark.parametrize("values", [(1.0, 2.0, 3.0, -1.5), (0.1, 0.1, 0.1), (0.3, -0.1, 0.2, 0.2, 0.0)])
def test_the_exact_test_is_counted_by_hand(values: tuple[float, ...]) -> None:
    sums = [abs(sum(s * v for s, v in zip(signs, values, strict=True))) for signs in
            itertools.product((1, -1), repeat=len(values))]  # fmt: skip
    extreme = sum(each >= abs(sum(values)) - 1e-12 for each in sums)
    assert PairedDifferences(values).sign_flip_p == pytest.approx(extreme / len(sums))


def test_the_fewest_pairs_can_t_be_significant() -> None:
    """With five pairs that all agree the exact p-value is 1/16, whatever the size of the difference."""
    assert PairedDifferences((5.0, 6.0, 7.0, 8.0, 9.0)).sign_flip_p == pytest.approx(1 / 16)


def test_many_pairs_are_drawn_and_never_zero() -> None:
    many = PairedDifferences((1.0, 1.2, 0.8, 1.1, 0.9) * 6)
    assert many.sign_flip_p == pytest.approx(2 / 100_000)
    assert many.sign_flip_p == PairedDifferences(many.values).sign_flip_p


def test_drawn_signs_agree_with_student_on_normal_noise() -> None:
    values = tuple(float(v) for v in stats.norm(0.35, 1).rvs(40, random_state=3))
    assert PairedDifferences(values).sign_flip_p == pytest.approx(stats.ttest_1samp(values, 0).pvalue, abs=0.01)


def test_nothing_left_to_flip() -> None:
    assert PairedDifferences(()).sign_flip_p == 1
    tied = PairedDifferences((0.0, 1e-12, -1e-12))
    assert (tied.sign_flip_p, tied.better, tied.worse, tied.alike) == (1, 0, 0, True)


def test_one_difference_says_nothing() -> None:
    assert PairedDifferences((0.4,)).sign_flip_p == 1
    assert PairedDifferences((0.4, 0.0, 0.0)).sign_flip_p == 1


def test_two_arms_are_subtracted_in_order() -> None:
    assert PairedDifferences.of([0.5, 0.25], [0.25, 0.5]).values == (0.25, -0.25)
    with pytest.raises(ValueError, match="shorter"):
        PairedDifferences.of([0.5, 0.25], [0.25])


def test_pairs_are_counted_by_their_sign() -> None:
    assert (DARWIN.better, DARWIN.worse, DARWIN.pairs) == (13, 2, 15)


def test_equivalence_is_the_ninety_percent_interval() -> None:
    """Schuirmann's two tests at 5% and the 90% interval within the margin are one thing."""
    near = PairedDifferences((0.01, -0.005, 0.0, 0.012, -0.01, 0.004, 0.003, -0.002))
    interval = near.interval(0.9)
    assert interval is not None
    edge = max(abs(interval.low), abs(interval.high))
    assert near.equivalence_p(edge) == pytest.approx(0.05, abs=1e-6)
    assert near.equivalence_p(edge * 1.01) < 0.05 < near.equivalence_p(edge * 0.99)
    assert interval.within(edge)
    assert not interval.within(edge * 0.99)


def test_what_never_varies_is_not_shown_to_be_equal() -> None:
    assert PairedDifferences((0.0, 0.0, 0.0)).equivalence_p(0.02) == 1
    assert PairedDifferences((0.01,)).equivalence_p(0.02) == 1


def test_one_value_has_no_interval_and_equal_ones_a_point() -> None:
    assert t_interval([0.4]) is None
    interval = t_interval([0.25, 0.25, 0.25])
    assert interval is not None
    assert (interval.low, interval.high) == (0.25, 0.25)


def test_no_pairs_have_no_mean() -> None:
    with pytest.raises(ValueError, match="no pairs"):
        _ = PairedDifferences(()).mean


def test_holm_as_published() -> None:
    """Holm steps down: 0.01, 0.02, 0.03, 0.005 at four comparisons are 0.03, 0.04, 0.04, 0.02."""
    assert holm([0.01, 0.02, 0.03, 0.005]) == pytest.approx((0.03, 0.04, 0.04, 0.02))
    assert holm([]) == ()
