"""What the search for counterexamples may spend on one claim. All of it is counted; the clock is never asked."""

from __future__ import annotations

from dataclasses import dataclass

FUEL = 1_000_000
"""Nodes that one value may cost."""
LATE_FUEL = 4_000
"""... after another one has run out."""
EXHAUST_WORK = 16_000_000
"""What exhausting may cost for one claim, in nodes times values; then models are sampled."""
MOST_LATE = 24
"""Batches in which something runs out before the search for a refutation ends."""
PILOT = 16
"""Values of a model and case that are tried first, to learn what one costs."""
SAMPLE_WORK = 300_000
"""Nodes times values for one sample."""
TOTAL_WORK = 120_000_000
"""Nodes times values for one claim, over all models and sizes."""
MOST_EXPLORED = 40_000
"""Nodes that values of all cases of one stage of exploring may cost together."""


@dataclass(slots=True)
class SearchBudget:
    """What is left for one claim."""

    work: int = TOTAL_WORK
    exhausting: int = EXHAUST_WORK
    late: int = MOST_LATE
    """Batches in which something may still run out, after the first."""
    exploring: int = MOST_EXPLORED
    """For the stage at hand: nodes, taking the costliest value of each case."""

    @property
    def out_of_work(self) -> bool:
        """Whether no more values can be paid."""
        return self.work < 0

    @property
    def out_of_patience(self) -> bool:
        """Whether values have run out of fuel too often."""
        return self.late < 0

    def pay_exhausting(self, values: int, cost: int) -> bool:
        """Whether so many values, of so many nodes each, can be exhausted; then they are paid."""
        if values * cost > self.exhausting:
            return False
        self.exhausting -= values * cost
        return True

    def begin_exploring(self) -> None:
        """A new stage explores."""
        self.exploring = MOST_EXPLORED

    def pay_exploring(self, fuel: int) -> None:
        """The costliest value of an explored case cost so many nodes."""
        self.exploring -= fuel

    @property
    def explores(self) -> bool:
        """Whether another case can be explored."""
        return not self.out_of_work and self.exploring >= 0


def sample_size(wanted: int, cost: int) -> int:
    """How many of the wanted values are drawn where one costs so many nodes."""
    return min(wanted, max(SAMPLE_WORK // cost, PILOT))
