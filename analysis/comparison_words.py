"""What a comparison says, in words."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.arms import Arms
from analysis.comparison import ALPHA, ArmSummary, Comparison, Paired, fewest_pairs
from analysis.stall.words import stall_words
from analysis.statistics.paired import Interval
from analysis.statistics.power import MOST_PAIRS, pairs_needed
from relay.text import quantity

__all__ = ["endpoint_words", "paired_words", "words_of"]

FLOOR = 0.05
"""Where no arm's mean reaches this, the task is too hard for this researcher to tell arms apart."""
CEILING = 0.9
"""Where generation 1 has this share of the final measure, the chain has nothing to do."""


def words_of(comparison: Comparison) -> Iterator[str]:
    """Yield what a comparison says, one sentence a line: each arm against the reference, whether
    its chains stall, and what limits the whole."""
    for paired in comparison.pairs:
        yield paired_words(paired, comparison.arms)
    for name, found in comparison.stalls.items():
        yield from stall_words(name, found)
    yield from _limits(comparison)


def endpoint_words(arms: Arms) -> str:
    """Return the endpoint in words."""
    named = arms.primary
    when = "after the last generation" if named.over == "last" else "in the mean over generations"
    return f"{named.measure} {when}"


def paired_words(paired: Paired, arms: Arms) -> str:
    """Return what is known of one arm against the reference."""
    found = paired.differences
    pairs = f"{found.pairs} paired {'theory' if found.pairs == 1 else 'theories'}"
    if not found.pairs:
        return f"{paired.arm} and {paired.against} have no theory in common yet"
    size = f"{abs(found.mean):.2f} {_span(paired.interval, flipped=found.mean < 0)}".rstrip()
    told = f"in {endpoint_words(arms)}, over {pairs}"
    signs = f"{found.better} of {found.pairs} better, {found.worse} worse"
    tests = f"exact p = {_p(paired.p)}"
    if paired.comparisons > 1:
        tests += f", {_p(paired.corrected_p)} after Holm's correction for {paired.comparisons} comparisons"
    if paired.verdict == "better":
        return f"{paired.arm} beats {paired.against} by {size} {told} ({signs}; {tests})"
    if paired.verdict == "worse":
        return f"{paired.arm} is behind {paired.against} by {size} {told} ({signs}; {tests})"
    if paired.verdict == "alike":
        return f"{paired.arm} and {paired.against} are the same in every one of {pairs}"
    if paired.verdict == "tied":
        return (
            f"{paired.arm} and {paired.against} are tied: the difference of {found.mean:+.3f} {told} lies within "
            f"±{paired.margin:g} (equivalence p = {_p(found.equivalence_p(paired.margin))})"
        )
    seen = f"{found.mean:+.2f} {_span(paired.interval)}".rstrip()
    if paired.verdict == "too_few":
        return (
            f"{paired.arm} against {paired.against} is not decidable from {pairs}, whatever they are: "
            f"for {quantity(paired.comparisons, 'comparison')} it takes at least "
            f"{fewest_pairs(paired.comparisons)}; seen so far {seen}"
        )
    return f"{paired.arm} against {paired.against} is not decided: {seen} {told} ({signs}; {tests}){_more(paired)}"


def _more(paired: Paired) -> str:
    """Say how many pairs would decide, if the difference and its spread are as they were seen."""
    found = paired.differences
    needed = pairs_needed(found.mean, found.spread, alpha=ALPHA / paired.comparisons)
    if needed is None:
        return f"; if that is all there is, not even {MOST_PAIRS:,} pairs would find it"
    more = needed - found.pairs
    if more <= 0:
        return ""
    return f"; if that is what there is, {quantity(more, 'more pair')} would find it with 80% power"


def _limits(comparison: Comparison) -> Iterator[str]:
    """Yield what keeps the task from deciding for this researcher, or the study from being whole."""
    if not comparison.arms.named:
        yield "this endpoint was not named before these trials ran: take what it says as exploratory"
    chains = [one for one in comparison.summaries if one.mean is not None and len(one.curve) > 1]
    passing = [one for one in chains if one.name not in comparison.arms.best]
    if passing and all(one.mean is not None and one.mean < FLOOR for one in passing):
        highest = max(one.mean or 0.0 for one in passing)
        yield (
            f"this task can't decide it for this researcher: no arm ends above {highest:.2f}; give it an easier task, "
            "or more budget"
        )
    full = [one for one in passing if one.first_share is not None and one.first_share >= CEILING]
    if passing and len(full) == len(passing):
        shares = ", ".join(f"{one.name} {_share(one)}" for one in full)
        yield (
            "this task can't decide it for this researcher: generation 1 has nearly all of the final recall in every "
            f"arm ({shares}); give it a deeper task, or less budget"
        )
    missing = sum(comparison.arms.unfinished.values())
    if missing:
        yield f"{quantity(missing, 'trial')} {'has' if missing == 1 else 'have'} not ended; this is of those that have"


def _share(summary: ArmSummary) -> str:
    return f"{100 * (summary.first_share or 0.0):.0f}%"


def _span(interval: Interval | None, flipped: bool = False) -> str:
    if interval is None:
        return ""
    low, high = (-interval.high, -interval.low) if flipped else (interval.low, interval.high)
    return f"[{low:.2f}, {high:.2f}]"


def _p(value: float) -> str:
    return "< 0.0001" if value < 1e-4 else f"{value:.2g}"
