"""Budgets are policies, spending is a tally. The engine checks a budget before it spends (`relay.trial.allowance`)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, Field

from relay.records.prices import Amount, plain
from relay.records.record import Record, later

__all__ = ["MOST_PRICE", "Budget", "Remaining", "Spent", "milliseconds"]

MOST_PRICE = 1_000
"""Most evaluations that one action may cost. It bounds the time of an action, however much is left."""

RESERVE = 1_024
"""Tokens that the answer of a last turn may have at least, if nothing else is budgeted."""
RESERVED_PART = 8
"""In a small context, the reserve is the context divided by this."""


def milliseconds(seconds: float) -> float:
    """Seconds rounded to the thousandth, as they are logged and charged."""
    return round(seconds, 3)


class Budget(Record):
    """What one tenure may spend."""

    turns: int = Field(default=4, ge=1)
    """Number of answers."""
    tokens: int = Field(default=200_000, ge=1)
    """Tokens in plus tokens out, over the whole tenure. Every turn's whole prompt counts as tokens in."""
    context: int = Field(default=16_000, ge=1)
    """Tokens that one prompt and its answer may have together."""
    reserve: int | None = later(None, ge=1)
    """Tokens that the answer of a last turn may have at least, including reasoning. None: the smallest of 1,024, an
    eighth of the context, and `answer`."""
    evaluations: int = Field(default=20_000, ge=0)
    """What may be computed: one evaluation is a term evaluated on the bench, or a statement, an `evaluate` or a `match`
    whose term is plain. A term that values more nodes, every generator run to its end, is charged as many
    (`relay.checker.pricing`)."""
    answer: int | None = later(None, ge=1)
    """Tokens that one answer may have, including reasoning; None: everything that is left."""
    seconds: Annotated[float, Field(ge=0.001, allow_inf_nan=False), AfterValidator(milliseconds)] | None = later(None)
    """Wall-clock seconds for all answers of the researcher together; None: no limit. The checker's time, pauses and
    repetitions after machine faults are not charged."""
    money: Annotated[Amount, Field(gt=0)] | None = later(None)
    """Money in the currency of the condition's prices; None: no limit."""

    @property
    def last_answer(self) -> int:
        """Tokens that the answer of a last turn may have at least: `reserve`, or its default."""
        if self.reserve is not None:
            return self.reserve
        return max(1, min(RESERVE, self.context // RESERVED_PART, self.answer or RESERVE))


class Spent(Record):
    """What was spent of a `Budget`, in the same units."""

    turns: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    evaluations: int = 0
    tokens_cached: int = later(0)
    """The part of `tokens_in` that was served from a prefix cache."""
    seconds: float = later(0.0)
    """Counted only if seconds are budgeted."""
    money: Amount = later(Decimal(0))
    """Counted only if the condition has prices."""

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
    """What is left of a `Budget`, in the same units. The engine never spends more than the budget, so nothing is below
    0."""

    turns: int
    tokens: int
    context: int
    """Tokens that the next prompt and its answer may have together: the budget's context, or the tokens left if
    fewer."""
    evaluations: int
    seconds: float | None
    """None: seconds are not budgeted."""
    money: Decimal | None
    """None: money is not budgeted."""

    @classmethod
    def of(cls, budget: Budget, spent: Spent) -> Remaining:
        """The budget minus what was spent."""
        tokens = budget.tokens - spent.tokens
        return cls(
            turns=budget.turns - spent.turns,
            tokens=tokens,
            context=min(budget.context, tokens),
            evaluations=budget.evaluations - spent.evaluations,
            seconds=None if budget.seconds is None else milliseconds(budget.seconds - spent.seconds),
            money=None if budget.money is None else budget.money - spent.money,
        )
