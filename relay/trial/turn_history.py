"""The turns of one tenure, as its researcher sees them again in every later prompt."""

from __future__ import annotations

from relay.researcher.observation import Reply, Turn

__all__ = ["TurnHistory"]


class TurnHistory:
    """Answers with what came back for each; the last turn may still be under way."""

    def __init__(self) -> None:
        self._past: list[Turn] = []
        """All turns but the last; they are records already, since every prompt shows them."""
        self._now: tuple[str, list[Reply]] | None = None
        """The last answer and what has come back for it so far."""

    def answer(self, text: str) -> None:
        """A new turn begins."""
        self._past += self._last()
        self._now = (text, [])

    def reply(self, reply: Reply) -> None:
        """Something came back for the last answer; `IndexError` where there is none."""
        if self._now is None:
            raise IndexError("a reply to no answer")
        self._now[1].append(reply)

    @property
    def turns(self) -> tuple[Turn, ...]:
        """All of them, the last one as it stands."""
        return (*self._past, *self._last())

    def _last(self) -> tuple[Turn, ...]:
        return () if self._now is None else (Turn(answer=self._now[0], replies=tuple(self._now[1])),)
