"""`openai/name`: the official client, for any endpoint that speaks its protocol.

`base_url` or `OPENAI_BASE_URL` selects another server than the hosted one: vLLM, llama.cpp, Ollama. The client's own
retries are off: faults of the machine are classified and raised to the engine, which logs them and retries. If a server
refuses schemas, requests are sent without one; the engine also reads answers whose form is not quite right. Grammars
have no such fallback: with `--grammar` every answer must obey one, so the server is tested first.
"""

from __future__ import annotations

import asyncio
import os
import re
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, PrivateAttr

from agents.models.counting import count_prompt
from agents.models.grammars import SERVERS, Server, refused, try_grammar
from agents.models.templates import joined, read_template
from relay.errors import MachineFault, ModelFault, UsageError
from relay.records.marks import TRANSPORT, CopiedFile
from relay.researcher.model import Completion, Model, Request, tokens, too_small
from relay.researcher.observation import Message

__all__ = ["OpenAI"]

ENOUGH = 2**31
"""Seeds are reduced below this number, since some servers take no larger ones."""
REFUSALS = (400, 404, 415, 422, 500, 501)
"""Status codes of servers for requests that they don't understand or support."""

# What a server refuses can only be read from its message: status codes do not distinguish a schema from a long prompt.
_SCHEMA = re.compile(r"response[_ ]?format|json[_ ]?schema|structured[_ ]?output|guided|grammar", re.IGNORECASE)
_WINDOW = re.compile(
    r"context[_ ](?:length|window|size)|maximum context|max_model_len|too many tokens|prompt is too long", re.IGNORECASE
)


