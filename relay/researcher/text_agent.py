"""Agents that read words, a language model or a person, and may be shown them in a disguise."""

from __future__ import annotations

from abc import abstractmethod

from relay.errors import ModelFault
from relay.researcher.agent import Agent
from relay.researcher.disguise import Disguise
from relay.researcher.observation import Answer, Message, Observation, TenureView
from relay.researcher.turn import TurnContext

__all__ = ["TextAgent"]


class TextAgent(Agent):
    """Base of researchers that read words. The words of the view and of the answer are the true ones; those of the
    prompt, and of what is said to it, are the disguise's. Here alone they trade places."""

    disguise: int | None = None
    """Seed of the disguise of telling words; None: they are shown as they are."""

    def disguised(self, observation: Observation) -> Disguise:
        """The disguise of a tenure; `swap` gives any other text for the same reader."""
        return Disguise.of(observation.vocabulary, self.disguise)

    def messages(self, view: TenureView) -> tuple[Message, ...]:
        """The prompt as it is read."""
        return self.disguised(view.observation).swap_messages(self.prompt(view))

    async def answer(self, view: TenureView, turn: TurnContext) -> Answer:
        """The answer in true words."""
        swap = self.disguised(view.observation).swap_answer
        try:
            said = await self.reply(view, turn)
        except ModelFault as fault:  # it may quote what was said
            raise ModelFault(swap(str(fault))) from fault
        if not isinstance(said, Answer):  # the engine tells of it
            return said
        return said.model_copy(update={"text": swap(said.text), "reasoning": swap(said.reasoning)})

    def prompt(self, view: TenureView) -> tuple[Message, ...]:
        """The prompt in true words."""
        return super().messages(view)

    @abstractmethod
    async def reply(self, view: TenureView, turn: TurnContext) -> Answer:
        """The next answer as it is given to `messages`; otherwise as `answer`."""
