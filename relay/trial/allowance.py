"""What a budget leaves for the next turn: how long its prompt and its answer may be, and whether it is the last.

Everything here is known before the turn is asked for, and is a function of the budget, of what is spent and of the
prompt's length. So nothing is spent that is not there, and a resumed tenure comes to the same end.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from relay.records.budget import Budget, Remaining, Spent
from relay.records.prices import Prices

__all__ = ["Allowance"]

MODEST = 1_024
"""Tokens of a modest answer together with what is said to it; and those that a last turn should have, to be announced
in and to leave notes in. Where a context is small, a part of it stands instead."""
PART = 8
"""It is at most the context divided by this."""
LAST_SHARE = 0.1
"""A turn that begins in this last part of the clock is the last."""


@dataclass(frozen=True)
class Allowance:
    """What the next turn may spend."""

    budget: Budget
    spent: Spent
    prices: Prices | None = None

    @cached_property
    def remaining(self) -> Remaining:
        """What has not been spent."""
        return Remaining.of(self.budget, self.spent)

    # --- one prompt and its answer ---------------------------------------------------------------------------------

    @property
    def prompt(self) -> int:
        """Tokens that a prompt may have at the very most."""
        most, money = self.remaining.context, self.remaining.money
        if money is None or self.prices is None or not self.prices.dearest:
            return most
        return min(most, int(money * self.prices.per // self.prices.dearest))

    def answer(self, prompt: int) -> int:
        """Tokens that an answer to a prompt of so many may have; none or less where the prompt does not fit."""
        most, money = self.remaining.context - prompt, self.remaining.money
        if self.budget.answer is not None:
            most = min(most, self.budget.answer)
        if money is None or self.prices is None:
            return most
        rest = money - self.prices.at_most(prompt, 0)
        if rest < 0:
            return 0
        return min(most, int(rest * self.prices.per // self.prices.output)) if self.prices.output else most

    def asked(self, prompt: int, last: bool) -> int:
        """Tokens that the next answer is asked to keep to. Where the length of an answer is budgeted, one that is not
        the last leaves room for one that is; else it may use up everything."""
        most = self.answer(prompt)
        if self.budget.answer is None or last:
            return most
        said = self._modest // 2
        rooms = [self.budget.context - prompt - said - self._modest]
        tokens, money = self.remaining.tokens, self.remaining.money
        rooms.append((tokens - 2 * prompt - said - self._modest) // 2)  # paid as answer, then in the prompt
        if money is not None and self.prices is not None and self.prices.dearest + self.prices.output:
            rest = money - self.prices.at_most(2 * prompt + said + self._modest, self._modest)
            rooms.append(int(rest * self.prices.per // (self.prices.dearest + self.prices.output)))
        return max(min(most, *rooms), 1)

    def readable(self, prompt: int) -> int:
        """Tokens that a prompt of so many may still grow by. Where the length of an answer is budgeted, room for one is
        kept."""
        return self.prompt - prompt - (0 if self.budget.answer is None else self._modest)

    @property
    def fair_prompt(self) -> int:
        """Tokens that a prompt may have if all turns shall be paid."""
        most = min(self.budget.context, self.budget.tokens // self.budget.turns)
        if self.budget.money is None or self.prices is None or not self.prices.dearest:
            return most
        return min(most, int(self.budget.money * self.prices.per // (self.budget.turns * self.prices.dearest)))

    # --- how it ends -----------------------------------------------------------------------------------------------

    @property
    def clock_has_run_out(self) -> bool:
        """Whether there is a clock, and nothing left on it."""
        return self.remaining.seconds is not None and self.remaining.seconds <= 0

    def refusal(self, prompt: int) -> str | None:
        """Why a prompt of so many tokens can't be sent: one that leaves no room for an answer never is."""
        if prompt >= self.budget.context:
            return "context"
        if prompt >= self.remaining.tokens:
            return "tokens"
        return "money" if self.answer(prompt) < 1 else None

    def last(self, prompt: int) -> str:
        """Why a turn with a prompt of so many tokens is the last: after a modest answer, and what is said to it, the
        next prompt would leave no room for another one. Empty where it is not."""
        if self.remaining.turns <= 1:
            return "turns"
        modest = self._modest
        if prompt + 2 * modest > self.budget.context:
            return "context"
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
        """Whether no more than the last part is left, or than an answer took so far on average."""
        seconds = self.remaining.seconds
        if seconds is None or self.budget.seconds is None:
            return False
        usual = self.spent.seconds / self.spent.turns if self.spent.turns else 0.0
        return seconds <= max(self.budget.seconds * LAST_SHARE, usual)
