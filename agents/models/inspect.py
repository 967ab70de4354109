"""`inspect/provider/name`: any provider of `inspect_ai`, through its model API.

Retries of `inspect_ai` are switched off: the engine retries, and logs it. A provider without support for schemas
ignores the schema of a request; the engine also reads answers whose form is not quite right.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from functools import cached_property
from typing import Annotated, Any

from pydantic import Field, PrivateAttr, field_validator
from rich.errors import MarkupError
from rich.text import Text

from agents.models.counting import count_prompt
from agents.models.templates import read_template
from relay.errors import MachineFault, ModelFault, UsageError
from relay.records.marks import TRANSPORT, CopiedFile
from relay.researcher.model import Completion, Model, Request, tokens, too_small
from relay.researcher.observation import Message

__all__ = ["Inspect"]

ENOUGH = 2**31
"""Seeds are reduced below this number, since some providers take no larger ones."""


class Inspect(Model):
    """A model of any provider that `inspect_ai` supports."""

    name: str
    """`provider/name`, as in `inspect_ai`."""
    base_url: Annotated[str, TRANSPORT] = ""
    """Address of the provider's server; empty: as `inspect_ai` finds it."""
    concurrency: Annotated[int, TRANSPORT] = Field(default=16, ge=1)
    """Concurrent requests."""
    timeout: Annotated[int, TRANSPORT] = Field(default=600, ge=1)
    """Seconds for one answer."""
    config: dict[str, Any] = {}
    """Further fields of `GenerateConfig`, such as `reasoning_effort`."""
    args: dict[str, Any] = {}
    """Further arguments for the provider. Its address is `base_url`; keys are variables of the environment."""
    tokenizer: str = ""
    """The tokenizer that counts prompts, by its name on the Hugging Face hub or its directory."""
    chat_template: Annotated[str, CopiedFile("chat template")] = ""
    """Path of the chat template for counting, if it is not the tokenizer's own."""

    _model: Any = PrivateAttr(default=None)

    @field_validator("name")
    @classmethod
    def _has_two_parts(cls, name: str) -> str:
        if not all(name.partition("/")):
            raise ValueError("give a model of inspect_ai as inspect/provider/name")
        return name

    @field_validator("args")
    @classmethod
    def _no_transport(cls, args: dict[str, Any]) -> dict[str, Any]:
        # a condition holds what decides answers; it is shared, and outlives a key
        if "base_url" in args:
            raise ValueError("an address is no part of a condition; give -M base_url=... instead")
        if "api_key" in args:
            raise ValueError("a key would be written into the trial; set the provider's variable instead")
        return args

    @cached_property
    def _template(self) -> str:
        return read_template(self.chat_template)

    @asynccontextmanager
    async def served(self) -> AsyncIterator[None]:
        """Hold the provider's client open. Raises `UsageError` if it can't be made, for example without a key."""
        model = self._made()
        async with model:
            self._model = model
            try:
                yield
            finally:
                self._model = None

    def count_tokens(self, messages: tuple[Message, ...]) -> int:
        """Number of tokens by the tokenizer that the user named."""
        return count_prompt(self.tokenizer, self._template, messages)

    async def complete(self, request: Request) -> Completion:
        """One generation. Raises `ModelFault`, `MachineFault` or `UsageError`."""
        if self._model is None:
            raise UsageError(f"inspect/{self.name} is not served; request completions inside `served()`")
        asked = self._model.generate(_messages(request), config=self._config(request))
        try:
            # in a task of its own: `inspect_ai` keeps a record of each call in its context, which ends with the task
            output = await asyncio.create_task(asked)
        except Exception as error:
            raise self._fault(error) from error
        return _read(output)

    def _made(self) -> Any:
        try:
            import inspect_ai.model as api  # noqa: PLC0415 - an extra
        except ImportError:
            raise UsageError("inspect/... needs the extra `inspect`: pip install 'relay-instrument[inspect]'") from None
        try:
            # not memoised: each trial closes its own client
            fixed = api.GenerateConfig(max_connections=self.concurrency, **self.config)
            return api.get_model(self.name, config=fixed, base_url=self.base_url or None, memoize=False, **self.args)
        except Exception as error:
            words = _words(error).rstrip(".")
            raise UsageError(f"inspect_ai can't make {self.name}: {words}; fix that, or name another model") from error

    def _config(self, request: Request) -> Any:
        import inspect_ai.model as api  # noqa: PLC0415 - an extra
        from inspect_ai.util import JSONSchema  # noqa: PLC0415

        schema = None
        if request.response_schema is not None:
            shape = JSONSchema.model_validate(_without_constants(request.response_schema))
            schema = api.ResponseSchema(name="answer", json_schema=shape, strict=True)
        return api.GenerateConfig(
            max_tokens=request.max_tokens,
            seed=request.seed % ENOUGH,
            temperature=request.temperature,
            stop_seqs=list(request.stop) or None,
            response_schema=schema,
            max_retries=0,
            attempt_timeout=self.timeout,
        )

    def _fault(self, error: Exception) -> Exception:
        """The relay error for an exception of `inspect_ai`. An unknown exception counts as a fault of the machine."""
        errors = [*_behind(error)]
        status = next((code for code in map(_status, errors) if code is not None), None)
        # by name: the classes belong to many client libraries, most of which are not installed
        names = {cls.__name__ for each in errors for cls in type(each).__mro__}
        told = _words(errors[-1])
        advice = self._model.api.should_retry(errors[-1])
        after = getattr(advice, "retry_after", None) or 0.0
        if status == 429 or any("RateLimit" in name for name in names):
            return MachineFault(told, kind="rate_limit", retry_after=after)
        if status in (401, 403):
            return UsageError(f"the provider rejects the key for {self.name} (status {status}): {told}")
        if status == 404:
            return UsageError(f"the provider has no model {self.name} (status {status}): {told}")
        # 408 and 409 are about the moment, not about the request
        if status is not None and 400 <= status < 500 and status not in (408, 409):
            return UsageError(f"the provider refuses a request to {self.name} (status {status}): {told}")
        if status is not None:
            return MachineFault(f"status {status}: {told}", kind="server", retry_after=after)
        if any("Timeout" in name for name in names):
            return MachineFault(told or f"no answer in {self.timeout} seconds", kind="timeout")
        if names & {"ConnectionError", "TransportError", "APIConnectionError"}:
            return MachineFault(f"the connection was lost: {told}", kind="connection")
        if "PrerequisiteError" in names:
            return UsageError(f"inspect_ai can't send requests to {self.name}: {told}")
        return MachineFault(told)


