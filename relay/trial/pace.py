"""How far the tenures of a running generation are, for whoever waits for it. No result depends on it."""

from __future__ import annotations

from collections.abc import Sequence

from relay.records.budget import Budget, Spent
from relay.records.condition import Condition
from relay.text import rounded
from relay.trial.tenure_state import TenureState

__all__ = ["pace_words", "share_done"]

ALMOST = 0.99
"""The most that is done of a generation before its block is written."""


def share_done(states: Sequence[TenureState], budget: Budget) -> float:
    """The share of a generation that is done, 0 to `ALMOST`: the mean over its tenures. A tenure that has ended is
    done, another one as far as it has used up the part of its budget of which least is left."""
    return min(sum(1.0 if state.ended else _used(budget, state.spent) for state in states) / len(states), ALMOST)


def _used(budget: Budget, spent: Spent) -> float:
    used = [spent.turns / budget.turns, spent.tokens / budget.tokens]
    if budget.seconds is not None:
        used.append(spent.seconds / budget.seconds)
    if budget.money is not None:
        used.append(float(spent.money / budget.money))
    return min(max(used), 1.0)


def pace_words(states: Sequence[TenureState], condition: Condition) -> str:
    """The turn that is under way in words, and the tokens and the money that the generation has spent. If tenures are
    at different turns, the first and the last of these turns are told."""
    turns = condition.budget.turns
    under_way = sorted(min(state.spent.turns + 1, turns) for state in states if not state.ended) or [turns]
    span = f"{under_way[0]}-{under_way[-1]}" if under_way[0] < under_way[-1] else f"{under_way[0]}"
    spent = sum((state.spent for state in states), start=Spent())
    parts = [f"turn {span}/{turns}", f"{rounded(spent.tokens)} tokens"]
    if condition.prices is not None:
        parts.append(f"{spent.money:.2f} {condition.prices.currency}")
    return ", ".join(parts)
