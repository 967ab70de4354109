"""What a budget leaves for the next turns: how many there are, the largest prompt, answer and replies.

Everything here is known before the answer is requested, or before it is replied to: it depends only on the budget, on
the tally of spending and on the length of the prompt. So spending never exceeds the budget, and a resumed tenure ends
in the same way.

A last turn always has its reserve (`Budget.last_answer`), and the turn before it is announced too. Therefore no answer
and no reply may take the room of the turns that must still follow: the last one, and the one in which it is announced.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from relay.records.budget import Budget, Remaining, Spent
from relay.records.prices import Prices

__all__ = ["Allowance", "Horizon"]

MODEST = 512
"""Tokens of a modest answer: turns are counted at this length. If the context is small, `context // SMALL` instead."""
SMALL = 16
REPLIES = 4
"""The replies to one answer may have at most the context divided by this, and less if less is left."""
LAST_SHARE = 0.1
"""A turn is the last if, when it begins, at most this share of the budgeted seconds is left."""


@dataclass(frozen=True)
class Horizon:
    """How many turns there are still."""

    turns: int
    """Most turns that all budgets together allow at a modest answer each, this one included."""
    part: str
    """Name of the part of the budget that allows no more."""

    @property
    def last(self) -> bool:
        """Whether this turn is the last."""
        return self.turns <= 1

    @property
    def following(self) -> int:
        """Number of turns whose room this one may not take: the last one, and the one in which it is announced."""
        return max(0, min(self.turns - 1, 2))


@dataclass(frozen=True)
class Allowance:
    """What the next turn may spend."""

    budget: Budget
    spent: Spent
    prices: Prices | None = None
    margin: int = 0
    """Tokens by which a prompt may grow beside the answer and the replies that it shows: the overhead of messages, and
    what is told of replies that were cut. The announcement of a last turn has as many at most."""

    staying: int | None = None
    """Tokens that a prompt has without its turns, if turns leave it when the context is full; then the context limits
    one turn, and not their number. None: every turn stays, and a prompt only grows."""

    growing: bool = False
    """Whether the next prompt has to have room for all of this one, since a summary of it may be asked for; only if
    turns leave."""

    @cached_property
    def remaining(self) -> Remaining:
        """The budget minus the spending so far."""
        return Remaining.of(self.budget, self.spent)

    # --- one prompt and its answer ---------------------------------------------------------------------------------

    def answer(self, prompt: int) -> int:
        """Most tokens that an answer to a prompt of `prompt` tokens may have if nothing is reserved for later turns; 0
        or negative if the prompt does not fit."""
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

    def asked(self, prompt: int, following: int) -> int:
        """Tokens that the next answer, to a prompt of `prompt` tokens, is limited to, with room for `following` more
        turns. The last turn may use everything that is left."""
        if not following:
            return self.answer(prompt)
        # The next prompt holds this prompt, this answer and the replies to it. So the answer is paid for as output, and
        # once more in every prompt that follows.
        added = self._replies_at_least + (1 + following) * self.margin
        grown = prompt + added
        rooms = [self.budget.context - self._context(self._least(prompt) + added, following)]
        rooms += [self._token_room(prompt, grown, following, 1), self._money_room(prompt, grown, following, 1)]
        return max(min(self.answer(prompt), *rooms), 1)

    def summary(self, prompt: int, following: int) -> int:
        """Tokens that a summary, the answer to a prompt of `prompt` tokens, is limited to: a modest turn has to fit
        beside it afterwards, and the reserve. 0 or negative if there is no room. Precondition: turns leave."""
        assert self.staying is not None
        beside = self.staying + self._step + (2 + following) * self.margin + self.budget.last_answer
        asked = replace(self, growing=False).asked(prompt, following)
        return min(asked, self.budget.context - prompt, self.budget.context - beside)

    def chargeable(self, prompt: int, answer: int, following: int) -> int:
        """Most tokens that a prompt may be charged with, after an answer of `answer` tokens was charged. Its model may
        report more tokens than the `prompt` that the engine counted, but they never take the room of the answer, nor
        that of turns that must follow."""
        grown = prompt + answer + self._replies_at_least + (1 + following) * self.margin
        prompts, answers = self._spending(grown, following) if following else (0, 0)
        most = min(self.budget.context, self.remaining.tokens - prompts - answers) - answer
        if self.remaining.money is None or self.prices is None or not self.prices.dearest:
            return most
        rest = self.remaining.money - self.prices.at_most(prompts, answers + answer)
        return min(most, int(rest * self.prices.per // self.prices.dearest))

    def replies(self, prompt: int, answer: int, following: int) -> int:
        """Most tokens of the replies to an answer, which was charged already. Its prompt had `prompt` tokens, and the
        next one has `answer` more without the replies; `following` turns must follow."""
        share = self.most_replies
        if not following:
            return share
        added = answer + (1 + following) * self.margin
        grown = prompt + added
        rooms = [self.budget.context - self._context(self._least(prompt) + added, following)]
        rooms += [self._token_room(0, grown, following, 0), self._money_room(0, grown, following, 0)]
        return max(min(share, *rooms), 0)

    @property
    def most_replies(self) -> int:
        """Most tokens of the replies to any answer."""
        return self.budget.context // REPLIES

    @property
    def fair_prompt(self) -> int:
        """Most tokens that every prompt may have if the budget is to pay for all turns, with the reserve of the last
        one."""
        most = min(self.budget.context, self.budget.tokens // self.budget.turns)
        if self.budget.money is not None and self.prices is not None and self.prices.dearest:
            dear = self.budget.turns * self.prices.dearest
            most = min(most, int(self.budget.money * self.prices.per // dear))
        return most - self.budget.last_answer - self.margin

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

    def horizon(self, prompt: int, clock: bool = True) -> Horizon:
        """How many turns there are still, the first with a prompt of `prompt` tokens. `clock`: whether a turn is the
        last if hardly any time is left."""
        if clock and self._last_on_the_clock:
            return Horizon(1, "seconds")
        prompt += 2 * self.margin  # it may get an announcement, and the next one too
        most, part = self.remaining.turns, "turns"
        context = self._fitting(prompt if self.staying is None else self.staying + 2 * self.margin)
        # Where turns leave, a second one fits as well as any.
        if context < (most if self.staying is None else min(most, 2)):
            most, part = max(context, 1), "context"
        for name, allows in (("tokens", self._tokens_allow), ("money", self._money_allows)):
            if not allows(prompt, most):
                low, high = 1, most  # `high` turns are too many; one turn is taken in any case
                while high - low > 1:
                    middle = (low + high) // 2
                    low, high = (middle, high) if allows(prompt, middle) else (low, middle)
                most, part = low, name
        return Horizon(max(most, 1), part)

    def is_full(self, prompt: int, turns: int) -> bool:
        """Whether the context has too little room beside a prompt of `prompt` tokens, if `turns` turns are left: none
        for a modest turn and the reserve of the last one, or none for the reserve if this one is the last."""
        return self._fitting(prompt + 2 * self.margin) < min(turns, 2)

    def _fitting(self, prompt: int) -> int:
        """Turns that the context has room for if nothing leaves, the first with a prompt of `prompt` tokens; 0 or
        negative if there is not even room for the reserve."""
        return 1 + (self.budget.context - self.budget.last_answer - prompt) // self._step

    # --- the turns that follow -------------------------------------------------------------------------------------

    @cached_property
    def modest(self) -> int:
        """Tokens of a modest answer."""
        return max(1, min(MODEST, self.budget.context // SMALL))

    @cached_property
    def _replies_at_least(self) -> int:
        """Tokens that the replies to any answer may have at least."""
        return self.modest

    @cached_property
    def _step(self) -> int:
        """Tokens by which a prompt grows with a modest answer and its replies."""
        return self.modest + self._replies_at_least + self.margin

    def _least(self, prompt: int) -> int:
        """Tokens of a prompt that has `prompt` tokens, without what may leave it."""
        return prompt if self.staying is None or self.growing else self.staying

    @property
    def _most(self) -> int:
        """Most tokens of any prompt, if turns leave it."""
        return self.budget.context - self.budget.last_answer

    def _context(self, prompt: int, following: int) -> int:
        """Context that `following` turns need, of which the first has a prompt of `prompt` tokens."""
        if self.staying is not None:  # turns leave before the next one
            return prompt + self.budget.last_answer
        return prompt + (following - 1) * self._step + self.budget.last_answer

    def _tokens(self, prompt: int, following: int) -> int:
        """Tokens that `following` turns spend, of which the first has a prompt of `prompt` tokens."""
        prompts, answers = self._spending(prompt, following)
        return prompts + answers

    def _spending(self, prompt: int, following: int) -> tuple[int, int]:
        """Tokens in and tokens out of `following` turns."""
        growing = following
        if self.staying is not None:
            prompt = min(prompt, self._most)
            growing = min(following, 1 + (self._most - prompt) // self._step)
        prompts = growing * prompt + self._step * growing * (growing - 1) // 2
        prompts += (following - growing) * self._most
        return prompts, (following - 1) * self.modest + self.budget.last_answer

    def _token_room(self, prompt: int, grown: int, following: int, output: int) -> int:
        """Most tokens of a text, as far as the tokens left allow: after a prompt of `prompt` tokens it is paid for
        `output` times by itself, and once more in each of `following` prompts, of which the first has `grown` tokens
        without it."""
        left = self.remaining.tokens - prompt
        room = (left - self._tokens(grown, following)) // (output + following)
        rest = left - self._tokens(self._most, following)
        if self.staying is not None and rest >= 0:  # the prompts can be paid for, however long they are
            room = max(room, rest // output if output else self.budget.context)
        return room

    def _money_room(self, prompt: int, grown: int, following: int, output: int) -> int:
        """The same as far as the money left allows; the whole context if money sets no limit."""
        if self.remaining.money is None or self.prices is None:
            return self.budget.context
        prices, money = self.prices, self.remaining.money

        def room(first: int, price: Decimal) -> int:
            prompts, answers = self._spending(first, following)
            rest = (money - prices.at_most(prompt + prompts, answers)) * prices.per
            # what is free has no limit
            return int(rest // price) if price else self.budget.context if rest >= 0 else -1

        each = output * prices.output + following * prices.dearest
        found = room(grown, each) if each else self.budget.context
        return found if self.staying is None else max(found, room(self._most, output * prices.output))

    def _tokens_allow(self, prompt: int, turns: int) -> bool:
        return self._tokens(prompt, turns) <= self.remaining.tokens

    def _money_allows(self, prompt: int, turns: int) -> bool:
        if self.remaining.money is None or self.prices is None:
            return True
        return self.prices.at_most(*self._spending(prompt, turns)) <= self.remaining.money

    @property
    def _last_on_the_clock(self) -> bool:
        """Whether the seconds left are at most `LAST_SHARE` of the budgeted seconds, or at most the mean time of the
        answers so far."""
        seconds = self.remaining.seconds
        if seconds is None or self.budget.seconds is None:
            return False
        usual = self.spent.seconds / self.spent.turns if self.spent.turns else 0.0
        return seconds <= max(self.budget.seconds * LAST_SHARE, usual)
