"""Does a chain stall: verdicts on made curves, where the truth is known."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.stall.answer import answer
from analysis.stall.curves import FrontierCurves, layers_reached
from analysis.stall.models import held_out, orientation_ceiling
from analysis.stall.words import stall_words

TIMES = np.arange(1, 19)


def curves(
    mean: np.ndarray, trials: int = 8, noise: float = 0.15, layers: int = 20, cost: float = 0.0
) -> FrontierCurves:
    """Trials around a mean curve that differ in level and in each generation; orientation costs `cost` a layer."""
    rng = np.random.default_rng(1)
    depth = mean + noise * rng.standard_normal((trials, 1)) + noise / 3 * rng.standard_normal((trials, len(mean)))
    before = np.concatenate([np.zeros((trials, 1)), depth[:, :-1]], axis=1)
    return FrontierCurves(np.clip(depth, 0, layers), layers, np.clip(0.05 + cost * before, 0, 1))


STRAIGHT = 0.6 * TIMES
BROKEN = np.minimum(0.8 * TIMES, 5.0)
BENT = 6 - 5.5 * np.exp(-0.35 * (TIMES - 1))


def test_a_chain_that_goes_on_is_moving() -> None:
    found = answer(curves(STRAIGHT))
    assert (found.verdict, found.best_model) == ("moving", "constant")
    assert next(stall_words("ledger", found)).startswith("ledger: still moving at generation 18, at depth 10.8 of 20")


@pytest.mark.parametrize(("mean", "depth"), [(BROKEN, 5.0), (BENT, 6.0)])
def test_a_chain_that_stalls_does_so_where_it_was_planted(mean: np.ndarray, depth: float) -> None:
    found = answer(curves(mean))
    assert found.verdict == "stalls"
    assert found.best_model == "ceiling"
    assert found.ceiling == pytest.approx(depth, abs=0.25)
    assert found.ceiling_interval is not None
    assert found.ceiling_interval.low - 0.1 <= depth <= found.ceiling_interval.high + 0.1
    words = list(stall_words("ledger", found))
    assert words[0].startswith(f"ledger: stalls at depth {found.ceiling:.1f} [")
    assert "slowing towards a ceiling predicts left-out trials best" in words[1]


def test_a_ceiling_that_orientation_sets_is_told_from_its_cost() -> None:
    """With 0.05 + 0.15 a layer, orientation costs the whole budget at depth 0.95 / 0.15 = 6.3."""
    ceiling = 0.95 / 0.15
    mean = ceiling - (ceiling - 0.6) * np.exp(-0.3 * (TIMES - 1))
    found = answer(curves(mean, cost=0.15, noise=0.1))
    assert found.orientation_ceiling == pytest.approx(ceiling, abs=0.4)
    assert found.models["budget"].error < 1.2 * found.models["ceiling"].error
    assert found.models["budget"].error < found.models["constant"].error / 2
    assert f"at depth {found.orientation_ceiling:.1f}" in list(stall_words("x", found))[1]


def test_orientation_that_does_not_grow_sets_no_ceiling() -> None:
    assert orientation_ceiling(curves(STRAIGHT, cost=0.0)) is None
    models = held_out(curves(STRAIGHT))
    assert models["budget"].errors == models["constant"].errors


@pytest.mark.parametrize(
    ("mean", "layers", "verdict", "words"),
    [
        (np.minimum(0.6 * TIMES, 6.0), 6, "reached_the_end", "the chain reached its end, depth 6"),
        (np.full(18, 4.0) + 0.01 * TIMES, 20, "done_at_once", "% of the final depth"),
        (np.full(18, 0.1), 20, "no_start", "the chain reaches only depth 0.1"),
    ],
)
def test_what_the_task_can_t_decide(mean: np.ndarray, layers: int, verdict: str, words: str) -> None:
    found = answer(curves(mean, noise=0.01, layers=layers))
    assert found.verdict == verdict
    told = list(stall_words("x", found))
    assert told[0].startswith("x: this task can't decide it for this researcher: ")
    assert words in told[0]
    assert len(told) == 1


def test_few_trials_or_generations_decide_nothing() -> None:
    assert answer(curves(STRAIGHT, trials=1)).verdict == "undecided"
    few = answer(curves(STRAIGHT, trials=2))
    assert few.verdict == "undecided"
    assert "not decidable from 2 trials; it takes 3" in next(stall_words("x", few))
    short = answer(curves(STRAIGHT[:3]))
    assert "not decidable from 3 generations; it takes 4" in next(stall_words("x", short))


def test_undecided_says_how_many_more_would_do() -> None:
    rng = np.random.default_rng(3)
    end = rng.uniform(0, 0.5, (6, 1))
    depth = np.minimum(0.6 * TIMES, 6.0) + np.clip(TIMES - 10, 0, None) * end
    found = answer(FrontierCurves(depth, 20, np.zeros_like(depth)))
    assert found.verdict == "undecided"
    assert found.more_trials is not None
    again = answer(FrontierCurves(np.repeat(depth, 1 + found.more_trials, axis=0), 20, np.zeros((6, 18))))
    assert again.verdict != "undecided"
    assert f"{found.more_trials} more would do" in next(stall_words("x", found))


def test_layers_reached_counts_each_layer_by_its_share() -> None:
    depth = {"a": 1, "b": 1, "c": 2, "d": 2, "e": 2, "f": 3}
    assert layers_reached([], depth) == 0
    assert layers_reached(["a", "b"], depth) == 1
    assert layers_reached(["a", "b", "c"], depth) == pytest.approx(4 / 3)
    assert layers_reached(depth, depth) == 3
