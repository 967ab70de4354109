"""A researcher as the engine sees it: a frozen component that makes prompts and answers them.

An agent keeps no state between calls. Its answer depends only on the view, the turn's generator and the values from the
bench. Therefore a killed trial can replay the logged answers and request only the next one.
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
    """The budget that this kind of researcher gets by default."""

    def priced_as(self) -> str:
        """The name of its model in a price table, as `provider/name`; empty if it has no model."""
        return ""

    interactive: ClassVar[bool] = False
    """Whether it needs the terminal to itself. If so, no progress line is drawn."""

    reads_words: ClassVar[bool] = True
    """Whether it reads words such as a persona or the rule of a charter. If not, they change nothing that it does."""

    def messages(self, view: TenureView) -> tuple[Message, ...]:
        """The prompt for the next answer: a pure function of the view. The engine counts its tokens beforehand."""
        return render(view)

    def count(self, messages: tuple[Message, ...]) -> int:
        """Number of tokens of a prompt. Agents with a model override this with the model's own tokenizer."""
        return count_messages(messages)

    def window(self) -> int | None:
        """Tokens that a prompt and its answer may have together in the model; None if that is unknown. Called only
        within `at_work`."""
        return None

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Held open while answers may be requested. An agent opens and closes its engine or connection here.

        Raises `UsageError` for problems that a user can fix, before anything is spent.
        """
        yield

    @asynccontextmanager
    async def seated(self, view: TenureView) -> AsyncIterator[None]:
        """Held open while a tenure requests answers: entered before the first, and left after the last. If the tenure
        is resumed, the new process enters it again. The time that it takes is not charged. Human agents use it to
        change seats."""
        yield

    @abstractmethod
    async def answer(self, view: TenureView, turn: TurnContext) -> Answer:
        """The next answer.

        Raises `ModelFault` if the model gave nothing that can be used (the turn is lost). Raises `MachineFault` if
        something between relay and the model broke (the request is repeated and nothing is charged).
        """
