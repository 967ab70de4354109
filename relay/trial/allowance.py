"""What a budget leaves for the next turn: the largest prompt and answer, and whether the turn is the last.

Everything here is known before the answer is requested: it depends only on the budget, on the tally of spending and on
the length of the prompt. So spending never exceeds the budget, and a resumed tenure ends in the same way.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from relay.records.budget import Budget, Remaining, Spent
from relay.records.prices import Prices

__all__ = ["Allowance"]

MODEST = 1_024
"""Tokens reserved for a short answer and its replies. A turn that leaves less than this for another one is announced
as the last, so that the researcher can still write notes. If the context is small, `context // PART` is reserved
instead."""
PART = 8
"""The reserve is at most the context divided by this."""
LAST_SHARE = 0.1
"""A turn is the last if, when it begins, at most this share of the budgeted seconds is left."""


@dataclass(frozen=True)
class Allowance:
    """What the next turn may spend."""

    budget: Budget
    spent: Spent
    prices: Prices | None = None

    @cached_property
    def remaining(self) -> Remaining:
        """The budget minus the spending so far."""
        return Remaining.of(self.budget, self.spent)

    # --- one prompt and its answer ---------------------------------------------------------------------------------

    @property
    def prompt(self) -> int:
        """Most tokens that a prompt may have: the remaining context, or less if the remaining money buys less."""
        most, money = self.remaining.context, self.remaining.money
        if money is None or self.prices is None or not self.prices.dearest:
            return most
        return min(most, int(money * self.prices.per // self.prices.dearest))

    def answer(self, prompt: int) -> int:
        """Most tokens that an answer to a prompt of `prompt` tokens may have; 0 or negative if the prompt does not
        fit."""
        most, money = self.remaining.context - prompt, self.remaining.money
        if self.budget.answer is not None:
            most = min(most, self.budget.answer)
        if money is None or self.prices is None:
            return most
        rest = money - self.prices.at_most(prompt, 0)
        if rest < 0:
            return 0
        # If output is free, money sets no limit.
        return min(most, int(rest * self.prices.per // self.prices.output)) if self.prices.output else most

    def asked(self, prompt: int, last: bool) -> int:
        """Tokens that the next answer, to a prompt of `prompt` tokens, is limited to. `last`: whether its turn is the
        last.

        If the budget limits single answers and the turn is not the last, enough is reserved for one more turn.
        Otherwise the answer may use everything that is left.
        """
        most = self.answer(prompt)
        if self.budget.answer is None or last:
            return most
        said = self._modest // 2
        # Room for one more turn, in context, tokens and money: the next prompt holds this prompt, this answer and the
        # replies to it, and a short answer must fit after it.
        rooms = [self.budget.context - prompt - said - self._modest]
        tokens, money = self.remaining.tokens, self.remaining.money
        rooms.append((tokens - 2 * prompt - said - self._modest) // 2)  # paid as answer, then in the prompt
        if money is not None and self.prices is not None and self.prices.dearest + self.prices.output:
            rest = money - self.prices.at_most(2 * prompt + said + self._modest, self._modest)
            rooms.append(int(rest * self.prices.per // (self.prices.dearest + self.prices.output)))
        return max(min(most, *rooms), 1)

    def readable(self, prompt: int) -> int:
        """Tokens by which a prompt of `prompt` tokens may grow. If the budget limits single answers, room for a short
        answer is reserved."""
        return self.prompt - prompt - (0 if self.budget.answer is None else self._modest)

    @property
    def fair_prompt(self) -> int:
        """Most tokens that every prompt may have if the budget is to pay for all turns."""
        most = min(self.budget.context, self.budget.tokens // self.budget.turns)
        if self.budget.money is None or self.prices is None or not self.prices.dearest:
            return most
        return min(most, int(self.budget.money * self.prices.per // (self.budget.turns * self.prices.dearest)))

    # --- how it ends -----------------------------------------------------------------------------------------------

    @property
    def clock_has_run_out(self) -> bool:
        """Whether seconds are budgeted and used up."""
        return self.remaining.seconds is not None and self.remaining.seconds <= 0

    def refusal(self, prompt: int) -> str | None:
        """Name of the part of the budget that forbids a prompt of `prompt` tokens; None if the prompt can be sent. A
        prompt is also forbidden if it leaves no room for an answer."""
        if prompt >= self.budget.context:
            return "context"
        if prompt >= self.remaining.tokens:
            return "tokens"
        return "money" if self.answer(prompt) < 1 else None

    def last(self, prompt: int) -> str:
        """Name of the part of the budget because of which this turn is the last; empty if it is not the last.

        This turn's prompt has `prompt` tokens. The turn is the last if, after a short answer and its replies, the next
        prompt would leave no room for another short answer.
        """
        if self.remaining.turns <= 1:
            return "turns"
        modest = self._modest
        if prompt + 2 * modest > self.budget.context:
            return "context"
        # this prompt and answer, then a prompt that contains them with their replies, and another answer
        if 2 * prompt + 3 * modest > self.remaining.tokens:
            return "tokens"
        both = Decimal(0) if self.prices is None else self.prices.at_most(2 * prompt + 2 * modest, 2 * modest)
        if self.remaining.money is not None and both > self.remaining.money:
            return "money"
        return "seconds" if self._last_on_the_clock else ""

    @property
    def _modest(self) -> int:
        return min(MODEST, self.budget.context // PART)

    @property
    def _last_on_the_clock(self) -> bool:
        """Whether the seconds left are at most `LAST_SHARE` of the budgeted seconds, or at most the mean time of the
        answers so far."""
        seconds = self.remaining.seconds
        if seconds is None or self.budget.seconds is None:
            return False
        usual = self.spent.seconds / self.spent.turns if self.spent.turns else 0.0
        return seconds <= max(self.budget.seconds * LAST_SHARE, usual)
