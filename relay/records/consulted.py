"""What came from outside of the process while a turn was carried out, beside the researcher's answer: a judge's
opinion, an embedding.

It is written before it is used, so that a tenure that is resumed takes it from its file, and nothing that was paid for
is asked twice. Its tokens and its money are nobody's budget: they have a tally of their own.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from relay.records.event import Event
from relay.records.prices import Amount, plain
from relay.records.record import Record, later

__all__ = ["EMBEDDING", "OPINION", "Consulted", "ConsultedTally", "Opinion", "read_opinion"]

EMBEDDING = "embedding"
"""`purpose` of the embedding of a text; the answer is base64, of a signed byte a component."""
OPINION = "opinion"
"""`purpose` of a judge's opinion of a claim."""
Opinion = Literal["true", "false", "undecided"]
_OPINIONS: tuple[Opinion, ...] = ("true", "false", "undecided")


class Consulted(Event):
    """The answer to one request. What follows from it comes after it."""

    type: Literal["consulted"] = "consulted"
    purpose: str
    """What it was asked for, such as `opinion`."""
    by: str
    """Who answered; of a model `provider/name`."""
    manner: str = later("")
    """How it was asked, if there are several ways, such as the name of a prompt."""
    request: str
    """SHA-256 of what was asked."""
    key: str = later("")
    """Key of the statement that it is about, if it is about one."""
    text: str
    """The answer, unchanged."""
    reasoning: str = later("")
    finish_reason: str = "stop"
    fault: str = later("")
    """Why there is no answer; empty if there is one."""
    tokens_in: int = 0
    tokens_out: int = 0
    tokens_cached: int = later(0)
    """The part of `tokens_in` that was served from a prefix cache, as reported by the model."""
    money: Amount = later(Decimal(0))
    """Cost of the answer, if the condition has prices of the model."""


def read_opinion(said: Consulted) -> Opinion | None:
    """The opinion in a judge's answer: the one word in its last line that is not empty. None if there is none, if the
    answer was cut off, or if the model gave none."""
    if said.fault or said.finish_reason == "length":
        return None
    lines = said.text.strip().splitlines() or [""]
    word = lines[-1].strip(" \t*`_.'\"").lower()
    return next((opinion for opinion in _OPINIONS if opinion == word), None)


class ConsultedTally(Record):
    """What came from outside, added up."""

    requests: int = 0
    faults: int = 0
    """Requests without an answer."""
    tokens_in: int = 0
    tokens_out: int = 0
    tokens_cached: int = 0
    money: Amount = Decimal(0)

    def plus(self, event: Consulted) -> ConsultedTally:
        """The tally with one event more."""
        return ConsultedTally(
            requests=self.requests + 1,
            faults=self.faults + bool(event.fault),
            tokens_in=self.tokens_in + event.tokens_in,
            tokens_out=self.tokens_out + event.tokens_out,
            tokens_cached=self.tokens_cached + event.tokens_cached,
            money=plain(self.money + event.money),
        )

    def together(self, other: ConsultedTally) -> ConsultedTally:
        """Both tallies as one."""
        added = {name: getattr(self, name) + getattr(other, name) for name in ConsultedTally.model_fields}
        return ConsultedTally(**{**added, "money": plain(self.money + other.money)})
