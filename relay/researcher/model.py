"""The interface of a language model: messages in, text out. Researchers are asked through it, and so is whatever else a
condition names by the spec of a model, such as the judge of a truth scheme.

A model is a frozen component whose fields are its configuration. It is written `provider/name`: `vllm/org/name`,
`openai/name`, `mock/explorer`. The provider is found by entry point (`relay.models`); the rest is its `name`.
"""

from __future__ import annotations

import os
import re
from abc import abstractmethod
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, ClassVar

from pydantic import Field

from relay.components import available, build
from relay.errors import MachineFault, UsageError
from relay.records.record import Record
from relay.records.spec import ComponentSpec, read_spec
from relay.researcher.observation import Answer, Message
from relay.researcher.tokens import count_messages

__all__ = ["Completion", "Model", "Request", "one_line", "read_model", "title", "tokens", "too_small"]

GROUP = "relay.models"
ALLOWED = "RELAY_MODELS"
"""Environment variable with the allowed providers, separated by commas; unset: all. Tests allow `mock` alone."""


class Request(Record):
    """A request for one completion."""

    messages: tuple[Message, ...]
    max_tokens: int
    """Largest number of tokens of the answer, reasoning included."""
    seed: int
    """From 0 to 2^63 - 1. If the provider supports it, the same request with the same seed gives the same answer."""
    temperature: float = Field(default=1.0, ge=0, allow_inf_nan=False)
    stop: tuple[str, ...] = ()
    """Texts at which the answer ends. They are not part of it."""
    response_schema: dict[str, Any] | None = None
    """A JSON schema for the answer."""
    grammar: str | None = None
    """A context-free grammar for the answer, in llguidance's dialect of Lark. It replaces the schema."""
    adapter: str | None = None
    """The weight adapter to use, by its path or name."""


class Completion(Answer):
    """A model's answer to a request."""


class Model(Record):
    """Base class of providers."""

    undeclared_transport: ClassVar[frozenset[str]] = frozenset()
    """For a provider that takes parameters without declaring them: the names of those that are transport, so that no
    answer depends on them. Declared fields are marked as `relay.records.marks.TRANSPORT` instead."""

    @asynccontextmanager
    async def served(self) -> AsyncIterator[None]:
        """Hold the model ready; completions may be requested only meanwhile. Raises `UsageError` for problems that the
        user can fix: a missing extra, an unknown model, an unreachable endpoint, a wrong key."""
        yield

    def count_tokens(self, messages: tuple[Message, ...]) -> int:
        """Number of tokens of a prompt, by the model's own tokenizer and chat template. The default counts by
        `relay.researcher.tokens`."""
        return count_messages(messages)

    def context(self) -> int | None:
        """Largest number of tokens of a prompt and its answer together; None if unknown. Called while the model is
        served."""
        return None

    async def takes_grammars(self) -> bool:
        """Whether answers can be decoded with a grammar in llguidance's dialect of Lark. Called while the model is
        served, before the first request with a grammar. Raises `UsageError` if the user can enable them."""
        return False

    async def embed(self, texts: tuple[str, ...]) -> Sequence[Sequence[float]]:
        """The embeddings of texts: for each its components, all of one model equally many. Raises `UsageError` if the
        provider has none, and the errors of `complete`."""
        raise UsageError(
            f"{type(self).__name__} gives no embeddings; name a model of openai/... or sentence_transformers/..."
        )

    @abstractmethod
    async def complete(self, request: Request) -> Completion:
        """One completion.

        Raises `ModelFault` if the model gave nothing usable, and `MachineFault` if something between relay and the
        model failed.
        """


def too_small(told: str) -> MachineFault:
    """The fault of a model whose context is smaller than the condition says, or that counts more tokens than relay did.
    The researcher is not charged, and the request is not repeated, since it would fail again."""
    mend = "give the model a longer context and resume, or start another trial with a smaller --context"
    return MachineFault(
        f"the prompt is longer than the model's context ({told[:300]}); {mend}", kind="context", lasting=True
    )


def tokens(told: object) -> int | None:
    """The number of tokens that a server reports; None if it reports none or nonsense. Relay's own count is then used,
    so that the answer is not lost."""
    # True is an int in Python, and no number of tokens
    return told if isinstance(told, int) and not isinstance(told, bool) and told >= 0 else None


def one_line(error: BaseException) -> str:
    """An exception of a foreign library in one line."""
    text = str(error).strip()
    return (text.splitlines()[0] if text else type(error).__name__)[:300]


def read_model(
    source: str | Mapping[str, Any] | ComponentSpec, options: Mapping[str, Any] | None = None
) -> ComponentSpec:
    """The resolved spec of a model, with all parameters written out.

    `source` is `provider/name`, `provider/name(key=value)` or a spec; `options` are further parameters of the provider.
    Raises `UsageError`.
    """
    if isinstance(source, str):
        source = read_spec(source) if source.endswith(")") else ComponentSpec(name=source)
    elif isinstance(source, Mapping):
        source = read_spec(source)
    elif not isinstance(source, ComponentSpec):
        raise UsageError(f"{source!r} is not a model; give provider/name")
    if "name" not in source.parameters:
        source = _parted(source)
    if options and "name" in options:
        raise UsageError("the model is named by --model; leave -M name=... out")
    # checked here, where every model's spec passes, so that tests can't reach a real model by accident
    allowed = os.environ.get(ALLOWED)
    if allowed is not None and source.name not in allowed.split(","):
        raise UsageError(f"{source.name}/... is blocked here: {ALLOWED} allows {allowed or 'none'}; unset it")
    spec = ComponentSpec(name=source.name, parameters={**source.parameters, **(options or {})})
    # built once to check the parameters and to fill in the defaults
    model = build(GROUP, spec)
    return ComponentSpec(name=spec.name, parameters=model.model_dump(mode="json"))


def title(spec: ComponentSpec) -> str:
    """A model as people and price tables call it: `provider/name`."""
    return f"{spec.name}/{spec.parameters.get('name', '')}"


def _parted(source: ComponentSpec) -> ComponentSpec:
    """The spec of a model from one that is called `provider/name`."""
    # a provider in a file has slashes of its own: path/to/file.py:Provider/name
    own = re.fullmatch(r"(.+?\.py:\w+)/(.+)", source.name)
    provider, _, name = (own[1], "/", own[2]) if own else source.name.partition("/")
    if not name:
        providers = ", ".join(f"{there}/..." for there in available(GROUP))
        raise UsageError(f"`{source.name}` is not a model; give provider/name, with one of {providers}")
    return ComponentSpec(name=provider, parameters={"name": name, **source.parameters})
