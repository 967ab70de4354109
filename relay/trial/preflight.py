"""Whether the first prompt of a trial leaves room for an answer."""

from __future__ import annotations

from decimal import ROUND_UP, Decimal

from relay.errors import UsageError
from relay.records.prices import plain
from relay.researcher.observation import Inheritance
from relay.trial.opening import empty_prompt, observe
from relay.trial.setup import TrialSetup

SHORTEST_ANSWER = 64
"""Tokens that a first answer must have room for: one short action."""


AMOUNT = 8
"""Tokens by which a prompt may grow that tells another amount of money."""


def check_room(setup: TrialSetup) -> None:
    """See that the model has the context that is budgeted, and that the first prompt of a trial leaves room for an
    answer; `UsageError` says what to give."""
    window = setup.agent.window()
    if window is not None and setup.budget.context > window:
        raise UsageError(
            f"the model has room for {window} tokens, and context={setup.budget.context} asks for more; give "
            f"--context {window}, or start the model with more room"
        )
    bare = observe(setup, Inheritance())
    prompt = empty_prompt(setup, bare)
    least = prompt + SHORTEST_ANSWER
    enough = -(-max(2 * prompt, least) // 1000) * 1000
    for name in ("context", "tokens"):
        allowed = getattr(setup.budget, name)
        if allowed < least:
            raise UsageError(
                f"the brief and what goes with it have {prompt} tokens, and {name}={allowed} leaves no room for an "
                f"answer; give --{name} {enough if name == 'context' else enough * setup.budget.turns}"
            )
    prices, money = setup.condition.prices, setup.budget.money
    if prices is None or money is None:
        return
    prompt = empty_prompt(setup, bare, last=True)  # where money is short the first turn is announced as the last
    dear = plain(prices.at_most(prompt, SHORTEST_ANSWER))
    if money < dear:
        least_money = _rounded_up(prices.at_most(prompt + AMOUNT, SHORTEST_ANSWER))
        raise UsageError(
            f"the brief and what goes with it have {prompt} tokens, and with a short answer they may cost {dear:f} "
            f"{prices.currency}; money={money:f} leaves no room for one turn; give --money {least_money:f} at least"
        )


def _rounded_up(amount: Decimal) -> Decimal:
    """To two digits that count."""
    return plain(amount.quantize(Decimal((0, (1,), amount.adjusted() - 1)), rounding=ROUND_UP))
