"""The turns of one tenure, as every later prompt shows them."""

from __future__ import annotations

from relay.researcher.observation import Reply, Turn

__all__ = ["TurnHistory"]


class TurnHistory:
    """Answers with their replies. The last turn may be incomplete."""

    def __init__(self) -> None:
        self._past: list[Turn] = []
        """All turns but the last. They are records already, because every prompt shows them."""
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

    @property
    def turns(self) -> tuple[Turn, ...]:
        """All turns. The last one has the replies that have come so far."""
        return (*self._past, *self._last())

    def _last(self) -> tuple[Turn, ...]:
        return () if self._now is None else (Turn(answer=self._now[0], replies=tuple(self._now[1])),)
