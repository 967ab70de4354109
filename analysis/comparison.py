"""Compares arms with a reference, theory by theory, on the endpoint that was named."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.arms import BEST, Arms, ArmTrial
from analysis.stall.answer import StallAnswer, answer
from analysis.stall.curves import together
from analysis.statistics.bootstrap import hierarchical_interval
from analysis.statistics.paired import Interval, PairedDifferences, bounds, holm, t_interval
from analysis.statistics.power import detectable_difference
from relay.seeds import integer_generator

__all__ = ["ALPHA", "ArmSummary", "Comparison", "Paired", "compare", "fewest_pairs"]

ALPHA = 0.05


@dataclass(frozen=True)
class ArmSummary:
    """The endpoint of one arm."""

    name: str
    theories: int
    trials: int
    unfinished: int
    mean: float | None
    """The mean over theories of the mean over their trials; None without any."""
    interval: Interval | None
    """Student's, over theories."""
    curve: tuple[float, ...]
    """The measure after each generation: the mean over theories. Only those generations that all trials have."""
    first_share: float | None
    """The median over trials of the share that generation 1 has of the final measure."""

    def record(self) -> dict[str, Any]:
        """Return the summary as JSON data."""
        return {
            "arm": self.name,
            "theories": self.theories,
            "trials": self.trials,
            "unfinished": self.unfinished,
            "mean": self.mean,
            "interval": bounds(self.interval),
            "curve": list(self.curve),
            "first_generation_share": self.first_share,
        }


@dataclass(frozen=True)
class Paired:
    """An arm against the reference."""

    arm: str
    against: str
    differences: PairedDifferences
    p: float
    """Of the exact sign-flip test, two-sided."""
    corrected_p: float
    """The same after Holm's correction for all arms of the comparison."""
    interval: Interval | None
    """Student's, over theories, at the study's level."""
    bootstrap: Interval | None
    """The hierarchical bootstrap's, over theories and trials, at the same level."""
    margin: float
    comparisons: int
    """Number of arms that are compared with the reference."""

    @property
    def tied(self) -> bool:
        """Whether the two are equivalent: both one-sided t tests reject a difference as large as the margin."""
        return self.differences.equivalence_p(self.margin) < ALPHA

    @property
    def verdict(self) -> str:
        """`better`, `worse`, `tied`, `undecided`; `alike` if no pair differs; `too_few` if no result of so few pairs
        could be significant."""
        found = self.differences
        if not found.pairs or found.pairs < fewest_pairs(self.comparisons):
            return "too_few"
        if not found.better and not found.worse:
            return "alike"
        if self.corrected_p < ALPHA:
            return "better" if found.mean > 0 else "worse"
        return "tied" if self.tied else "undecided"

    def record(self) -> dict[str, Any]:
        """Return the comparison as JSON data."""
        found = self.differences
        return {
            "arm": self.arm,
            "against": self.against,
            "pairs": found.pairs,
            "differences": list(found.values),
            "mean": found.mean if found.pairs else None,
            "spread": found.spread,
            "better": found.better,
            "worse": found.worse,
            "interval": bounds(self.interval),
            "bootstrap_interval": bounds(self.bootstrap),
            "p": self.p,
            "holm_p": self.corrected_p,
            "equivalence_p": found.equivalence_p(self.margin),
            "margin": self.margin,
            "detectable_difference": detectable_difference(found.spread, found.pairs),
            "verdict": self.verdict,
        }


@dataclass(frozen=True)
class Comparison:
    """All arms, and each of them against the reference."""

    arms: Arms
    summaries: tuple[ArmSummary, ...]
    pairs: tuple[Paired, ...]
    stalls: Mapping[str, StallAnswer]
    """Arm -> whether its chains stall, for those that are no controls and have more than one generation."""


def compare(arms: Arms) -> Comparison:
    """Compare every arm with the reference."""
    level = arms.primary.level
    theories = {name: _by_theory(arms, trials) for name, trials in arms.trials.items()}
    reference = theories[arms.reference]
    # the best of the researchers of an arm is no other arm than that one
    others = [name for name in arms.trials if name not in (arms.reference, BEST.format(arms.reference))]
    differences = {name: _differences(theories[name], reference) for name in others}
    p_values = [differences[name].sign_flip_p for name in others]
    pairs = [
        Paired(
            arm=name,
            against=arms.reference,
            differences=differences[name],
            p=p,
            corrected_p=corrected,
            interval=differences[name].interval(level),
            bootstrap=hierarchical_interval(_grouped(theories[name], reference), integer_generator(0), level),
            margin=arms.primary.margin,
            comparisons=len(others),
        )
        for name, p, corrected in zip(others, p_values, holm(p_values), strict=True)
    ]
    summaries = [_summary(arms, name, theories[name]) for name in arms.trials]
    return Comparison(arms, tuple(summaries), tuple(pairs), dict(_stalls(arms)))


def _stalls(arms: Arms) -> Iterator[tuple[str, StallAnswer]]:
    for name, trials in arms.trials.items():
        curves = together([trial.frontier for trial in trials if trial.frontier is not None])
        if name not in arms.controls and curves is not None and curves.generations > 1:
            yield name, answer(curves)


def fewest_pairs(comparisons: int, alpha: float = ALPHA) -> int:
    """Return the smallest number of pairs with which the exact test can be significant after Holm's correction for so
    many comparisons, if all pairs agree: its smallest p-value is 2 / 2^pairs."""
    return math.floor(math.log2(2 * max(comparisons, 1) / alpha)) + 1


def _by_theory(arms: Arms, trials: Sequence[ArmTrial]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for trial in trials:
        found.setdefault(trial.theory, []).append(arms.value(trial))
    return found


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values)


def _differences(arm: Mapping[str, Sequence[float]], reference: Mapping[str, Sequence[float]]) -> PairedDifferences:
    both = sorted(arm.keys() & reference.keys())
    return PairedDifferences(tuple(_mean(arm[theory]) - _mean(reference[theory]) for theory in both))


def _grouped(arm: Mapping[str, Sequence[float]], reference: Mapping[str, Sequence[float]]) -> list[list[float]]:
    """Return for each theory the differences of its replicates, as far as both arms have them."""
    both = sorted(arm.keys() & reference.keys())
    return [[one - other for one, other in zip(arm[theory], reference[theory], strict=False)] for theory in both]


def _summary(arms: Arms, name: str, theories: Mapping[str, Sequence[float]]) -> ArmSummary:
    trials = arms.trials[name]
    means = [_mean(values) for _, values in sorted(theories.items())]
    shares = sorted(trial.first_share for trial in trials if trial.first_share is not None)
    return ArmSummary(
        name=name,
        theories=len(means),
        trials=len(trials),
        unfinished=arms.unfinished.get(name, 0),
        mean=_mean(means) if means else None,
        interval=t_interval(means, arms.primary.level),
        curve=_curve(trials),
        first_share=shares[len(shares) // 2] if shares else None,
    )


def _curve(trials: Sequence[ArmTrial]) -> tuple[float, ...]:
    """Return the mean over theories of the mean over their trials, generation by generation."""
    theories: dict[str, list[tuple[float, ...]]] = {}
    for trial in trials:
        theories.setdefault(trial.theory, []).append(trial.curve)
    length = min((len(trial.curve) for trial in trials), default=0)
    within = [[_mean([curve[at] for curve in curves]) for at in range(length)] for curves in theories.values()]
    return tuple(_mean(values) for values in zip(*within, strict=True))
