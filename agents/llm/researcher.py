"""`llm`: a researcher that is a language model.

It renders its view as a prompt, asks its model for a completion, and hands the text on; the engine reads the actions in
it. It keeps nothing between calls: what the model is told of earlier turns stands in the prompt.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import field_validator

from agents.llm.prompt import default_rules, render
from agents.models import Model, Request, read_model
from relay.agent import Agent
from relay.components import build
from relay.desk import Desk
from relay.errors import UsageError
from relay.observation import Answer, Message, TenureView
from relay.spelling import Spelling

__all__ = ["LanguageModel"]


class LanguageModel(Agent):
    """A researcher that answers with what a language model says."""

    model: Spelling
    """As `provider/name`, or a spelling with the provider's parameters."""
    temperature: float = 1.0
    rules: str = ""
    """The path of a text that stands first in every prompt instead of relay's own; see `agents/llm/prompts/`."""

    @field_validator("model", mode="before")
    @classmethod
    def _resolved(cls, value: str | Mapping[str, Any] | Spelling) -> Spelling:
        return read_model(value)

    @cached_property
    def _asked(self) -> Model:
        return build("relay.models", self.model)  # type: ignore[no-any-return]

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """The model is served meanwhile."""
        async with self._asked.served():
            yield

    @cached_property
    def _rules(self) -> str:
        if not self.rules:
            return default_rules()
        try:
            return Path(self.rules).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"the rules of the agent `llm` can't be read from {self.rules}: {error}") from None

    def messages(self, view: TenureView) -> tuple[Message, ...]:
        """The prompt: rules, task, notes, turns, and what is left."""
        return render(view, self._rules)

    def count(self, messages: tuple[Message, ...]) -> int:
        """Tokens by the model's own tokenizer."""
        return self._asked.count_tokens(messages)

    async def answer(self, view: TenureView, desk: Desk) -> Answer:
        """One completion."""
        request = Request(
            messages=self.messages(view),
            max_tokens=desk.max_tokens,
            seed=int(desk.rng.integers(2**63)),
            temperature=self.temperature,
            response_schema=view.observation.answers,
        )
        said = await self._asked.complete(request)
        return Answer(
            text=said.text,
            reasoning=said.reasoning,
            tokens_in=said.tokens_in,
            tokens_out=said.tokens_out,
            finish_reason=said.finish_reason,
        )
