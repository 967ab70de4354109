"""The turns of one tenure, as every later prompt shows them, and which have left it."""

from __future__ import annotations

from relay.researcher.observation import Gone, Reply, Turn
from relay.researcher.prompting import explained_in

__all__ = ["TurnHistory"]


class TurnHistory:
    """Answers with their replies. The last turn may be incomplete."""

    def __init__(self) -> None:
        self.gone = Gone()
        """The turns that have left the prompt."""
        self._past: list[Turn] = []
        """All turns in the prompt but the last. They are records already, because every prompt shows them."""
        self._now: tuple[str, list[Reply]] | None = None
        """The last answer and its replies so far."""

    def answer(self, text: str) -> None:
        """Begin a new turn."""
        self._past += self._last()
        self._now = (text, [])

    def reply(self, reply: Reply) -> None:
        """Add a reply to the last answer. Raises `IndexError` if there is no answer."""
        if self._now is None:
            raise IndexError("a reply to no answer")
        self._now[1].append(reply)

    def drop(self, count: int) -> None:
        """Let the `count` oldest turns leave the prompt. Raises `IndexError` if there are not so many, and one more."""
        if not 0 < count < len(self.turns):
            raise IndexError(f"{count} of {len(self.turns)} turns can't leave")
        explained = explained_in(self._past[:count]).union(self.gone.explained)
        self.gone = Gone(turns=self.gone.turns + count, explained=tuple(sorted(explained)))
        self._past = self._past[count:]

    @property
    def turns(self) -> tuple[Turn, ...]:
        """All turns that are in the prompt. The last one has the replies that have come so far."""
        return (*self._past, *self._last())

    def _last(self) -> tuple[Turn, ...]:
        return () if self._now is None else (Turn(answer=self._now[0], replies=tuple(self._now[1])),)
