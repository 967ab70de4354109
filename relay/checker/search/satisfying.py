"""The values that satisfied a claim's hypothesis, and whether there were enough of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from relay.checker.cases import Case
from relay.checker.claim_batch import ClaimBatch
from relay.checker.sampling.parameter_values import rows
from relay.evaluation.algebra.base import Algebra
from relay.evaluation.values import Value

ENOUGH = 20
"""Distinct satisfying values without which a claim does not hold."""
REMEMBERED = 64
"""Satisfying values of one size assignment that are told apart."""

Sizes = tuple[int, ...]
"""The values of a case's size names."""


@dataclass(slots=True)
class SatisfyingValues:
    """What is known of them so far."""

    count: int = 0
    unclear: int = 0
    """Values for which the hypothesis is undefined."""
    sampled: bool = False
    """Whether some model that may be exhausted was not."""
    characteristics: set[int] = field(default_factory=set)
    """Of the models in which there were any."""
    distinct: dict[Sizes, set[bytes]] = field(default_factory=dict)
    """Size assignment -> satisfying values, up to `REMEMBERED` of them, models told apart."""
    barren: dict[Sizes, bool] = field(default_factory=dict)
    """Size assignment -> whether a model was exhausted there and none had a satisfying value; absent: not known."""
    complete: dict[Sizes, int] = field(default_factory=dict)
    """Size assignment -> how many models were exhausted there and had a satisfying value."""

    def note(self, seen: ClaimBatch, model: Algebra, case: Case, values: Mapping[str, Value], lanes: int) -> None:
        """Take note of one batch of values."""
        self.unclear += int(seen.unclear.sum())
        self.count += int(seen.satisfied.sum())
        kept = self.distinct.setdefault(_sizes(case), set())
        if not seen.satisfied.any():
            return
        self.characteristics.add(model.characteristic)
        if len(kept) < REMEMBERED:
            table = rows(values, lanes, model)[seen.satisfied]
            naturals = ",".join(str(v) for d, v in case.items() if d.kind != "size")
            for row in table[: 4 * REMEMBERED]:
                kept.add(f"{model.name};{naturals};".encode() + row.tobytes())
                if len(kept) >= REMEMBERED:
                    break

    def note_model(self, case: Case, exhausted: bool, found: int) -> None:
        """Take note of what was found in a model at a case, once all its values were tried."""
        key = _sizes(case)
        if found and exhausted:
            self.complete[key] = self.complete.get(key, 0) + 1
        if found:
            self.barren[key] = False
        elif exhausted:
            self.barren.setdefault(key, True)

    @property
    def lacking(self) -> str:
        """What is missing, in words: the hypothesis is to be satisfied often enough, at two sizes above 1 where it
        allows that; or by every value there is in several fields."""
        if not any(self.distinct):  # no sizes
            return _too_few(self.distinct) if self.sampled else ""
        above = {key: values for key, values in self.distinct.items() if max(key) > 1}
        met = sum(1 for values in above.values() if values)
        if sum(1 for key, times in self.complete.items() if max(key, default=0) > 1 and times > 1) > 1:
            return ""
        base = [key for key in above if max(key) <= 3]
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
        """How many distinct ones there were, in words."""
        more = any(len(values) >= REMEMBERED for values in self.distinct.values())
        return f"{_count(self.distinct)}{' or more' if more else ''} distinct values"


def _sizes(case: Case) -> Sizes:
    return tuple(value for dimension, value in case.items() if dimension.kind == "size")


def _too_few(distinct: Mapping[Sizes, set[bytes]]) -> str:
    count = _count(distinct)
    return "" if count >= ENOUGH else f"only {count} different values satisfy the hypothesis"


def _count(distinct: Mapping[Sizes, set[bytes]]) -> int:
    return sum(len(values) for values in distinct.values())
