"""How an answer is logged and charged."""

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
"""If an answer exceeds its allowance, the log keeps at most this many characters of its text, and as many of its
reasoning. No later prompt shows them."""


@dataclass(frozen=True)
class Attempt:
    """The result of one request for an answer."""

    answer: Answer
    fault: str
    """Why the turn is lost; empty if it is not."""
    seconds: float
    """Seconds that the request took; 0 if no seconds are budgeted."""


def charged(setup: TrialSetup, allowance: Allowance, attempt: Attempt, prompt: int, most: int) -> Answered:
    """The `answered` event of `attempt`. The prompt had `prompt` tokens, and the answer was limited to `most` tokens.

    Both the agent and the engine count tokens, and the larger count is charged. An answer that exceeds its allowance
    is a lost turn, charged at the allowance. So spending never exceeds the budget, whatever the agent reports.
    """
    answer, fault = attempt.answer, attempt.fault
    text, reasoning = clean(answer.text), clean(answer.reasoning)
    finish = clean(answer.finish_reason)[:40]
    if not fault and finish in (TOO_LONG, CLOCK):  # only the engine may use these words
        finish = "length"
    tokens_in = min(max(prompt, answer.tokens_in or 0), allowance.prompt)
    tokens_out = max(_counted(setup, answer, text + reasoning), answer.tokens_out or 0)
    most = max(min(most, allowance.answer(tokens_in)), 0)
    # An answer that came too late has no text any more, so its tokens are only capped.
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
    """The engine's own count of the tokens of `said`, an answer's text and reasoning.

    If the agent reports a count, the bare text is counted: a model does not count the chat template around its answer.
    If the agent reports none, `said` counts as a whole message.
    """
    if not said:
        return 0
    if answer.tokens_out is not None:
        return setup.count_said(said)
    written = Message(role="assistant", content=setup.disguise.swap_answer(said))
    return setup.agent.count((written,))
