"""A researcher that says what it was told to say, whatever it sees."""

from __future__ import annotations

from relay.researcher.agent import Agent
from relay.researcher.observation import Answer, TenureView
from relay.researcher.turn import TurnContext

__all__ = ["Reciter"]

END = '{"actions": [{"action": "end"}]}'


class Reciter(Agent):
    """Gives its lines in order, the same in every tenure, then ends."""

    lines: tuple[str, ...] = ()
    """The answers, one for each turn."""

    async def answer(self, view: TenureView, turn: TurnContext) -> Answer:
        """The line of this turn."""
        return Answer(text=self.lines[view.turn - 1] if view.turn <= len(self.lines) else END)
