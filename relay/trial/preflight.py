"""Checks that a trial has room for its first prompt and an answer."""

from __future__ import annotations

from decimal import ROUND_UP, Decimal

from relay.errors import UsageError
from relay.records.prices import plain
from relay.researcher.observation import Inheritance
from relay.trial.opening import empty_prompt, observe
from relay.trial.setup import TrialSetup

SHORTEST_ANSWER = 64
"""Tokens that a first answer must have room for: about one short action."""


AMOUNT = 8
"""Tokens by which a prompt may grow if it states a larger amount of money."""


def check_room(setup: TrialSetup) -> None:
    """Check that the model has the budgeted context, and that the first prompt leaves room for an answer.

    Raises `UsageError` with the option that helps.
    """
    window = setup.agent.window()
    if window is not None and setup.budget.context > window:
        raise UsageError(
            f"the model's context has {window} tokens, fewer than context={setup.budget.context}; give "
            f"--context {window}, or start the model with a longer context"
        )
    bare = observe(setup, Inheritance())
    prompt = empty_prompt(setup, bare)
    least = prompt + SHORTEST_ANSWER
    # rounded up to thousands, with room for an answer as long as the prompt
    enough = -(-max(2 * prompt, least) // 1000) * 1000
    for name in ("context", "tokens"):
        allowed = getattr(setup.budget, name)
        if allowed < least:
            raise UsageError(
                f"the first prompt has {prompt} tokens, and {name}={allowed} leaves no room for an "
                f"answer; give --{name} {enough if name == 'context' else enough * setup.budget.turns}"
            )
    prices, money = setup.condition.prices, setup.budget.money
    if prices is None or money is None:
        return
    prompt = empty_prompt(setup, bare, last=True)  # a short budget makes the first turn the last
    dear = plain(prices.at_most(prompt, SHORTEST_ANSWER))
    if money < dear:
        least_money = _rounded_up(prices.at_most(prompt + AMOUNT, SHORTEST_ANSWER))
        raise UsageError(
            f"the first prompt has {prompt} tokens, and with a short answer it may cost {dear:f} "
            f"{prices.currency}; money={money:f} leaves no room for one turn; give --money {least_money:f} at least"
        )


def _rounded_up(amount: Decimal) -> Decimal:
    """`amount` rounded up to two significant digits, without trailing zeros."""
    return plain(amount.quantize(Decimal((0, (1,), amount.adjusted() - 1)), rounding=ROUND_UP))
