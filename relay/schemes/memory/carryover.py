"""`carryover`: the successor in the same place also gets its predecessor's last turns as messages."""

from __future__ import annotations

from pydantic import Field

from relay.researcher.tokens import Counter
from relay.schemes.memory.ends import longest_end
from relay.schemes.memory.scheme import MemoryScheme, Remembered

__all__ = ["Carryover"]


class Carryover(MemoryScheme):
    """The successor also gets its predecessor's last turns. What was handed on to the predecessor itself goes no
    further. If the turns don't all fit, the oldest are dropped."""

    turns: int = Field(default=1, ge=1)
    """Most turns that are handed on: an answer, what was said before it, and the replies to it."""

    @property
    def transcripts(self) -> bool:
        return True

    def hand_on(self, remembered: tuple[Remembered, ...], room: int, count: Counter) -> tuple[Remembered, ...]:
        """The last `turns` turns of the predecessor's own, as far as they fit into `room`: each an answer with the
        message before it and the replies to it. Answers that nothing was replied to count with the one after them."""
        start, turns, answered = len(remembered), 0, False
        for at in range(len(remembered) - 1, -1, -1):
            if remembered[at].inherited or turns == self.turns:
                break
            if remembered[at].message.role == "assistant":
                answered = True
            elif answered:
                start, turns, answered = at, turns + 1, False
        return longest_end(remembered[start:], room, count)
