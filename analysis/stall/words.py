"""The answer to the question itself, as sentences."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.stall.answer import LEAST_GENERATIONS, LEAST_TRIALS, StallAnswer
from relay.text import quantity

__all__ = ["stall_words"]

MEANING = {
    "constant": "a constant speed",
    "ceiling": "slowing towards a ceiling",
    "budget": "a ceiling where the cost of orientation meets the budget",
}
"""Model -> what it says."""


def stall_words(name: str, found: StallAnswer) -> Iterator[str]:
    """Yield what the trials of the condition `name` say: the verdict, then which model predicts trials best."""
    yield f"{name}: {_verdict(found)}"
    if found.verdict in ("stalls", "moving", "undecided") and found.models:
        errors = ", ".join(f"{model} {held.error:.2f}" for model, held in found.models.items())
        best = found.best_model
        told = f"{MEANING[best]} predicts left-out trials best" if best else "no model predicts left-out trials best"
        yield f"{name}: {told} (error in layers: {errors}){_meets(found)}"


def _verdict(found: StallAnswer) -> str:
    curves = found.curves
    trials = quantity(curves.trials, "trial")
    if found.verdict == "stalls" and found.ceiling is not None:
        span = found.ceiling_interval
        within = f" [{span.low:.1f}, {span.high:.1f}]" if span else ""
        return f"stalls at depth {found.ceiling:.1f}{within} of {curves.layers} layers ({_pace(found)}; {trials})"
    if found.verdict == "moving":
        return (
            f"still moving at generation {curves.generations}, at depth {found.depth:.1f} of {curves.layers} layers "
            f"({_pace(found)}; {trials})"
        )
    if found.verdict == "reached_the_end":
        return (
            f"this task can't decide it for this researcher: the chain reached its end, depth {found.depth:.1f} of "
            f"{curves.layers} layers ({trials}); give it more layers"
        )
    if found.verdict == "done_at_once":
        share = 100 * float(curves.depth[:, 0].mean()) / found.depth
        return (
            f"this task can't decide it for this researcher: generation 1 has {share:.0f}% of the final depth "
            f"({trials}); give it a deeper task, or less budget"
        )
    if found.verdict == "no_start":
        return (
            f"this task can't decide it for this researcher: the chain reaches only depth {found.depth:.1f} "
            f"({trials}); give it an easier task, or more budget"
        )
    return _undecided(found, trials)


def _undecided(found: StallAnswer, trials: str) -> str:
    if found.curves.generations < LEAST_GENERATIONS:
        return f"not decidable from {quantity(found.curves.generations, 'generation')}; it takes {LEAST_GENERATIONS}"
    if found.curves.trials < LEAST_TRIALS:
        return f"not decidable from {trials}; it takes {LEAST_TRIALS}"
    more = found.more_trials
    told = f"{more} more would do if they are like these" if more else "more trials like these would not do"
    return f"not decidable from {trials} ({_pace(found)}); {told}"


def _pace(found: StallAnswer) -> str:
    if found.pace is None:
        return "no pace"
    low, high = 100 * found.pace.low, 100 * found.pace.high
    return f"its last third has {low:.0f}% to {high:.0f}% of its mean speed"


def _meets(found: StallAnswer) -> str:
    meets = found.orientation_ceiling
    if meets is None or not meets < 10 * found.curves.layers:
        return ""
    return f"; orientation would cost the whole budget at depth {meets:.1f}"
