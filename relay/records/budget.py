"""Budgets are policies, spending is a tally; the engine checks before it spends (`relay.trial.allowance`)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, Field

from relay.records.prices import Amount, plain
from relay.records.record import Record, later

__all__ = ["Budget", "Remaining", "Spent", "milliseconds"]


def milliseconds(seconds: float) -> float:
    """Seconds as they are logged and spent: to the thousandth."""
    return round(seconds, 3)


class Budget(Record):
    """What one tenure may spend."""

    turns: int = Field(default=4, ge=1)
    """Answers of the researcher."""
    tokens: int = Field(default=200_000, ge=1)
    """Tokens in plus tokens out, over the whole tenure; every turn's whole prompt counts as tokens in."""
    context: int = Field(default=16_000, ge=1)
    """Tokens that one prompt and its answer may have together."""
    evaluations: int = Field(default=20_000, ge=0)
    """Terms valued on the bench, plus statements sent to the checker, plus `evaluate` actions."""
    answer: int | None = later(None, ge=1)
    """Tokens that one answer may have, reasoning included; None: all that is left."""
    seconds: Annotated[float, Field(ge=0.001, allow_inf_nan=False), AfterValidator(milliseconds)] | None = later(None)
    """Wall-clock that the researcher may use, over all of its answers; None: any. What the checker takes costs nothing,
    nor do pauses and repetitions after the machine's faults."""
    money: Annotated[Amount, Field(gt=0)] | None = later(None)
    """In the currency of the condition's prices; None: any."""


class Spent(Record):
    """A tally against a `Budget`; the same units."""

    turns: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    evaluations: int = 0
    tokens_cached: int = later(0)
    """Of `tokens_in`, those that were served from a prefix cache."""
    seconds: float = later(0.0)
    """Counted where seconds are budgeted, and nowhere else."""
    money: Amount = later(Decimal(0))
    """Counted where there are prices."""

    @property
    def tokens(self) -> int:
        """Tokens in plus tokens out."""
        return self.tokens_in + self.tokens_out

    def __add__(self, other: Spent) -> Spent:
        return Spent(
            turns=self.turns + other.turns,
            tokens_in=self.tokens_in + other.tokens_in,
            tokens_out=self.tokens_out + other.tokens_out,
            evaluations=self.evaluations + other.evaluations,
            tokens_cached=self.tokens_cached + other.tokens_cached,
            seconds=milliseconds(self.seconds + other.seconds),
            money=plain(self.money + other.money),
        )


@dataclass(frozen=True, slots=True)
class Remaining:
    """What is left of a `Budget`; the same units. The engine never spends what is not there, so nothing is below 0."""

    turns: int
    tokens: int
    context: int
    """Tokens that the next prompt and its answer may have together: no more than the budget's context, and no more than
    are left."""
    evaluations: int
    seconds: float | None
    """None: no clock runs."""
    money: Decimal | None
    """None: none is budgeted."""

    @classmethod
    def of(cls, budget: Budget, spent: Spent) -> Remaining:
        """What `spent` leaves of `budget`."""
        tokens = budget.tokens - spent.tokens
        return cls(
            turns=budget.turns - spent.turns,
            tokens=tokens,
            context=min(budget.context, tokens),
            evaluations=budget.evaluations - spent.evaluations,
            seconds=None if budget.seconds is None else milliseconds(budget.seconds - spent.seconds),
            money=None if budget.money is None else budget.money - spent.money,
        )
