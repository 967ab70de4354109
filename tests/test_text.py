"""Small pieces of text for people."""

from __future__ import annotations

from relay.text import about, duration, rounded


def test_a_duration_is_told_in_its_two_largest_units() -> None:
    told = {0.04: "0.0 s", 9.94: "9.9 s", 9.96: "10 s", 59.4: "59 s", 59.6: "1 min 0 s", 192: "3 min 12 s"}
    told |= {3599.7: "1 h 0 min", 7_530: "2 h 5 min", 3_600 * 1_234: "1,234 h 0 min"}
    assert {seconds: duration(seconds) for seconds in told} == told


def test_a_large_number_is_rounded() -> None:
    told = {0: "0", 9_999: "9,999", 10_000: "10k", 41_499: "41k", 999_499: "999k", 999_500: "1.0M", 2_345_678: "2.3M"}
    assert {number: rounded(number) for number in told} == told


def test_a_number_is_told_by_its_first_digit() -> None:
    told = {0: "0", 9: "9", 10: "more than 9", 11: "more than 10", 66: "more than 60", 5_662: "more than 5,000"}
    assert {number: about(number) for number in told} == told