def _messages(request: Request) -> list[Any]:
    import inspect_ai.model as api  # noqa: PLC0415 - an extra

    kinds = {"system": api.ChatMessageSystem, "user": api.ChatMessageUser, "assistant": api.ChatMessageAssistant}
    return [kinds[message.role](content=message.content) for message in request.messages]


def _read(output: Any) -> Completion:
    """A completion from the output of `inspect_ai`. Raises `ModelFault` or `MachineFault`."""
    if output.error:
        raise ModelFault(f"the model refused: {str(output.error)[:300]}")
    if not output.choices:
        raise MachineFault("the provider's answer is empty", kind="unreadable")
    if output.stop_reason == "content_filter":
        raise ModelFault("the answer was held back by a filter")
    if output.stop_reason == "model_length":
        raise too_small(" ".join(output.completion.split()) or "it gave no details")
    content, usage = output.message.content, output.usage
    parts = content if isinstance(content, list) else []
    reasoning = [part.summary or "" if part.redacted else part.reasoning for part in parts if part.type == "reasoning"]
    cached = tokens(getattr(usage, "input_tokens_cache_read", None)) or 0
    written = tokens(getattr(usage, "input_tokens_cache_write", None)) or 0
    # `inspect_ai` counts cached tokens apart; relay's count of the prompt includes them
    read = tokens(getattr(usage, "input_tokens", None))
    return Completion(
        text=content if isinstance(content, str) else "".join(part.text for part in parts if part.type == "text"),
        reasoning="\n".join(reasoning),
        tokens_in=None if read is None else read + cached + written,
        tokens_out=tokens(getattr(usage, "output_tokens", None)),
        tokens_cached=cached,
        finish_reason="length" if output.stop_reason == "max_tokens" else "stop",
    )


def _without_constants(schema: Any) -> Any:
    """A JSON schema that `inspect_ai` can represent: a constant becomes an enumeration with one value."""
    if isinstance(schema, list):
        return [_without_constants(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {key: _without_constants(value) for key, value in schema.items() if key != "const"}
    return {**kept, "type": "string", "enum": [schema["const"]]} if isinstance(schema.get("const"), str) else kept


def _behind(error: BaseException) -> Iterator[BaseException]:
    """An error and its causes, outermost first. For a retry error of `tenacity`, the cause is in its last attempt."""
    seen: set[int] = set()
    while id(error) not in seen:
        seen.add(id(error))
        yield error
        attempt = getattr(error, "last_attempt", None)
        inner = attempt.exception() if attempt is not None else error.__cause__
        error = inner if inner is not None else error


def _status(error: BaseException) -> int | None:
    status = getattr(error, "status_code", None)
    return status if isinstance(status, int) else None


def _words(error: BaseException) -> str:
    """An error's message in one line, without markup."""
    said = getattr(error, "message", None) or str(error) or type(error).__name__
    try:
        plain = Text.from_markup(str(said)).plain
    except MarkupError:
        plain = str(said)
    return " ".join(plain.replace("ERROR:", "").split())[:300]
