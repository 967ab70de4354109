"""Records the values that satisfied a claim's hypothesis, and decides whether there were enough of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from relay.checker.cases import Case
from relay.checker.claim_batch import ClaimBatch
from relay.checker.sampling.parameter_values import rows
from relay.evaluation.algebra.base import Algebra
from relay.evaluation.values import Value

ENOUGH = 20
"""A claim holds only if at least so many distinct values satisfy its hypothesis (docs/notation.md)."""
REMEMBERED = 64
"""At most so many distinct satisfying values are counted for one size assignment: more would not change a verdict."""

Sizes = tuple[int, ...]
"""The values of a case's size names."""


@dataclass(slots=True)
class SatisfyingValues:
    """The satisfying values found so far."""

    count: int = 0
    """Satisfying values, repeated ones included."""
    unclear: int = 0
    """Values for which the hypothesis is undefined."""
    sampled: bool = False
    """Whether values were sampled in some model although a stage would have tried all."""
    characteristics: set[int] = field(default_factory=set)
    """Characteristics of the models that had a satisfying value."""
    distinct: dict[Sizes, set[bytes]] = field(default_factory=dict)
    """Size assignment -> up to `REMEMBERED` satisfying values. Equal values of different models count separately."""
    barren: dict[Sizes, bool] = field(default_factory=dict)
    """Size assignment -> True if all values of some model were tried there and no model had a satisfying value, False
    if some model had one. No entry: not known."""
    complete: dict[Sizes, int] = field(default_factory=dict)
    """Size assignment -> the number of models in which all values were tried and some satisfied the hypothesis."""

    def note(self, seen: ClaimBatch, model: Algebra, case: Case, values: Mapping[str, Value], lanes: int) -> None:
        """Records one batch of values."""
        self.unclear += int(seen.unclear.sum())
        self.count += int(seen.satisfied.sum())
        kept = self.distinct.setdefault(_sizes(case), set())
        if not seen.satisfied.any():
            return
        self.characteristics.add(model.characteristic)
        if len(kept) < REMEMBERED:
            table = rows(values, lanes, model)[seen.satisfied]
            # values with other `Nat` parameters or list lengths are distinct too
            naturals = ",".join(str(v) for d, v in case.items() if d.kind != "size")
            for row in table[: 4 * REMEMBERED]:  # bounds the time; rows may repeat, so more than `REMEMBERED`
                kept.add(f"{model.name};{naturals};".encode() + row.tobytes())
                if len(kept) >= REMEMBERED:
                    break

    def note_model(self, case: Case, exhausted: bool, found: int) -> None:
        """Records how many satisfying values a model had at a case. `exhausted` says whether all values were tried."""
        key = _sizes(case)
        if found and exhausted:
            self.complete[key] = self.complete.get(key, 0) + 1
        if found:
            self.barren[key] = False
        elif exhausted:
            self.barren.setdefault(key, True)

    @property
    def lacking(self) -> str:
        """Which satisfying values are missing for the status `holds`, in words, or an empty string.

        At least `ENOUGH` distinct values must satisfy the hypothesis, and they must be found at two size assignments
        with a size above 1, unless the hypothesis excludes all values at the others. It is also enough if, at two size
        assignments with a size above 1, all values were tried in at least two models that have satisfying values."""
        if not any(self.distinct):  # every key is the empty tuple: the claim has no sizes
            return _too_few(self.distinct) if self.sampled else ""
        above = {key: values for key, values in self.distinct.items() if max(key) > 1}
        met = sum(1 for values in above.values() if values)
        # all values were tried in two models at two sizes: no further values can be required
        if sum(1 for key, times in self.complete.items() if max(key, default=0) > 1 and times > 1) > 1:
            return ""
        base = [key for key in above if max(key) <= 3]
        # sizes without a satisfying value at which the hypothesis is not known to exclude all values
        others = [key for key in base if not above[key] and not self.barren.get(key, False)]
        if met < 2 and others:
            return (
                "values that satisfy the hypothesis were found at one size only"
                if met
                else "no value was found that satisfies the hypothesis at a size above 1"
            )
        return _too_few(above if met else self.distinct)

    @property
    def counted(self) -> str:
        """The number of distinct satisfying values, in words."""
        more = any(len(values) >= REMEMBERED for values in self.distinct.values())
        return f"{_count(self.distinct)}{' or more' if more else ''} distinct values"


def _sizes(case: Case) -> Sizes:
    return tuple(value for dimension, value in case.items() if dimension.kind == "size")


def _too_few(distinct: Mapping[Sizes, set[bytes]]) -> str:
    # no number: a hypothesis can be satisfied by as many values of a drawn field as tell its order
    return "" if _count(distinct) >= ENOUGH else f"fewer than {ENOUGH} different values satisfy the hypothesis"


def _count(distinct: Mapping[Sizes, set[bytes]]) -> int:
    return sum(len(values) for values in distinct.values())
