"""What a language model is, to relay: messages in, text out.

A model is a frozen component: its fields are its configuration. It is spelt `provider/name`, as `vllm/org/name`,
`openai/name` or `mock/explorer`; the provider is found by entry point (`relay.models`) and the rest is its `name`.
"""

from __future__ import annotations

import os
from abc import abstractmethod
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from pydantic import Field

from relay.components import available, build
from relay.errors import MachineFault, UsageError
from relay.records.record import Record
from relay.records.spec import ComponentSpec, read_spec
from relay.researcher.observation import Answer, Message
from relay.researcher.tokens import count_messages

__all__ = ["Completion", "Model", "Request", "one_line", "read_model", "tokens", "too_small"]

GROUP = "relay.models"
ALLOWED = "RELAY_MODELS"
"""The variable that says which providers may be asked, between commas; unset: all. Tests allow `mock`."""


class Request(Record):
    """One completion that is asked for."""

    messages: tuple[Message, ...]
    max_tokens: int
    """Tokens that the answer may have, reasoning included."""
    seed: int
    """Below 2^63; the same request with the same seed asks for the same draw, where a provider can keep to it."""
    temperature: float = Field(default=1.0, ge=0, allow_inf_nan=False)
    stop: tuple[str, ...] = ()
    """Texts at which the answer ends; they are not part of it."""
    response_schema: dict[str, Any] | None = None
    """A JSON schema that the answer has to meet."""
    grammar: str | None = None
    """A context-free grammar that the answer has to meet, instead of a schema."""
    adapter: str | None = None
    """A weight adapter that the model is asked with."""


class Completion(Answer):
    """What came back: an answer, as the model gave it."""


class Model(Record):
    """Base of providers."""

    @asynccontextmanager
    async def served(self) -> AsyncIterator[None]:
        """Held open while completions may be asked for. Raises `UsageError` for what a user can mend: an extra that is
        missing, a model that is unknown, an endpoint that is not there, a key that is wrong."""
        yield

    def count_tokens(self, messages: tuple[Message, ...]) -> int:
        """Tokens of a prompt, by the model's own tokenizer with its chat template; without one by
        `relay.researcher.tokens`."""
        return count_messages(messages)

    def context(self) -> int | None:
        """Tokens that a prompt and its answer may have together; None where that is not known. Asked while it is
        served."""
        return None

    async def takes_grammars(self) -> bool:
        """Whether answers can be decoded with a grammar of llguidance's dialect of Lark. Asked while it is served,
        before the first request that has one. Raises `UsageError` where they could, once the user has mended
        something."""
        return False

    @abstractmethod
    async def complete(self, request: Request) -> Completion:
        """One completion.

        Raises `ModelFault` when the model gave nothing that can be used, `MachineFault` when something between relay
        and the model broke.
        """


def too_small(told: str) -> MachineFault:
    """The fault of a model whose context is smaller than the one that the condition gives it, or whose tokens are more
    than were counted. The researcher pays nothing for it; asking again is no use."""
    mend = "give the model a longer context and resume, or begin another trial with a smaller --context"
    return MachineFault(
        f"the prompt is longer than the model takes ({told[:300]}); {mend}", kind="context", lasting=True
    )


def tokens(told: object) -> int | None:
    """A number of tokens that a server tells; None where it tells none, or what is no such number: then relay's own
    count stands, and the answer is not lost."""
    return told if isinstance(told, int) and not isinstance(told, bool) and told >= 0 else None


def one_line(error: BaseException) -> str:
    """An error of somebody else's code in one line."""
    text = str(error).strip()
    return (text.splitlines()[0] if text else type(error).__name__)[:300]


def read_model(
    source: str | Mapping[str, Any] | ComponentSpec, options: Mapping[str, Any] | None = None
) -> ComponentSpec:
    """The spelling of a model, every parameter written out, from `provider/name` or from such a spelling; `options`
    are further parameters of its provider. `UsageError` names what is wrong."""
    if isinstance(source, str):
        provider, slash, name = source.partition("/")
        if not slash or not name:
            providers = ", ".join(f"{there}/..." for there in available(GROUP))
            raise UsageError(f"`{source}` is no model: a model is provider/name, of {providers}")
        source = ComponentSpec(name=provider, parameters={"name": name})
    elif isinstance(source, Mapping):
        source = read_spec(source)
    elif not isinstance(source, ComponentSpec):
        raise UsageError(f"{source!r} is no model: a model is provider/name")
    if options and "name" in options:
        raise UsageError("the model is named by --model; leave -M name=... out")
    allowed = os.environ.get(ALLOWED)
    if allowed is not None and source.name not in allowed.split(","):
        raise UsageError(f"{source.name}/... is not to be asked here: {ALLOWED} allows {allowed or 'none'}; unset it")
    spec = ComponentSpec(name=source.name, parameters={**source.parameters, **(options or {})})
    model = build(GROUP, spec)
    return ComponentSpec(name=spec.name, parameters=model.model_dump(mode="json"))
