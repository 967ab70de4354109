"""The budget of the search for counterexamples of one claim. It counts nodes and batches and never reads the clock, so
that verdicts do not depend on the machine."""

from __future__ import annotations

from dataclasses import dataclass

FUEL = 1_000_000
"""Nodes that one value may cost."""
LATE_FUEL = 4_000
"""Nodes that one value may cost after another value ran out: then only a cheap counterexample still matters."""
EXHAUST_WORK = 16_000_000
"""The most work that one claim may spend on trying all values of a model, in nodes times values. After that, models are
sampled."""
MOST_LATE = 24
"""After the first batch in which a value runs out, the search goes on until so many more batches run out."""
PILOT = 16
"""Values that are tried first in a model and case, to learn the cost of one."""
SAMPLE_WORK = 300_000
"""The most work for one sample, in nodes times values."""
TOTAL_WORK = 120_000_000
"""The most work for one claim over all models and cases, in nodes times values."""
MOST_EXPLORED = 40_000
"""The most nodes for one exploring stage. Of each case in each model, only the costliest value is counted."""


@dataclass(slots=True)
class SearchBudget:
    """The remaining budget of one claim."""

    work: int = TOTAL_WORK
    """Work left for the claim, in nodes times values."""
    exhausting: int = EXHAUST_WORK
    """Work left for trying all values, in nodes times values."""
    late: int = MOST_LATE
    """Batches that may still run out, after the first that did."""
    exploring: int = MOST_EXPLORED
    """Nodes left for the current exploring stage."""

    @property
    def out_of_work(self) -> bool:
        """Whether the work allowed for the claim is spent."""
        return self.work < 0

    @property
    def out_of_patience(self) -> bool:
        """Whether too many batches have run out."""
        return self.late < 0

    def pay_exhausting(self, values: int, cost: int) -> bool:
        """Returns whether all of `values` values can be tried if each costs `cost` nodes. If so, subtracts their
        cost."""
        if values * cost > self.exhausting:
            return False
        self.exhausting -= values * cost
        return True

    def begin_exploring(self) -> None:
        """Resets the budget of exploring for a new stage."""
        self.exploring = MOST_EXPLORED

    def pay_exploring(self, fuel: int) -> None:
        """Subtracts the fuel of the costliest value of an explored case."""
        self.exploring -= fuel

    @property
    def explores(self) -> bool:
        """Whether the budget of exploring allows another case."""
        return not self.out_of_work and self.exploring >= 0


def sample_size(wanted: int, cost: int) -> int:
    """Returns how many of the `wanted` values are drawn if one costs `cost` nodes: as many as `SAMPLE_WORK` allows, but
    at least `PILOT` and at most `wanted`."""
    return min(wanted, max(SAMPLE_WORK // cost, PILOT))
