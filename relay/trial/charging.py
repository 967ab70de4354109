"""How an answer is logged and charged."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from relay.errors import ModelFault
from relay.records.events import CLOCK, CUT_OFF, SUMMARY, TOO_LONG, Answered
from relay.researcher.answers import clean, read_cut_answer, was_mended
from relay.researcher.observation import Answer, Message
from relay.trial.allowance import Allowance
from relay.trial.reply_room import longest_prefix
from relay.trial.setup import TrialSetup

__all__ = ["KEPT", "Asked", "Attempt", "charged"]

KEPT = 20_000
"""If an answer exceeds its allowance, the log keeps at most this many characters of what lies beyond it, and as many of
its reasoning. No later prompt shows them."""

MOST = 10**9
"""Most tokens that a report is taken for: a log can't be read if it has numbers of thousands of digits."""


@dataclass(frozen=True)
class Attempt:
    """The result of one request for an answer."""

    answer: Answer
    fault: str
    """Why the turn is lost; empty if it is not."""
    seconds: float
    """Seconds that the request took; 0 if no seconds are budgeted."""


@dataclass(frozen=True)
class Asked:
    """What an answer was requested with."""

    prompt: int
    """Tokens of the prompt, as the engine counted them."""
    most: int
    """Tokens that the answer was limited to."""
    following: int
    """Number of turns that must follow."""
    staying: int | None = None
    """Tokens of the prompt that never leave it; None: all of them."""
    growing: bool = False
    """Whether the next prompt has to have room for all of this one."""
    summary: bool = False
    """Whether it was requested as a summary."""


def charged(setup: TrialSetup, allowance: Allowance, attempt: Attempt, asked: Asked, on_bench: int = 0) -> Answered:
    """The `answered` event of `attempt`. `on_bench`: evaluations of its searches on the bench, which have events of
    their own.

    Both the agent and the engine count tokens, and the larger count is charged, but never more than was allowed. So
    spending never exceeds the budget, whatever the agent reports. Of an answer that exceeds its allowance, only the
    text within it counts.
    """
    answer, fault, most = attempt.answer, attempt.fault, asked.most
    text, reasoning = clean(answer.text), clean(answer.reasoning)
    finish = clean(answer.finish_reason)[:40]
    if not fault and finish in (TOO_LONG, CLOCK):  # only the engine may use these words
        finish = CUT_OFF
    tokens_out = max(_counted(setup, answer, text + reasoning), min(answer.tokens_out or 0, MOST))
    inside: int | None = None
    # Of a summary that was cut, the beginning is there.
    nothing_whole = _no_words if asked.summary else _nothing_whole
    if asked.summary and not fault:
        fault = _no_words(text)
    # An answer that came too late has no text any more, so its tokens are only capped.
    if tokens_out > most and finish != CLOCK:
        finish = TOO_LONG
        # Reasoning comes first: the text has what it leaves.
        hidden = max(tokens_out - _counted(setup, answer, text), 0)
        inside = longest_prefix(text, most - hidden, partial(_counted, setup, answer))
        fault = fault or nothing_whole(text[:inside], f"the answer has {tokens_out} tokens and {most} were allowed")
        text, reasoning = text[: inside + KEPT], reasoning[:KEPT]
    elif finish == CUT_OFF and not fault:
        fault = nothing_whole(text, "the answer was cut off at its length limit")
    charged_out = min(tokens_out, most)
    reported = max(asked.prompt, min(answer.tokens_in or 0, MOST))
    tokens_in = min(reported, allowance.chargeable(asked.prompt, charged_out, asked.following))
    cached = min(max(answer.tokens_cached, 0), tokens_in)
    prices = setup.condition.prices
    return Answered(
        turn=allowance.spent.turns + 1,
        text=text,
        reasoning=reasoning,
        tokens_in=tokens_in,
        tokens_out=charged_out,
        tokens_cached=cached,
        seconds=attempt.seconds,
        money=Decimal(0) if prices is None else prices.cost(tokens_in, charged_out, cached),
        finish_reason=finish,
        fault=fault,
        purpose=SUMMARY if asked.summary else "",
        mended=not (fault or asked.summary) and was_mended(text[:inside], cut=finish in (TOO_LONG, CUT_OFF)),
        inside=inside,
        excess=tokens_out - charged_out + reported - tokens_in,
        searched=max(0, min(answer.searched, allowance.remaining.evaluations - on_bench)),
    )


def _no_words(text: str, why: str = "") -> str:
    """Why a summary is lost of whose answer only `text` counts; empty if it is not."""
    return "" if text.strip() else "the summary is empty"


def _nothing_whole(text: str, why: str) -> str:
    """Why a turn is lost of whose answer only `text` counts; empty if an action in it is whole."""
    try:
        read_cut_answer(text, ())
    except ModelFault:
        return f"{why}, and no action in it was whole; be shorter"
    return ""


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
