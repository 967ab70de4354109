"""`vllm/...` as relay sees it: its parameters, and its requests."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cached_property
from typing import Annotated, Any, ClassVar

from pydantic import ConfigDict

from agents.models.templates import read_template
from agents.models.vllm.engine import Engine, held, running
from agents.models.vllm.options import SERVING, sorted_options
from agents.models.vllm.wording import Wording, parser, parted, prompt
from relay.errors import UsageError
from relay.records.marks import CopiedFile
from relay.researcher.model import Completion, Model, Request
from relay.researcher.observation import Message

__all__ = ["VLLM"]

TOKENIZERS = ("revision", "trust_remote_code", "tokenizer_mode")
"""Options of the engine that apply to its tokenizer too."""


class VLLM(Model):
    """A model in a vLLM engine inside this process."""

    model_config = ConfigDict(extra="allow", frozen=True)

    undeclared_transport: ClassVar[frozenset[str]] = SERVING

    name: str
    """Name on the Hugging Face hub, or path of a model."""
    tokenizer: str = ""
    """Name or path of the tokenizer, if it is not the model's own."""
    chat_template: Annotated[str, CopiedFile("chat template")] = ""
    """Path of a chat template, for a model without one or instead of its own."""
    reasoning_parser: str = ""
    """vLLM's parser for the model's reasoning, which is then kept apart, and not bound by schema and grammar."""

    @asynccontextmanager
    async def served(self) -> AsyncIterator[None]:
        """Hold the engine, started if it is not running yet."""
        with held(self._key, self._engine):
            yield

    def count_tokens(self, messages: tuple[Message, ...]) -> int:
        """Number of tokens of the prompt as the model gets it: in its chat template, with the head of the answer."""
        return len(prompt(self._wording, messages))

    def context(self) -> int | None:
        """The context with which the engine was started."""
        engine = running(self._key)
        return None if engine is None else engine.context()

    async def takes_grammars(self) -> bool:
        """True: the engine is started with a backend that takes grammars."""
        return True

    async def forget(self) -> None:
        """Empty the engine's cache of prefixes. For measurements."""
        engine = running(self._key)
        if engine is not None:
            await engine.forget()

    async def complete(self, request: Request) -> Completion:
        """One answer of the engine. Raises `MachineFault` or `UsageError`."""
        engine = running(self._key)
        if engine is None:
            raise UsageError(f"vllm/{self.name} is not served; request completions inside `served()`")
        ids = prompt(self._wording, request.messages)
        output = await engine.generate(ids, request)
        said = output.outputs[0]
        text, reasoning = parted(self._wording, said.text)
        return Completion(
            text=text,
            reasoning=reasoning,
            tokens_in=len(ids),
            tokens_out=len(said.token_ids),
            tokens_cached=output.num_cached_tokens or 0,
            finish_reason=said.finish_reason or "stop",
        )

    def _engine(self) -> Engine:
        own = {"tokenizer": self.tokenizer or None, "reasoning_parser": self.reasoning_parser}
        options, sampling = sorted_options(self.name, self.model_extra or {})
        parser(self._wording)  # raises for a parser that does not fit, before the engine takes minutes to start
        seen = {"skip_special_tokens": not self.reasoning_parser}  # reasoning is often marked by special tokens
        return Engine(self.name, {**own, **options}, {**seen, **sampling})

    @cached_property
    def _key(self) -> str:
        # The whole configuration: models that differ in anything get separate engines. Each trial has its own copy of a
        # chat template, so its text counts, and not its path.
        return json.dumps({**self.model_dump(mode="json"), "chat_template": self._wording.template}, sort_keys=True)

    @cached_property
    def _wording(self) -> Wording:
        given: dict[str, Any] = self.model_extra or {}
        options = tuple((option, given[option]) for option in TOKENIZERS if option in given)
        template = read_template(self.chat_template)
        return Wording(self.tokenizer or self.name, template, self.reasoning_parser, options)
