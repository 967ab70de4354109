"""`scripted`: a researcher that answers from a list, turn by turn. The fake for tests and examples; it implements the
real interface and ships with the rest.

Also `Function`, a researcher that is a Python function, for tests.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import ConfigDict

from relay.researcher.agent import Agent
from relay.researcher.observation import Answer, TenureView
from relay.researcher.turn import TurnContext

__all__ = ["Function", "Scripted"]

END = '{"actions": [{"action": "end"}]}'


class Scripted(Agent):
    """Answers with its lines in order, the same in every tenure, then ends."""

    lines: tuple[str, ...] = ()
    """One answer a turn."""

    async def answer(self, view: TenureView, turn: TurnContext) -> Answer:
        """The line of this turn."""
        place = len(view.turns)
        return Answer(text=self.lines[place] if place < len(self.lines) else END)


class Function(Agent):
    """Answers with what a function of the view and the turn returns: a text or an `Answer`."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    function: Callable[[TenureView, TurnContext], Any]

    async def answer(self, view: TenureView, turn: TurnContext) -> Answer:
        """What the function returns."""
        found = self.function(view, turn)
        if hasattr(found, "__await__"):
            found = await found
        return found if isinstance(found, Answer) else Answer(text=str(found))