class OpenAI(Model):
    """A model behind an endpoint."""

    name: str
    """The model's name at the endpoint."""
    base_url: Annotated[str, TRANSPORT] = ""
    """Address of the server, as http://host:port/v1; empty: the variable `OPENAI_BASE_URL`, or the hosted one."""
    concurrency: Annotated[int, TRANSPORT] = Field(default=16, ge=1)
    """Concurrent requests."""
    timeout: Annotated[float, TRANSPORT] = Field(default=600.0, gt=0, allow_inf_nan=False)
    """Seconds for one answer."""
    schema_mode: Literal["auto", "on", "off"] = "auto"
    """Whether requests contain the schema of an answer; `auto`: until the server refuses it."""
    grammars: Literal["none", "vllm"] = "none"
    """The kind of server, if it takes grammars: `vllm` is vLLM's own."""
    tokenizer: str = ""
    """The tokenizer that counts prompts, by its name on the Hugging Face hub or its directory."""
    chat_template: Annotated[str, CopiedFile("chat template")] = ""
    """Path of the chat template for counting, if it is not the tokenizer's own."""
    body: dict[str, Any] = {}
    """Further fields of the body of each request, for example `-M body.top_p=0.9`."""

    _client: Any = PrivateAttr(default=None)
    _room: Any = PrivateAttr(default=None)
    _plain: bool = PrivateAttr(default=False)
    """Whether the server has refused a schema. Then requests have none until the model is served anew."""
    _window: int | None = PrivateAttr(default=None)
    """The model's context in tokens, as reported by the server; None if unknown."""

    @property
    def _url(self) -> str | None:
        return self.base_url or os.environ.get("OPENAI_BASE_URL")

    @cached_property
    def _template(self) -> str:
        return read_template(self.chat_template)

    @asynccontextmanager
    async def served(self) -> AsyncIterator[None]:
        """Hold a client open. Raises `UsageError` if the endpoint is unreachable or does not know the key or model."""
        openai = _imported()
        url = self._url
        # own servers usually need no key, but the client does
        key = os.environ.get("OPENAI_API_KEY") or ("none" if url else "")
        if not key:
            raise UsageError(
                f"openai/{self.name} needs a key or a server: set OPENAI_API_KEY, or OPENAI_BASE_URL to one of your own"
            )
        # the client would fail later, while it encodes the header of the first request
        if not key.isascii() or not key.isprintable():
            raise UsageError(
                "OPENAI_API_KEY has a character that no key has (not ASCII, or a line break); set it to the key alone"
            )
        if url and not _is_url(url):
            raise UsageError(
                f"{'-M base_url' if self.base_url else 'OPENAI_BASE_URL'} is `{url}`, which is not the address of a "
                "server; give it as http://host:port/v1"
            )
        async with openai.AsyncOpenAI(api_key=key, base_url=url, max_retries=0, timeout=self.timeout) as client:
            await self._look(openai, client)
            self._client, self._room, self._plain = client, asyncio.Semaphore(self.concurrency), False
            try:
                yield
            finally:
                self._client = self._room = None

    def count_tokens(self, messages: tuple[Message, ...]) -> int:
        """Number of tokens by the tokenizer that the user named."""
        return count_prompt(self.tokenizer, self._template, messages)

    def context(self) -> int | None:
        """The context from the server's list of models, where vLLM reports it; None if it is not there."""
        return self._window

    async def takes_grammars(self) -> bool:
        """Test the server with the smallest grammar. Raises `UsageError` if it does not take grammars."""
        await try_grammar(f"openai/{self.name}", self._server(), self.complete)
        return True

    async def complete(self, request: Request) -> Completion:
        """One chat completion. Raises `ModelFault`, `MachineFault` or `UsageError`."""
        if self._client is None:
            raise UsageError(f"openai/{self.name} is not served; request completions inside `served()`")
        async with self._room:
            reply = await self._asked(self._arguments(request), request.grammar is not None)
        return _read(reply)

    async def embed(self, texts: tuple[str, ...]) -> Sequence[Sequence[float]]:
        """The embeddings of texts, in one request. Raises the errors of `complete`."""
        if self._client is None:
            raise UsageError(f"openai/{self.name} is not served; embed inside `served()`")
        openai = _imported()
        async with self._room:
            try:
                reply = await self._client.embeddings.create(
                    model=self.name, input=list(texts), encoding_format="float", extra_body=self.body or None
                )
            except (openai.OpenAIError, ValueError) as error:
                raise self._fault(error) from error
        try:
            placed = sorted(reply.data, key=lambda one: one.index)
            return [one.embedding for one in placed]
        except (TypeError, AttributeError) as error:
            raise ModelFault("the server's reply has no embeddings") from error

    async def _asked(self, arguments: dict[str, Any], held: bool) -> Any:
        """The client's reply. If the server refuses the schema, the request is sent again without it. `held` is True if
        the arguments contain a grammar, which is never dropped."""
        openai = _imported()
        try:
            return await self._client.chat.completions.create(**arguments)
        except (openai.OpenAIError, ValueError) as error:
            if not (isinstance(error, openai.APIStatusError) and self._refuses_schema(error, arguments)):
                raise self._fault(error, held) from error
            self._plain = True
        return await self._asked({name: value for name, value in arguments.items() if name != "response_format"}, held)

    def _fault(self, error: Exception, held: bool = False) -> Exception:
        """The relay error for one of the client's. `held`: whether the request contained a grammar."""
        openai = _imported()
        match error:
            case openai.APITimeoutError():
                return MachineFault(f"no answer in {self.timeout:g} seconds", kind="timeout")
            case openai.APIConnectionError():
                return MachineFault(f"the connection was lost: {_cause(error)}", kind="connection")
            case openai.APIStatusError():
                return self._status(error, held)
        return MachineFault(f"the server's answer can't be read: {error}"[:300], kind="unreadable")

    def _refuses_schema(self, error: Any, arguments: dict[str, Any]) -> bool:
        asked = self.schema_mode == "auto" and "response_format" in arguments
        return asked and error.status_code in REFUSALS and _SCHEMA.search(_told(error)) is not None

    def _arguments(self, request: Request) -> dict[str, Any]:
        own = bool(self._url)  # other servers may know only the older name `max_tokens`
        arguments: dict[str, Any] = {
            "model": request.adapter or self.name,
            "messages": [{"role": message.role, "content": message.content} for message in joined(request.messages)],
            "max_tokens" if own else "max_completion_tokens": request.max_tokens,
            "seed": request.seed % ENOUGH,
            "temperature": request.temperature,
            "extra_body": self.body or None,
        }
        if request.stop:
            arguments["stop"] = list(request.stop)
        if request.grammar is not None:
            arguments["extra_body"] = self._server().placed(self.body, request.grammar)
        elif request.response_schema is not None and self.schema_mode != "off" and not self._plain:
            schema = {"name": "answer", "schema": request.response_schema, "strict": True}
            arguments["response_format"] = {"type": "json_schema", "json_schema": schema}
        return arguments

    def _server(self) -> Server:
        if self.grammars == "none":
            raise UsageError(
                f"openai/{self.name} is not known to take grammars; leave --grammar out, or give -M grammars=vllm if "
                "its server is vLLM's"
            )
        return SERVERS[self.grammars]

    async def _look(self, openai: Any, client: Any) -> None:
        """Check that the endpoint is reachable, takes the key and knows the model. Costs no tokens."""
        where = str(client.base_url)
        try:
            there = {model.id: model async for model in await client.models.list()}
        except openai.AuthenticationError as error:
            raise UsageError(f"{where} rejects the key; set OPENAI_API_KEY to a valid one") from error
        except openai.APIConnectionError as error:
            raise UsageError(f"no server answers at {where}; start one there, or set OPENAI_BASE_URL") from error
        except (openai.OpenAIError, ValueError, TypeError, AttributeError):
            return  # not every server lists its models; the first request will show
        if there and self.name not in there:
            some = ", ".join(sorted(there)[:8])
            raise UsageError(f"{where} has no model `{self.name}`; it has: {some}")
        window = getattr(there.get(self.name), "max_model_len", None)
        self._window = window if isinstance(window, int) and window > 0 else None

    def _status(self, error: Any, held: bool) -> Exception:
        """The relay error for a response with an error status."""
        status, message = error.status_code, str(error.message)[:300]
        # the order matters: a refused schema or a long prompt can have the same status as any bad request
        if status == 429:
            return MachineFault(message, kind="rate_limit", retry_after=_seconds(error))
        if status in (400, 413, 422) and _WINDOW.search(_told(error)):
            return too_small(message)
        if held and status in REFUSALS and _SCHEMA.search(_told(error)):
            return refused(f"openai/{self.name}", self._server(), status, message)
        mend = ""
        if self.schema_mode == "on" and not held and status in REFUSALS and _SCHEMA.search(_told(error)):
            mend = "; if the server does not support schemas, give -M schema_mode=auto"
        if status >= 500 or status in (408, 409):
            return MachineFault(f"status {status}: {message}{mend}", kind="server", retry_after=_seconds(error))
        return UsageError(f"the endpoint refuses a request to openai/{self.name} (status {status}): {message}{mend}")


