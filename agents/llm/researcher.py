"""`llm`: a researcher that is a language model.

It renders its view as a prompt, requests a completion from its model, and returns the text; the engine reads the
actions in it. It has no state between calls: earlier turns are part of the prompt.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import cached_property
from typing import Any

from pydantic import Field, field_validator

from agents.llm.decoding import answer_grammar
from agents.llm.prompted import Prompted
from agents.models import Model, Request, read_model
from relay.components import build
from relay.errors import UsageError
from relay.records.spec import ComponentSpec
from relay.researcher.model import title
from relay.researcher.observation import Answer, Message, TenureView
from relay.researcher.turn import TurnContext

__all__ = ["LanguageModel"]


class LanguageModel(Prompted):
    """A researcher whose answers come from a language model."""

    model: ComponentSpec
    """`provider/name`, or a mapping with the provider's parameters."""
    temperature: float = Field(default=1.0, ge=0, allow_inf_nan=False)
    """Sampling temperature."""
    grammar: bool = False
    """Whether answers are decoded with a grammar, so that statements parse. For models that need more than a schema."""

    @field_validator("model", mode="before")
    @classmethod
    def _resolved(cls, value: str | Mapping[str, Any] | ComponentSpec) -> ComponentSpec:
        return read_model(value)

    @cached_property
    def _asked(self) -> Model:
        return build("relay.models", self.model)  # type: ignore[no-any-return]

    def priced_as(self) -> str:
        """Provider and name of the model, joined by `/`."""
        return title(self.model)

    def window(self) -> int | None:
        """The context of the model's engine in tokens; None if unknown."""
        return self._asked.context()

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Serve the model meanwhile. Raises `UsageError` if a grammar is required and the model takes none."""
        async with self._asked.served():
            if self.grammar and not await self._asked.takes_grammars():
                raise UsageError(
                    f"{self.priced_as()} takes no grammar; leave --grammar out, or use a model of vllm/..."
                )
            yield

    def count(self, messages: tuple[Message, ...]) -> int:
        """Number of tokens by the model's own tokenizer."""
        return self._asked.count_tokens(messages)

    async def reply(self, view: TenureView, turn: TurnContext) -> Answer:
        """One completion. Raises `ModelFault`, `MachineFault` or `UsageError`."""
        request = Request(
            messages=self.messages(view),
            max_tokens=turn.max_tokens,
            seed=int(turn.rng.integers(2**63)),
            temperature=self.temperature,
            response_schema=None if view.summary else view.observation.answers,  # a summary is plain words
            grammar=self._grammar(view, turn) if self.grammar and not view.summary else None,
            adapter=view.observation.inheritance.adapter,
        )
        return await self._asked.complete(request)

    def _grammar(self, view: TenureView, turn: TurnContext) -> str:
        """The grammar for the next answer, in the words that the model reads (the disguise's, if there is one)."""
        return answer_grammar(view.observation, turn.callees(), self.disguised(view.observation))
