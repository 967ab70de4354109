"""How much may be said in reply to one answer.

Replies stand in every later prompt. So they have a share of the context, and never take the reserve of the last turn.
What does not fit is cut when it is logged, and the cut says so.
"""

from __future__ import annotations

from typing import TypeVar

from relay.records.events import Acted, AnyEvent, Fault
from relay.researcher.tokens import Counter

__all__ = ["ReplyRoom", "longest_prefix"]

CUT_MARK = " ... (cut: the replies to one answer may have {:,} tokens)"
SHORTEST = 8
"""Fewest tokens of a reply that are worth showing beside the mark that it is cut."""

AnEvent = TypeVar("AnEvent", bound=AnyEvent)


class ReplyRoom:
    """The tokens that are left for replies to one answer."""

    def __init__(self, tokens: int, count: Counter) -> None:
        self.left = tokens
        self._count = count
        self._mark = CUT_MARK.format(tokens)
        self._replies = 0

    def fitted(self, event: AnEvent) -> AnEvent:
        """The event, its text cut to what is left. If a reply is cut, its data is left out: they would tell more than
        the text does."""
        match event:
            case Acted():
                self._replies += 1
                text = self._fit(event.reply, f"{self._replies}. ")
                cut = {} if text == event.reply else {"reply": text, "data": None}
                return event.model_copy(update=cut) if cut else event
            case Fault(side="model"):
                text = self._fit(event.message, "The turn is lost: ")
                return event if text == event.message else event.model_copy(update={"message": text})
            case _:
                return event

    def has(self, text: str) -> bool:
        """Whether `text` fits as the next reply."""
        return self._count(f"{self._replies + 1}. {text}\n") <= self.left

    def _fit(self, text: str, before: str) -> str:
        if not text:
            return text
        tokens = self._count(f"{before}{text}\n")
        if tokens > self.left:
            room = self.left - self._count(self._mark) - self._count(f"{before}\n")
            text = "" if room < SHORTEST else text[: longest_prefix(text, room, self._count)] + self._mark
            tokens = self._count(f"{before}{text}\n") if text else 0
        self.left -= min(tokens, self.left)
        return text


def longest_prefix(text: str, room: int, count: Counter) -> int:
    """The largest number of characters of `text` whose tokens are within `room`."""
    if room <= 0:
        return 0
    low, high = 0, room  # hardly any token is shorter than a character
    while high < len(text) and count(text[:high]) <= room:
        low, high = high, 2 * high
    high = min(high, len(text) + 1)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if count(text[:middle]) <= room else (low, middle)
    return low
