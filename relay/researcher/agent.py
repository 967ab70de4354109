"""What a researcher is, to the engine: a frozen component with two methods.

An agent keeps nothing between calls. Its answer is a function of the view, of the turn's generator and of what the
bench gives it; that is what lets a killed trial replay logged answers and ask only for the next.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import ClassVar

from relay.records.budget import Budget
from relay.records.record import Record
from relay.researcher.observation import Answer, Message, TenureView
from relay.researcher.prompting import render
from relay.researcher.tokens import count_messages
from relay.researcher.turn import TurnContext

__all__ = ["Agent"]


class Agent(Record):
    """Base of researchers. Its fields are its configuration."""

    usual: ClassVar[Budget] = Budget()
    """What a researcher of this kind gets where nothing else is asked for."""

    def priced_as(self) -> str:
        """What a price table calls the model that is asked, as `provider/name`; empty where none is."""
        return ""

    interactive: ClassVar[bool] = False
    """Whether it needs the terminal to itself: then no progress line is drawn."""

    def messages(self, view: TenureView) -> tuple[Message, ...]:
        """The prompt for the next answer: a pure function of the view. The engine counts it before it is sent."""
        return render(view)

    def count(self, messages: tuple[Message, ...]) -> int:
        """Tokens of a prompt. Agents with a model override this with the model's own tokenizer."""
        return count_messages(messages)

    def window(self) -> int | None:
        """Tokens that a prompt and its answer may have together in the model; None where that is not known. Asked while
        the agent is at work."""
        return None

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Held open while answers may be asked for. What an agent needs beside its configuration, an engine or a
        connection, it opens and closes here. Raises `UsageError` for what a user can mend, before anything is spent."""
        yield

    @asynccontextmanager
    async def seated(self, view: TenureView) -> AsyncIterator[None]:
        """Held open for one tenure: entered before its next answer is asked for (in a tenure that is gone on with, too)
        and left when no other will be. What happens here is charged to nobody: a person takes the chair."""
        yield

    @abstractmethod
    async def answer(self, view: TenureView, turn: TurnContext) -> Answer:
        """The next answer.

        Raises `ModelFault` when the model gave nothing that can be used (the turn is lost), `MachineFault` when
        something between relay and the model broke (asked again, nothing charged).
        """
