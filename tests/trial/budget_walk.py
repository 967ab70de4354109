"""A walk through a tenure's turns with any budget: a researcher that answers whatever it may, up to all of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from relay.records.budget import Budget, Spent
from relay.records.prices import Prices
from relay.trial.allowance import Allowance, Horizon

PRICES = st.builds(
    Prices,
    currency=st.just("USD"),
    input=st.decimals(0, 20, places=2),
    output=st.decimals(0, 20, places=2),
    cached=st.decimals(0, 20, places=2),
)
BUDGETS = st.builds(
    Budget,
    turns=st.integers(1, 12),
    context=st.integers(512, 20_000),
    tokens=st.integers(512, 100_000),
    answer=st.one_of(st.none(), st.integers(1, 6_000)),
    money=st.one_of(st.none(), st.decimals("0.001", "0.1", places=3)),
)


def up_to(most: int) -> st.SearchStrategy[int]:
    return st.one_of(st.just(most), st.integers(0, most))


@dataclass
class BudgetWalk:
    """What was spent so far, and what the latest prompt told."""

    budget: Budget
    prices: Prices
    margin: int
    data: Any
    spent: Spent = field(default_factory=Spent)
    told: int = 0
    """The turns that were left, as the latest prompt told; 0 before the first."""
    part: str = ""
    """The part of the budget that allowed no more."""

    def up_to(self, most: int) -> int:
        return int(self.data.draw(up_to(most)))

    def horizon(self, allowance: Allowance, prompt: int) -> Horizon:
        """The turns that are left: one, if the prompt before told two."""
        return Horizon(1, self.part) if self.told == 2 else allowance.horizon(prompt)

    def refused(self, prompt: int) -> bool:
        """Whether a trial whose tenures begin with this prompt is refused before it begins."""
        reserve = self.budget.last_answer
        return not self.spent.turns and (
            prompt + self.margin + reserve > min(self.budget.context, self.budget.tokens)
            or self.prices.at_most(prompt + self.margin, reserve) > (self.budget.money or 10**9)
        )

    def is_over(self, allowance: Allowance, prompt: int, horizon: Horizon, most: int) -> bool:
        """Whether the turn is the last, whose answer may have `most` tokens. The turn before must have announced a last
        one, which must have its reserve."""
        assert allowance.refusal(prompt) is None
        assert 1 <= most <= min(allowance.answer(prompt), self.budget.answer or self.budget.context)
        if horizon.last:
            assert self.told in (0, 2) and bool(self.told) == bool(self.spent.turns), (
                "the turn before did not announce it"
            )
            assert most >= self.budget.last_answer, "there is no room to hand over"
        self.told, self.part = horizon.turns, horizon.part
        return horizon.last

    def answer(self, prompt: int, most: int) -> int:
        """The tokens of an answer of at most `most`, which are spent, with those of the prompt."""
        answer = self.up_to(most)
        cost = self.prices.cost(prompt, answer, self.data.draw(st.integers(0, prompt)))
        self.spent += Spent(turns=1, tokens_in=prompt, tokens_out=answer, money=cost)
        return answer

    def replies(self, left: Allowance, prompt: int, answer: int, horizon: Horizon) -> int:
        """The tokens of the replies to an answer, of what is left for them."""
        room = left.replies(prompt, answer, horizon.following)
        assert room >= min(left.modest, self.budget.context // 4)
        return self.up_to(room)
