"""`human`: a researcher that is a person at the terminal, with a clock.

The person reads texts made by the same functions as a model's prompt, and typed lines become the same JSON. There is
one chair. Tenures that work side by side take it one after the other, each for its whole time. They stay independent,
since all of them read the notes as they stood when their generation began.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, ClassVar

from pydantic import PrivateAttr

from agents.human.chair import Chair
from agents.human.page import AMPLE, page, still_left
from relay.errors import UsageError
from relay.records.budget import Budget
from relay.researcher.observation import Answer, Message, TenureView
from relay.researcher.prompting import conversation, last_turn
from relay.researcher.text_agent import TextAgent
from relay.researcher.turn import TurnContext

__all__ = ["Human"]


class Human(TextAgent):
    """A person at the terminal, who reads the same and may do the same as a model."""

    usual: ClassVar[Budget] = Budget(turns=100, tokens=AMPLE, context=AMPLE, evaluations=200, seconds=600)
    """A person is limited by time, not by context."""

    interactive: ClassVar[bool] = True

    _chair: Any = PrivateAttr(default=None)

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Open the chair at standard input, a terminal or not."""
        self._chair = Chair.at_standard_input()
        try:
            yield
        finally:
            self._chair = None

    @asynccontextmanager
    async def seated(self, view: TenureView) -> AsyncIterator[None]:
        """Hold the chair for one tenure."""
        async with self._chair.taken(view, self.disguised(view.observation)):
            yield

    def prompt(self, view: TenureView) -> tuple[Message, ...]:
        """What the person has been shown, as messages. The engine counts its tokens."""
        observation = view.observation
        ending = still_left(view)
        if view.last:
            ending = f"{ending}\n{last_turn(observation)}"
        return conversation(view, page(observation), ending)

    async def reply(self, view: TenureView, turn: TurnContext) -> Answer:
        """The lines that the person types, up to an empty one, as JSON."""
        if self._chair is None:
            raise UsageError("the agent `human` has no chair yet; call `reply` inside `at_work()`")
        text = await self._chair.answer(view)  # without disguise, which the engine expects in the answer
        return Answer(text=self.disguised(view.observation).swap_answer(text))
