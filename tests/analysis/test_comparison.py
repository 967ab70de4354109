"""Comparisons of arms: pairs, verdicts, and the words for them."""

from __future__ import annotations

import pytest

from analysis.arms import Arms, ArmTrial
from analysis.comparison import Comparison, Paired, compare, fewest_pairs
from analysis.comparison_words import words_of
from relay.records.study import Primary

LADDER = (0.31, 0.42, 0.28, 0.36, 0.45, 0.33, 0.29, 0.40, 0.38, 0.35)


def trials(values: tuple[float, ...], first: float = 0.1) -> tuple[ArmTrial, ...]:
    return tuple(
        ArmTrial(str(theory), 1, f"s{theory}", (first * value, value), first) for theory, value in enumerate(values)
    )


def comparison(unfinished: int = 0, named: bool = True, **arms: tuple[float, ...]) -> Comparison:
    made = {name.replace("_", " "): trials(values) for name, values in arms.items()}
    left = {"flat": unfinished} if unfinished else {}
    return compare(Arms("test", Primary(), "flat", made, left, named))


def only(found: Comparison) -> Paired:
    (pair,) = found.pairs
    return pair


def test_better_and_worse() -> None:
    better = tuple(value + 0.2 + 0.01 * (at % 3) for at, value in enumerate(LADDER))
    found = comparison(flat=LADDER, ledger=better)
    assert only(found).verdict == "better"
    words = list(words_of(found))
    assert words == [
        "ledger beats flat by 0.21 [0.20, 0.22] in established_depth_weighted_recall after the last generation, over "
        "10 paired theories (10 of 10 better, 0 worse; exact p = 0.002)"
    ]
    found = comparison(flat=better, ledger=LADDER)
    assert only(found).verdict == "worse"
    assert next(words_of(found)).startswith("ledger is behind flat by 0.21 [0.20, 0.22]")


def test_pairs_are_by_theory_and_not_by_place() -> None:
    arms = {"flat": trials(LADDER), "ledger": tuple(reversed(trials(LADDER)))[:6]}
    found = compare(Arms("test", Primary(), "flat", arms, {}, True))
    assert only(found).differences.values == (0.0,) * 6
    assert only(found).verdict == "alike"
    assert next(words_of(found)) == "ledger and flat are the same in every one of 6 paired theories"


def test_replicates_count_as_one_theory() -> None:
    twice = tuple(
        ArmTrial(str(theory), replicate, "", (0.1, 0.3 + 0.1 * replicate), 0.2)
        for theory in range(6)
        for replicate in (1, 2)
    )
    found = compare(Arms("test", Primary(), "flat", {"flat": trials((0.3,) * 6), "ledger": twice}, {}, True))
    assert only(found).differences.values == pytest.approx((0.15,) * 6)
    ledger = found.summaries[1]
    assert (ledger.theories, ledger.trials) == (6, 12)


def test_tied_is_a_test_and_not_a_large_p() -> None:
    near = tuple(value + (0.004 if at % 2 else -0.005) for at, value in enumerate(LADDER))
    found = comparison(flat=LADDER, ledger=near)
    assert only(found).verdict == "tied"
    assert "are tied: the difference of -0.001" in next(words_of(found))
    assert "lies within ±0.02 (equivalence p = " in next(words_of(found))


def test_undecided_says_how_many_more_would_do() -> None:
    noisy = tuple(value + (0.3 if at % 2 else -0.15) for at, value in enumerate(LADDER))
    found = comparison(flat=LADDER, ledger=noisy)
    assert only(found).verdict == "undecided"
    assert "ledger against flat is not decided: +0.07 [-0.09, 0.24]" in next(words_of(found))
    assert next(words_of(found)).endswith("71 more pairs would find it with 80% power")


def test_too_few_pairs_can_t_decide_whatever_they_are() -> None:
    found = comparison(flat=LADDER[:5], ledger=tuple(value + 0.4 for value in LADDER[:5]))
    assert only(found).verdict == "too_few"
    assert next(words_of(found)) == (
        "ledger against flat is not decidable from 5 paired theories, whatever they are: for 1 comparison it takes at "
        "least 6; seen so far +0.40 [0.40, 0.40]"
    )
    assert [fewest_pairs(count) for count in (1, 2, 5, 8, 9)] == [6, 7, 8, 9, 9]


def test_holm_is_over_all_arms() -> None:
    better = tuple(value + 0.2 for value in LADDER)
    found = comparison(flat=LADDER, one=better, two=better, three=better)
    assert [pair.p for pair in found.pairs] == pytest.approx([2 / 1024] * 3)
    assert [pair.corrected_p for pair in found.pairs] == pytest.approx([6 / 1024] * 3)
    assert "0.0059 after Holm's correction for 3 comparisons" in next(words_of(found))


def test_a_task_that_can_t_decide() -> None:
    floor = comparison(flat=(0.01,) * 6, ledger=(0.02,) * 6)
    assert "no arm ends above 0.02; give it an easier task, or more budget" in list(words_of(floor))[-1]
    full = {"flat": trials(LADDER, 0.95), "ledger": trials(LADDER, 0.92)}
    words = list(words_of(compare(Arms("test", Primary(), "flat", full, {}, True))))
    assert words[-1] == (
        "this task can't decide it for this researcher: generation 1 has nearly all of the final recall in every arm "
        "(flat 95%, ledger 92%); give it a deeper task, or less budget"
    )


def test_what_is_missing_and_what_was_chosen_afterwards_is_said() -> None:
    words = list(words_of(comparison(unfinished=2, flat=LADDER, ledger=LADDER)))
    assert "2 trials have not ended; this is of those that have" in words
    words = list(words_of(comparison(named=False, flat=LADDER, ledger=LADDER)))
    assert any("was not named before these trials ran" in line for line in words)


def test_without_a_theory_in_common() -> None:
    other = (ArmTrial("99", 1, "", (0.1, 0.2), 0.5),)
    found = compare(Arms("test", Primary(), "flat", {"flat": trials(LADDER), "ledger": other}, {}, True))
    assert only(found).verdict == "too_few"
    assert next(words_of(found)) == "ledger and flat have no theory in common yet"
