"""Whether the chains of a condition stall, from the slope of their last generations and from models of the whole."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from scipy import stats

from analysis.stall.curves import FrontierCurves
from analysis.stall.models import HeldOut, ceilings, held_out, orientation_ceiling
from analysis.statistics.paired import Interval, bounds, t_interval
from relay.seeds import integer_generator

__all__ = ["StallAnswer", "Verdict", "answer"]

Verdict = Literal["stalls", "moving", "reached_the_end", "no_start", "done_at_once", "undecided"]

STALLED = 0.2
"""A chain that ends with less than this share of its own mean speed has stalled; one with more is moving."""
END = 0.95
"""Share of the task's layers from which on the chain has reached the end."""
START = 0.5
"""Layers that a chain must have reached for anything to be said of its speed."""
AT_ONCE = 0.9
"""Share of the final depth in generation 1 from which on the chain has nothing to do."""
SAMPLES = 1_000
LEAST_GENERATIONS = 4
LEAST_TRIALS = 3
MOST_TRIALS = 1_000


@dataclass(frozen=True)
class StallAnswer:
    """What the trials of one condition say."""

    curves: FrontierCurves
    verdict: Verdict
    pace: Interval | None
    """The speed over the last third of the generations, as a share of the mean speed of the whole chain: Student's 95%
    interval over trials. None for fewer than two trials, or without a start."""
    depth: float
    """The depth after the last generation, mean over trials."""
    ceiling: float | None
    """For a chain that stalls: the depth at which."""
    ceiling_interval: Interval | None
    """The bootstrap's over trials, 95%."""

    @cached_property
    def models(self) -> dict[str, HeldOut]:
        """The errors of each model on trials that were left out; empty for fewer than two trials."""
        return held_out(self.curves) if self.curves.trials > 1 else {}

    @property
    def best_model(self) -> str | None:
        """The model with the smallest error on trials that were left out, if the exact test over trials tells it apart
        from `constant`, or if it is that; None if there is none."""
        if not self.models:
            return None
        name = min(self.models, key=lambda each: self.models[each].error)
        if name == "constant":
            return name
        gained = self.models[name].better_than(self.models["constant"])
        return name if gained.mean > 0 and gained.sign_flip_p < 0.05 else None

    @property
    def orientation_ceiling(self) -> float | None:
        """The depth at which orientation would cost the whole budget; None if it does not grow with depth."""
        return orientation_ceiling(self.curves)

    @property
    def more_trials(self) -> int | None:
        """For an undecided answer: how many more trials would decide, if the pace and its spread are as they were seen.
        None if more than 1,000 would be needed, or if their number is not the problem."""
        if self.verdict != "undecided" or self.pace is None:
            return None
        paces = _paces(self.curves)
        away, spread = abs(float(paces.mean()) - STALLED), float(paces.std(ddof=1))
        for trials in range(self.curves.trials + 1, MOST_TRIALS):
            if float(stats.t.ppf(0.975, trials - 1)) * spread / math.sqrt(trials) < away:
                return trials - self.curves.trials
        return None

    def record(self) -> dict[str, Any]:
        """Return the answer as JSON data."""
        return {
            "verdict": self.verdict,
            "trials": self.curves.trials,
            "generations": self.curves.generations,
            "layers": self.curves.layers,
            "depth": self.depth,
            "pace": bounds(self.pace),
            "stalls_at": self.ceiling,
            "stalls_at_interval": bounds(self.ceiling_interval),
            "orientation_ceiling": self.orientation_ceiling,
            "held_out_errors": {name: model.error for name, model in self.models.items()},
            "best_model": self.best_model,
            "more_trials": self.more_trials,
        }


def answer(curves: FrontierCurves, seed: int = 0) -> StallAnswer:
    """Return whether the chains stall. `seed` is that of the bootstrap."""
    depth = float(curves.depth[:, -1].mean())
    first = float(curves.depth[:, 0].mean())

    def told(verdict: Verdict, pace: Interval | None = None) -> StallAnswer:
        ceiling = interval = None
        if verdict == "stalls":
            ceiling, interval = _ceiling(curves, seed)
        return StallAnswer(curves, verdict, pace, depth, ceiling, interval)

    if depth < START:
        return told("no_start")
    if first >= AT_ONCE * depth:
        return told("done_at_once")
    if depth >= END * curves.layers:
        return told("reached_the_end")
    if curves.generations < LEAST_GENERATIONS or curves.trials < 2:
        return told("undecided")
    pace = t_interval(_paces(curves).tolist())
    if pace is None or curves.trials < LEAST_TRIALS:
        return told("undecided", pace)
    if pace.high < STALLED:
        return told("stalls", pace)
    return told("moving" if pace.low > STALLED else "undecided", pace)


def _paces(curves: FrontierCurves) -> np.ndarray:
    """For each trial the slope of its last third, at least three generations, as a share of the mean speed of all."""
    last = max(3, math.ceil(curves.generations / 3))
    times = np.arange(last) - (last - 1) / 2
    slopes = curves.depth[:, -last:] @ times / (times @ times)
    speed = curves.depth[:, -1].mean() / curves.generations
    return np.asarray(slopes / speed)


def _ceiling(curves: FrontierCurves, seed: int) -> tuple[float, Interval | None]:
    """The depth at which chains stall: the ceiling of the model, not below what was reached, nor beyond the task."""
    rng = integer_generator(seed)
    drawn = rng.integers(curves.trials, size=(SAMPLES, curves.trials))
    means = np.concatenate([curves.depth.mean(0)[None], curves.depth[drawn].mean(1)])
    found = np.clip(ceilings(means), means[:, -1], curves.layers)
    low, high = np.quantile(found[1:], (0.025, 0.975))
    return float(found[0]), Interval(float(low), float(high), 0.95)
