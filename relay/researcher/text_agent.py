"""Agents that read text (a language model or a person), possibly in a disguise."""

from __future__ import annotations

from abc import abstractmethod

from relay.errors import ModelFault
from relay.researcher.agent import Agent
from relay.researcher.disguise import Disguise
from relay.researcher.observation import Answer, Message, Observation, TenureView
from relay.researcher.turn import TurnContext

__all__ = ["TextAgent"]


class TextAgent(Agent):
    """Base of researchers that read words. The view and the returned answer have the true words; the prompt and the
    reply to it have the disguise's words. They are exchanged only here."""

    disguise: int | None = None
    """Seed of the disguise of words that betray the field; None: they are not disguised."""

    def disguised(self, observation: Observation) -> Disguise:
        """The disguise of a tenure; its `swap` renames any other text for the same reader."""
        return Disguise.of(observation.vocabulary, self.disguise)

    def messages(self, view: TenureView) -> tuple[Message, ...]:
        """The prompt in the disguise's words."""
        return self.disguised(view.observation).swap_messages(self.prompt(view))

    async def answer(self, view: TenureView, turn: TurnContext) -> Answer:
        """The answer in true words."""
        swap = self.disguised(view.observation).swap_answer
        try:
            said = await self.reply(view, turn)
        except ModelFault as fault:  # its message may quote the answer
            raise ModelFault(swap(str(fault))) from fault
        if not isinstance(said, Answer):  # the engine reports it
            return said
        return said.model_copy(update={"text": swap(said.text), "reasoning": swap(said.reasoning)})

    def prompt(self, view: TenureView) -> tuple[Message, ...]:
        """The prompt in true words."""
        return super().messages(view)

    @abstractmethod
    async def reply(self, view: TenureView, turn: TurnContext) -> Answer:
        """The next answer in the disguise's words, as an answer to `messages`. Raises the errors of `answer`."""