def _imported() -> Any:
    try:
        import openai  # noqa: PLC0415 - an extra
    except ImportError:
        raise UsageError("openai/... needs the extra `openai`: pip install 'relay-instrument[openai]'") from None
    return openai


def _is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and port != 0 and not re.search(r"\s", text)


def _read(reply: Any) -> Completion:
    """A completion from the client's reply, whose fields are unchecked and may be anything.

    The answer has been paid for, so a bad field makes it unreadable only if relay can't do without that field.
    """
    try:
        choice = reply.choices[0]
        message = choice.message
        text, refusal = message.content or "", getattr(message, "refusal", None)
        # servers differ in the name of this field, which is not part of OpenAI's protocol
        reasoning = getattr(message, "reasoning", None) or getattr(message, "reasoning_content", None) or ""
        usage = getattr(reply, "usage", None)
        details = getattr(usage, "prompt_tokens_details", None)
        found = Completion(
            text=text,
            reasoning=reasoning,
            tokens_in=tokens(getattr(usage, "prompt_tokens", None)),
            tokens_out=tokens(getattr(usage, "completion_tokens", None)),
            tokens_cached=tokens(getattr(details, "cached_tokens", None)) or 0,
            finish_reason=choice.finish_reason or "stop",
        )
    except (AttributeError, TypeError, IndexError, KeyError, ValueError) as error:
        raise MachineFault(f"the server's answer has an unexpected form: {error}"[:300], kind="unreadable") from error
    if refusal:
        raise ModelFault(f"the model refused: {str(refusal)[:300]}")
    if found.finish_reason == "content_filter":
        raise ModelFault("the answer was held back by a filter")
    return found


def _seconds(error: Any) -> float:
    """Seconds to wait according to `Retry-After`, which holds seconds or a date (RFC 9110, 10.2.3); 0 without it."""
    told = error.response.headers.get("retry-after", "")
    try:
        return max(float(told), 0.0)
    except ValueError:
        pass
    try:
        return max(parsedate_to_datetime(told).timestamp() - time.time(), 0.0)
    except (ValueError, TypeError, OverflowError):
        return 0.0


def _told(error: Any) -> str:
    """The whole text in which a server may explain its refusal."""
    return f"{error.message} {error.body}"


def _cause(error: BaseException) -> str:
    return str(error.__cause__ or error)[:200]
