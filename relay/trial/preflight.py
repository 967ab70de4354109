"""Checks before a trial begins: that its schemes do what they are asked for, and that there is room for a first prompt
and an answer."""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_UP, Decimal

from relay.errors import UsageError
from relay.records.budget import Spent
from relay.records.prices import plain
from relay.researcher.observation import Inheritance, Message
from relay.trial.action_check import check_actions
from relay.trial.asking import ask
from relay.trial.opening import empty_prompt, observe, open_tenure
from relay.trial.setup import TrialSetup
from relay.trial.state import TrialState

__all__ = ["check_components", "check_handover", "check_room"]

TURNS = 4
"""If there is too little room, so many turns are given room in what is suggested."""
AMPLE = 10_000_000
AMOUNT = 8
"""Tokens by which a prompt may grow if it states a larger amount of money."""


def check_components(setup: TrialSetup) -> None:
    """Ask the agent and each scheme once for what it says of itself. Raises `UsageError` if one of them fails, or says
    something else than it should."""
    check_actions(setup.notes)
    ask(setup.agent, "count", int, (Message(role="user", content=""),))
    ask(setup.agent, "window", int | None)
    ask(setup.notes, "limit", int | None)
    ask(setup.memory, "transcripts", bool)
    ask(setup.truth, "tells", bool)
    ask(setup.notes, "instructions", str)


def check_room(setup: TrialSetup) -> None:
    """Check that the model has the budgeted context, and that the first prompt leaves room for a last answer.

    Raises `UsageError` with the option that helps.
    """
    window = setup.agent.window()
    if window is not None and setup.budget.context > window:
        raise UsageError(
            f"the model's context has {window} tokens, fewer than context={setup.budget.context}; give "
            f"--context {window}, or start the model with a longer context"
        )
    reserve, margin = setup.budget.last_answer, setup.allowance(Spent()).margin
    if setup.budget.answer is not None and setup.budget.answer < reserve:
        raise UsageError(
            f"a last answer may have reserve={reserve} tokens, more than answer={setup.budget.answer} allows; lower "
            "the one or raise the other"
        )
    places = range(1, setup.condition.width + 1)
    # a short budget makes the first turn the last
    prompt = max(empty_prompt(setup, observe(setup, Inheritance(), place), last=True) for place in places)
    least = prompt + margin + reserve
    for name in ("context", "tokens"):
        allowed = getattr(setup.budget, name)
        if allowed < least:
            raise UsageError(
                f"the first prompt has {prompt} tokens, and {name}={allowed} leaves no room for a last answer of "
                f"{reserve} tokens; give --{name} {_enough(setup, name, prompt)}"
            )
    prices, money = setup.condition.prices, setup.budget.money
    if prices is None or money is None:
        return
    dear = plain(prices.at_most(prompt + margin, reserve))
    if money < dear:
        least_money = _rounded_up(prices.at_most(prompt + margin + AMOUNT, reserve))
        raise UsageError(
            f"the first prompt has {prompt} tokens, and with a last answer of {reserve} tokens it may cost {dear:f} "
            f"{prices.currency}; money={money:f} leaves no room for one turn; give --money {least_money:f} at least"
        )


def check_handover(setup: TrialSetup) -> None:
    """Check that a first tenure can be opened, that what the hand-over steps say in words has room, and that no charter
    fails at once. Raises `UsageError` that names the component."""
    setup.charters.check()
    for tenure in range(1, setup.condition.width + 1) if setup.steps else (1,):
        open_tenure(setup, TrialState(setup.reader, transcripts=setup.memory.transcripts), 1, tenure)


def _enough(setup: TrialSetup, name: str, prompt: int) -> int:
    """How much of a part of the budget is enough for `TURNS` turns that begin with a prompt of `prompt` tokens, rounded
    up to thousands."""
    turns = min(setup.budget.turns, TURNS)
    ample = {"context": AMPLE, "tokens": AMPLE, "money": None}
    for enough in range(1_000, AMPLE, 1_000):
        budget = setup.budget.model_copy(update={**ample, name: enough})
        allowance = replace(setup.allowance(Spent()), budget=budget)
        fits = prompt + allowance.margin + budget.last_answer <= enough
        if fits and allowance.horizon(prompt, clock=False).turns >= turns:
            return enough
    return AMPLE


def _rounded_up(amount: Decimal) -> Decimal:
    """`amount` rounded up to two significant digits, without trailing zeros."""
    return plain(amount.quantize(Decimal((0, (1,), amount.adjusted() - 1)), rounding=ROUND_UP))
