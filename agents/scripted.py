"""`scripted`: a researcher that answers from a list, turn by turn. For tests and examples; it implements the real
interface.

For tests there is also `Function`, a researcher whose answers come from a Python function.
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
    """A researcher that answers with its lines in order, the same in every tenure, then ends."""

    lines: tuple[str, ...] = ()
    """The answers, one for each turn."""

    async def answer(self, view: TenureView, turn: TurnContext) -> Answer:
        """Return the line of this turn, or the `end` action after the last line."""
        place = len(view.turns)
        return Answer(text=self.lines[place] if place < len(self.lines) else END)


class Function(Agent):
    """A researcher whose answers are what `function` returns, a text or an `Answer`. `function` may be a coroutine
    function."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    function: Callable[[TenureView, TurnContext], Any]

    async def answer(self, view: TenureView, turn: TurnContext) -> Answer:
        """Return the function's result as an answer."""
        found = self.function(view, turn)
        if hasattr(found, "__await__"):
            found = await found
        return found if isinstance(found, Answer) else Answer(text=str(found))
