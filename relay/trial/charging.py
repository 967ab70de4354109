"""From an answer to what is logged of it and charged for it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from relay.records.events import CLOCK, TOO_LONG, Answered
from relay.researcher.answers import clean, was_mended
from relay.researcher.observation import Answer, Message
from relay.trial.allowance import Allowance
from relay.trial.setup import TrialSetup

__all__ = ["KEPT", "Attempt", "charged"]

KEPT = 20_000
"""Characters of an answer beyond its allowance that the log keeps, and of its reasoning; nobody is shown it again."""


@dataclass(frozen=True)
class Attempt:
    """What came of asking once."""

    answer: Answer
    fault: str
    """Why the turn is lost; empty where it is not."""
    seconds: float
    """What it took where a clock runs."""


def charged(setup: TrialSetup, allowance: Allowance, attempt: Attempt, prompt: int, most: int) -> Answered:
    """The answer as it is logged, to a prompt of so many tokens; `most`: tokens that it was asked to keep to.

    The engine counts too, and the larger count is charged; an answer that passes its allowance is a lost turn, charged
    at the allowance. So no agent spends what is not there, whatever it says of itself.
    """
    answer, fault = attempt.answer, attempt.fault
    text, reasoning = clean(answer.text), clean(answer.reasoning)
    finish = clean(answer.finish_reason)[:40]
    if not fault and finish in (TOO_LONG, CLOCK):  # the engine's own words, which mean more than an agent may say
        finish = "length"
    tokens_in = min(max(prompt, answer.tokens_in or 0), allowance.prompt)
    tokens_out = max(_counted(setup, answer, text + reasoning), answer.tokens_out or 0)
    most = max(min(most, allowance.answer(tokens_in)), 0)
    if tokens_out > most and finish != CLOCK:
        fault = f"the answer has {tokens_out} tokens and {most} were allowed; be shorter"
        finish = TOO_LONG
        dropped = len(text[KEPT:]) + len(reasoning[KEPT:])
        text, reasoning = text[:KEPT], reasoning[:KEPT]
        fault += f" ({dropped:,} of its characters are not in the log)" if dropped else ""
    elif finish == "length" and not fault:
        fault = "the answer was cut off at its length limit; be shorter"
    tokens_out = min(tokens_out, most)
    cached = min(max(answer.tokens_cached, 0), tokens_in)
    prices = setup.condition.prices
    return Answered(
        turn=allowance.spent.turns + 1,
        text=text,
        reasoning=reasoning,
        tokens_in=tokens_in,
        tokens_out=tokens_out,
        tokens_cached=cached,
        seconds=attempt.seconds,
        money=Decimal(0) if prices is None else prices.cost(tokens_in, tokens_out, cached),
        finish_reason=finish,
        fault=fault,
        mended=not fault and was_mended(text),
    )


def _counted(setup: TrialSetup, answer: Answer, said: str) -> int:
    """The engine's own count of an answer. A model counts what it wrote and not what a chat template puts around it, so
    its word is compared with the bare text; where it says nothing, the answer counts as a whole message."""
    if not said:
        return 0
    if answer.tokens_out is not None:
        return setup.count_said(said)
    written = Message(role="assistant", content=setup.disguise.swap_answer(said))
    return setup.agent.count((written,))
